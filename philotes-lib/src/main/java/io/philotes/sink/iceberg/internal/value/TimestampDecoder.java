// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.model.BigEndian;

/**
 * timestamp and timestamptz: microseconds since 1970 (UTC). Binary is microseconds since 2000, with both ends of the range
 * for infinity. The calendar is the Gregorian one at all times, as PostgreSQL's is.
 */
final class TimestampDecoder implements ValueDecoder {

    static final TimestampDecoder WITHOUT_ZONE = new TimestampDecoder(false);
    static final TimestampDecoder WITH_ZONE = new TimestampDecoder(true);

    private static final long MICROS_1970_TO_2000 = 946_684_800_000_000L;

    private final boolean zoned;

    private TimestampDecoder(boolean zoned) {
        this.zoned = zoned;
    }

    @Override
    public void text(byte[] source, int offset, int length, Slots out, int at) {
        DateTimeText text = new DateTimeText(source, offset, length, "a timestamp in ISO style");
        if (text.isInfinite()) {
            throw infinite();
        }
        long days = text.days(text.takeEra());
        text.expect(' ');
        long micros = text.micros();
        if (zoned) {
            micros -= text.offsetSeconds() * DateTimeText.MICROS_PER_SECOND;
        }
        text.expectEnd();
        out.setNumber(at, since1970(days, micros));
    }

    /** One day is taken off the far end first, so that the last microseconds before the year 0 do not overflow. */
    private static long since1970(long days, long micros) {
        try {
            long wholeDays = days < 0 ? days + 1 : days;
            long rest = days < 0 ? micros - DateTimeText.MICROS_PER_DAY : micros;
            return Math.addExact(Math.multiplyExact(wholeDays, DateTimeText.MICROS_PER_DAY), rest);
        } catch (ArithmeticException e) {
            throw outOfRange();
        }
    }

    @Override
    public void binary(byte[] source, int offset, int length, Slots out, int at) {
        if (length != 8) {
            throw BadValueException.malformed("a timestamp");
        }
        long since2000 = BigEndian.getLong(source, offset);
        if (since2000 == Long.MAX_VALUE || since2000 == Long.MIN_VALUE) {
            throw infinite();
        }
        if (since2000 > Long.MAX_VALUE - MICROS_1970_TO_2000) {
            throw outOfRange();
        }
        out.setNumber(at, since2000 + MICROS_1970_TO_2000);
    }

    private static BadValueException infinite() {
        return BadValueException.outOfRange("there is no infinite timestamp");
    }

    private static BadValueException outOfRange() {
        return BadValueException.outOfRange("the timestamp is out of range");
    }
}
