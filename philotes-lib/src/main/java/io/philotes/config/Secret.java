// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.util.Objects;

/**
 * A text that must not be shown: its {@link #toString} is {@value #MASK}. Immutable.
 *
 * @param value the text itself, never null
 */
public record Secret(String value) {

    static final String MASK = "***";

    public Secret {
        Objects.requireNonNull(value, "value");
    }

    public static Secret of(String value) {
        return new Secret(value);
    }

    @Override
    public String toString() {
        return MASK;
    }
}
