// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.util.Optional;

/**
 * The replication slot. Immutable.
 *
 * @param name its name, default {@code philotes_<pipeline>}
 */
public record SlotConfig(Optional<String> name) {

    public SlotConfig {
        name = name == null ? Optional.empty() : name;
        if (name.isPresent() && !name.get().matches("[a-z0-9_]{1,63}")) {
            throw new IllegalArgumentException(
                    "name must be 1 to 63 of a-z, 0-9 and _, as PostgreSQL demands of a slot");
        }
    }
}
