// SPDX-License-Identifier: Apache-2.0
package io.philotes.source;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What one replication slot of the server keeps, whoever it belongs to. Immutable.
 *
 * @param name the slot
 * @param active whether somebody reads it
 * @param walStatus {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}
 * @param reason why the server invalidated it; empty when it did not, or does not tell (before PostgreSQL 17)
 * @param retainedBytes WAL that is kept for it
 * @param safeBytes WAL that may be written before the server throws away what it needs; -1 for no limit
 * @param catalogXminAge transactions since the oldest row version of the catalogs that is kept for it
 * @param inactiveSince since when nobody reads it; empty while somebody does, and before PostgreSQL 17
 * @param spillBytes bytes of transactions that decoding put on the server's disk, since its statistics began
 */
public record SlotWal(
        String name,
        boolean active,
        String walStatus,
        String reason,
        long retainedBytes,
        long safeBytes,
        long catalogXminAge,
        Optional<Instant> inactiveSince,
        long spillBytes) {

    public SlotWal {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(walStatus, "walStatus");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(inactiveSince, "inactiveSince");
    }
}
