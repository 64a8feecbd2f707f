// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The send functions, written a second time from the manual, for tests without a server. */
final class WireBytes {

    private interface Body {
        void write(DataOutputStream out) throws IOException;
    }

    private WireBytes() {}

    private static byte[] bytes(Body body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            body.write(new DataOutputStream(out));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] int8(long value) {
        return ByteBuffer.allocate(8).putLong(value).array();
    }

    static byte[] int4(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    /** {@code numeric_send}, with a scale that is not negative; without leading and trailing zero groups. */
    static byte[] numeric(BigDecimal value) {
        BigInteger base = BigInteger.valueOf(10_000);
        int padded = (value.scale() + 3) / 4 * 4;
        BigInteger rest = value.setScale(padded).unscaledValue().abs();
        Deque<Integer> digits = new ArrayDeque<>();
        while (rest.signum() != 0) {
            BigInteger[] parts = rest.divideAndRemainder(base);
            digits.addFirst(parts[1].intValue());
            rest = parts[0];
        }
        int weight = digits.size() - padded / 4 - 1;
        while (!digits.isEmpty() && digits.getLast() == 0) {
            digits.removeLast();
        }
        int firstWeight = digits.isEmpty() ? 0 : weight;
        return bytes(out -> {
            out.writeShort(digits.size());
            out.writeShort(firstWeight);
            out.writeShort(value.signum() < 0 ? 0x4000 : 0);
            out.writeShort(value.scale());
            for (int digit : digits) {
                out.writeShort(digit);
            }
        });
    }

    /** {@code array_send} of one dimension; null elements are NULL. */
    static byte[] array(List<byte[]> elements) {
        return bytes(out -> {
            out.writeInt(elements.isEmpty() ? 0 : 1);
            out.writeInt(elements.contains(null) ? 1 : 0);
            out.writeInt(25);
            if (!elements.isEmpty()) {
                out.writeInt(elements.size());
                out.writeInt(1);
            }
            for (byte[] element : elements) {
                out.writeInt(element == null ? -1 : element.length);
                if (element != null) {
                    out.write(element);
                }
            }
        });
    }
}
