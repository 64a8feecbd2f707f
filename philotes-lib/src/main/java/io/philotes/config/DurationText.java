// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.PipelineOptions;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h}, {@code 1d}, or ISO 8601. Stateless. */
public final class DurationText {

    private static final Pattern SHORT = Pattern.compile("([0-9]{1,12})\\s?(ms|s|m|h|d)");

    private DurationText() {}

    /**
     * Reads a duration that is not negative, of at most {@link PipelineOptions#MAX_DURATION}, a hundred years.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static Duration parse(String text) {
        Matcher matcher = SHORT.matcher(text);
        if (matcher.matches()) {
            return bounded(of(Long.parseLong(matcher.group(1)), matcher.group(2)));
        }
        try {
            Duration iso = Duration.parse(text);
            if (text.startsWith("P") && !iso.isNegative()) {
                return bounded(iso);
            }
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(expected(), e);
        }
        throw new IllegalArgumentException(expected());
    }

    private static Duration bounded(Duration duration) {
        if (duration.compareTo(PipelineOptions.MAX_DURATION) > 0) {
            throw new IllegalArgumentException("must be at most " + PipelineOptions.MAX_DURATION.toDays() + "d");
        }
        return duration;
    }

    private static Duration of(long amount, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static String expected() {
        return "must be a duration such as 500ms, 30s, 5m, 1h or 1d";
    }
}
