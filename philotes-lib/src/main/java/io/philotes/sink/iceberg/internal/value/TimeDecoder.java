// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import io.philotes.model.BigEndian;

/** time: microseconds since midnight, below 24:00:00. */
final class TimeDecoder implements ValueDecoder {

    static final TimeDecoder INSTANCE = new TimeDecoder();

    private TimeDecoder() {}

    @Override
    public void text(byte[] source, int offset, int length, Slots out, int at) {
        DateTimeText text = new DateTimeText(source, offset, length, "a time");
        long micros = text.micros();
        text.expectEnd();
        put(micros, out, at);
    }

    @Override
    public void binary(byte[] source, int offset, int length, Slots out, int at) {
        if (length != 8) {
            throw BadValueException.malformed("a time");
        }
        put(BigEndian.getLong(source, offset), out, at);
    }

    private static void put(long micros, Slots out, int at) {
        if (micros == DateTimeText.MICROS_PER_DAY) {
            throw BadValueException.outOfRange("there is no time 24:00:00");
        }
        if (micros < 0 || micros > DateTimeText.MICROS_PER_DAY) {
            throw BadValueException.malformed("a time");
        }
        out.setNumber(at, micros);
    }
}
