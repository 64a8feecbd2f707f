// SPDX-License-Identifier: Apache-2.0
package io.philotes.source;

import io.philotes.model.Lsn;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What replication costs the server's disk at one moment. Immutable.
 *
 * @param walEnd the WAL's end
 * @param slot the pipeline's own slot; empty when there is none
 * @param keepLimitBytes {@code max_slot_wal_keep_size}; -1 for no limit
 * @param others the server's other slots, which cost the same disk
 * @param holders transactions that keep the slots where they are, oldest first; those that the role may see
 */
public record WalStatus(
        Lsn walEnd, Optional<SlotWal> slot, long keepLimitBytes, List<SlotWal> others, List<SlotHolder> holders) {

    public WalStatus {
        Objects.requireNonNull(walEnd, "walEnd");
        Objects.requireNonNull(slot, "slot");
        others = List.copyOf(others);
        holders = List.copyOf(holders);
    }
}
