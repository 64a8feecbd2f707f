// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.util.Objects;
import java.util.function.Supplier;

/**
 * A text that must not be shown: its {@link #toString} is {@value #MASK}. Thread-safe; equal when the present texts are.
 */
public final class Secret {

    static final String MASK = "***";

    private final Supplier<String> source;

    private Secret(Supplier<String> source) {
        this.source = Objects.requireNonNull(source, "source");
    }

    /** Keeps a value from being printed. */
    public static Secret of(String value) {
        Objects.requireNonNull(value, "value");
        return new Secret(() -> value);
    }

    /** One that may be another one later: it is asked for anew each time, from any thread. */
    public static Secret from(Supplier<String> source) {
        return new Secret(source);
    }

    /** The text itself, as it is now; never null. */
    public String value() {
        return Objects.requireNonNull(source.get(), "value");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.value().equals(value());
    }

    @Override
    public int hashCode() {
        return value().hashCode();
    }

    @Override
    public String toString() {
        return MASK;
    }
}
