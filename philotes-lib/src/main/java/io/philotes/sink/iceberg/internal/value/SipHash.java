// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 with 128 bits of output (Aumasson and Bernstein, <a href="https://github.com/veorq/SipHash">reference</a>).
 * Chosen because, unlike fast hashes without a key, it gives nobody a cheap way to craft two keys that collide. Mutable:
 * holds the last result. Confined to one thread.
 */
final class SipHash {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long k0;
    private final long k1;
    private long v0;
    private long v1;
    private long v2;
    private long v3;
    private long first;
    private long second;

    SipHash(long k0, long k1) {
        this.k0 = k0;
        this.k1 = k1;
    }

    void hash(byte[] bytes, int length) {
        v0 = k0 ^ 0x736f6d6570736575L;
        v1 = k1 ^ 0x646f72616e646f6dL ^ 0xee;
        v2 = k0 ^ 0x6c7967656e657261L;
        v3 = k1 ^ 0x7465646279746573L;
        int whole = length & ~7;
        for (int i = 0; i < whole; i += 8) {
            absorb((long) LONG.get(bytes, i));
        }
        absorb(last(bytes, whole, length));
        v2 ^= 0xee;
        rounds(4);
        first = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xdd;
        rounds(4);
        second = v0 ^ v1 ^ v2 ^ v3;
    }

    /** The bytes that do not fill a word, with the length in the highest byte. */
    private static long last(byte[] bytes, int from, int length) {
        long word = (long) length << 56;
        for (int i = from; i < length; i++) {
            word |= (bytes[i] & 0xFFL) << (8 * (i - from));
        }
        return word;
    }

    private void absorb(long word) {
        v3 ^= word;
        rounds(2);
        v0 ^= word;
    }

    private void rounds(int count) {
        long a = v0;
        long b = v1;
        long c = v2;
        long d = v3;
        for (int i = 0; i < count; i++) {
            a += b;
            b = Long.rotateLeft(b, 13) ^ a;
            a = Long.rotateLeft(a, 32);
            c += d;
            d = Long.rotateLeft(d, 16) ^ c;
            a += d;
            d = Long.rotateLeft(d, 21) ^ a;
            c += b;
            b = Long.rotateLeft(b, 17) ^ c;
            c = Long.rotateLeft(c, 32);
        }
        v0 = a;
        v1 = b;
        v2 = c;
        v3 = d;
    }

    /** The first eight bytes of the last result, as a little-endian number. */
    long first() {
        return first;
    }

    /** The last eight bytes of the last result, as a little-endian number. */
    long second() {
        return second;
    }
}
