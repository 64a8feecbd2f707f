// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.util.Optional;

/**
 * The replication slot. Immutable.
 *
 * @param name its name, default {@code philotes_<pipeline>}
 * @param failover whether standbys keep a copy of it, so that a promoted one can be gone on from; PostgreSQL 17; default no
 */
public record SlotConfig(Optional<String> name, Boolean failover) {

    public SlotConfig {
        name = name == null ? Optional.empty() : name;
        failover = failover != null && failover;
        if (name.isPresent() && !name.get().matches("[a-z0-9_]{1,63}")) {
            throw new IllegalArgumentException(
                    "name must be 1 to 63 of a-z, 0-9 and _, as PostgreSQL demands of a slot");
        }
    }
}
