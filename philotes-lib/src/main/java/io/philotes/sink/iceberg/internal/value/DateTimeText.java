// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import java.time.DateTimeException;
import java.time.LocalDate;

/**
 * Reads dates and times as PostgreSQL prints them under {@code datestyle = ISO}: {@code 2024-01-02}, {@code 44-03-15} never,
 * {@code 0044-03-15 BC}, {@code 10:11:12.345678}, {@code +05:45:10}. Mutable, for one value.
 */
final class DateTimeText {

    static final long MICROS_PER_SECOND = 1_000_000;
    static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;

    private static final int MICRO_DIGITS = 6;

    private final byte[] source;
    private final int start;
    private final String what;
    private int at;
    private int end;

    DateTimeText(byte[] source, int offset, int length, String what) {
        this.source = source;
        this.start = offset;
        this.at = offset;
        this.end = offset + length;
        this.what = what;
    }

    /** Whether it is {@code infinity} or {@code -infinity}. */
    boolean isInfinite() {
        int from = at < end && source[at] == '-' ? at + 1 : at;
        return from < end && source[from] == 'i';
    }

    /** Takes {@code  BC} off the end. */
    boolean takeEra() {
        boolean beforeChrist =
                end - start > 3 && source[end - 3] == ' ' && source[end - 2] == 'B' && source[end - 1] == 'C';
        if (beforeChrist) {
            end -= 3;
        }
        return beforeChrist;
    }

    /** Reads a date as days since 1970; a year before Christ counts backwards, and there is no year 0. */
    long days(boolean beforeChrist) {
        int year = digits(4, 7);
        expect('-');
        int month = digits(2, 2);
        expect('-');
        int day = digits(2, 2);
        try {
            return LocalDate.of(beforeChrist ? 1 - year : year, month, day).toEpochDay();
        } catch (DateTimeException e) {
            throw malformed();
        }
    }

    /** Reads a time of day as microseconds, up to 24:00:00. */
    long micros() {
        int hours = digits(2, 2);
        expect(':');
        int minutes = digits(2, 2);
        expect(':');
        int seconds = digits(2, 2);
        long micros = ((hours * 60L + minutes) * 60 + seconds) * MICROS_PER_SECOND + fraction();
        if (minutes > 59 || seconds > 59 || micros > MICROS_PER_DAY) {
            throw malformed();
        }
        return micros;
    }

    private int fraction() {
        if (!take('.')) {
            return 0;
        }
        int from = at;
        int value = digits(1, MICRO_DIGITS);
        for (int i = at - from; i < MICRO_DIGITS; i++) {
            value *= 10;
        }
        return value;
    }

    /** Reads a zone's offset from UTC in seconds. */
    int offsetSeconds() {
        boolean west = take('-');
        if (!west) {
            expect('+');
        }
        int seconds = digits(2, 2) * 3600;
        if (take(':')) {
            seconds += digits(2, 2) * 60;
        }
        if (take(':')) {
            seconds += digits(2, 2);
        }
        return west ? -seconds : seconds;
    }

    private int digits(int min, int max) {
        int value = 0;
        int count = 0;
        while (count < max && at < end && source[at] >= '0' && source[at] <= '9') {
            value = value * 10 + (source[at++] - '0');
            count++;
        }
        if (count < min) {
            throw malformed();
        }
        return value;
    }

    private boolean take(char c) {
        boolean there = at < end && source[at] == c;
        if (there) {
            at++;
        }
        return there;
    }

    void expect(char c) {
        if (!take(c)) {
            throw malformed();
        }
    }

    void expectEnd() {
        if (at != end) {
            throw malformed();
        }
    }

    private BadValueException malformed() {
        return BadValueException.malformed(what);
    }
}
