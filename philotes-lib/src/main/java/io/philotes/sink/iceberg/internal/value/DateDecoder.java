// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.model.BigEndian;

/** date: days since 1970. Binary is days since 2000, with both ends of the range for infinity. */
final class DateDecoder implements ValueDecoder {

    static final DateDecoder INSTANCE = new DateDecoder();

    private static final int DAYS_1970_TO_2000 = 10_957;

    private DateDecoder() {}

    @Override
    public void text(byte[] source, int offset, int length, Slots out, int at) {
        DateTimeText text = new DateTimeText(source, offset, length, "a date in ISO style");
        if (text.isInfinite()) {
            throw infinite();
        }
        long days = text.days(text.takeEra());
        text.expectEnd();
        if (days != (int) days) {
            throw outOfRange();
        }
        out.setNumber(at, days);
    }

    @Override
    public void binary(byte[] source, int offset, int length, Slots out, int at) {
        if (length != 4) {
            throw BadValueException.malformed("a date");
        }
        int days = BigEndian.getInt(source, offset);
        if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
            throw infinite();
        }
        long since1970 = (long) days + DAYS_1970_TO_2000;
        if (since1970 != (int) since1970) {
            throw outOfRange();
        }
        out.setNumber(at, since1970);
    }

    private static BadValueException infinite() {
        return BadValueException.outOfRange("there is no infinite date");
    }

    private static BadValueException outOfRange() {
        return BadValueException.outOfRange("the date is out of range");
    }
}
