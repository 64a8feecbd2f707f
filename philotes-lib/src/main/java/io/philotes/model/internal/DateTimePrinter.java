// SPDX-License-Identifier: Apache-2.0
package io.philotes.model.internal;

import java.time.LocalDate;

/** Prints dates and times as PostgreSQL does under {@code datestyle = ISO}. Stateless. */
public final class DateTimePrinter {

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;
    private static final long DAYS_1970_TO_2000 = 10_957;

    private DateTimePrinter() {}

    /** {@code days} since 2000, with both ends of the range for infinity. */
    public static String date(int days) {
        if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
            return infinity(days > 0);
        }
        LocalDate date = LocalDate.ofEpochDay(days + DAYS_1970_TO_2000);
        return day(date, new StringBuilder()).append(era(date)).toString();
    }

    /**
     * {@code micros} since midnight, up to 24:00:00.
     *
     * @throws IllegalArgumentException for any other number
     */
    public static String time(long micros) {
        if (micros < 0 || micros > MICROS_PER_DAY) {
            throw new IllegalArgumentException("no time of a day");
        }
        return clock(micros, new StringBuilder()).toString();
    }

    /** {@code micros} since 2000, with both ends of the range for infinity; {@code zone} goes behind the time. */
    public static String timestamp(long micros, String zone) {
        if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
            return infinity(micros > 0);
        }
        long days = Math.floorDiv(micros, MICROS_PER_DAY);
        LocalDate date = LocalDate.ofEpochDay(days + DAYS_1970_TO_2000);
        StringBuilder text = day(date, new StringBuilder()).append(' ');
        return clock(Math.floorMod(micros, MICROS_PER_DAY), text)
                .append(zone)
                .append(era(date))
                .toString();
    }

    private static String infinity(boolean positive) {
        return positive ? "infinity" : "-infinity";
    }

    /** There is no year 0 in PostgreSQL's text: it is 0001 BC. */
    private static StringBuilder day(LocalDate date, StringBuilder text) {
        int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
        padded(year, 4, text).append('-');
        padded(date.getMonthValue(), 2, text).append('-');
        return padded(date.getDayOfMonth(), 2, text);
    }

    private static String era(LocalDate date) {
        return date.getYear() > 0 ? "" : " BC";
    }

    private static StringBuilder clock(long micros, StringBuilder text) {
        long seconds = micros / MICROS_PER_SECOND;
        padded(seconds / 3600, 2, text).append(':');
        padded(seconds / 60 % 60, 2, text).append(':');
        padded(seconds % 60, 2, text);
        long fraction = micros % MICROS_PER_SECOND;
        if (fraction != 0) {
            padded(fraction, 6, text.append('.'));
            while (text.charAt(text.length() - 1) == '0') {
                text.setLength(text.length() - 1);
            }
        }
        return text;
    }

    private static StringBuilder padded(long number, int width, StringBuilder text) {
        String digits = Long.toString(number);
        return text.append("0".repeat(Math.max(0, width - digits.length()))).append(digits);
    }
}
