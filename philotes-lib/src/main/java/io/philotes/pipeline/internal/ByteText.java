// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import java.time.Duration;
import java.util.Locale;

/** Sizes and times as people read them in a log line. Stateless. */
public final class ByteText {

    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private ByteText() {}

    /** Such as {@code 2.5 GiB}. */
    public static String of(long bytes) {
        double rest = bytes;
        int unit = 0;
        while (rest >= 1024 && unit < UNITS.length - 1) {
            rest /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", rest, UNITS[unit]);
    }

    /** Such as {@code 3 h 10 min}. */
    public static String of(Duration time) {
        long minutes = time.toMinutes();
        if (minutes < 1) {
            return time.toSeconds() + " s";
        }
        if (minutes < 60) {
            return minutes + " min";
        }
        long hours = minutes / 60;
        return hours < 48 ? hours + " h " + minutes % 60 + " min" : hours / 24 + " d " + hours % 24 + " h";
    }
}
