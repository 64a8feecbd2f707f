// SPDX-License-Identifier: Apache-2.0
package io.philotes.source;

import io.philotes.model.Lsn;

/**
 * A replication slot as {@code pg_replication_slots} shows it. Immutable.
 *
 * @param name the slot
 * @param active whether somebody reads it
 * @param activePid the reader's backend, 0 when none
 * @param confirmed {@code confirmed_flush_lsn}: everything that ends at or before it is not sent again
 * @param restart {@code restart_lsn}: WAL is kept from here on; {@link Lsn#ZERO} when lost
 * @param walStatus {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}
 * @param retainedBytes WAL that the slot keeps on the server's disk
 */
public record SlotState(
        String name, boolean active, int activePid, Lsn confirmed, Lsn restart, String walStatus, long retainedBytes) {

    /** Whether the server has thrown away WAL that this slot needed. */
    public boolean lost() {
        return walStatus.equals("lost");
    }
}
