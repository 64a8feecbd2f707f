// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.time.Duration;

/** Checks numbers and durations that must be more than nothing. */
final class Positive {

    private Positive() {}

    static Duration orDefault(String key, Duration value, Duration defaultValue) {
        if (value == null) {
            return defaultValue;
        }
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(key + " must be more than zero");
        }
        return value;
    }

    static int orDefault(String key, Integer value, int defaultValue) {
        if (value == null) {
            return defaultValue;
        }
        if (value <= 0) {
            throw new IllegalArgumentException(key + " must be more than zero");
        }
        return value;
    }
}
