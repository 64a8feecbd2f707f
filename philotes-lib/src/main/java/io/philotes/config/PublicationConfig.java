// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.util.Optional;

/**
 * The publication. Immutable.
 *
 * @param name its name, default {@code philotes_<pipeline>}; required when {@code manage} is false
 * @param manage whether Philotes creates and alters it, default true; false when a person does
 */
public record PublicationConfig(Optional<String> name, Boolean manage) {

    public PublicationConfig {
        name = name == null ? Optional.empty() : name;
        manage = manage == null || manage;
        if (!manage && name.isEmpty()) {
            throw new IllegalArgumentException("manage: false needs the publication's name");
        }
    }
}
