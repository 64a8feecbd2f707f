// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * What a key takes; {@link KeyIndex#bytes} against what was really asked of the system, too. From one to three million keys
 * every table grows at least once; to ten million with {@code -Dphilotes.long=true}.
 */
class BytesPerKeyTest {

    private static final int KEYS = Boolean.getBoolean("philotes.long") ? 10_000_000 : 3_000_000;

    /** At each size on the way, not only at one where a table happens to be full. */
    private static void atMost(double limit, String what, int keyLongs, LongUnaryOperator key) {
        TableMemory memory = Indexes.large();
        KeyIndex index = keyLongs == 1 ? new LongKeyIndex(memory) : new HashKeyIndex(memory);
        double most = 0;
        for (int i = 1; i <= KEYS; i++) {
            long lo = key.applyAsLong(i);
            index.put(SlotTable.mix(lo), lo, i);
            if (i >= 1_000_000 && i % 10_000 == 0) {
                most = Math.max(most, Math.max(index.bytes(), memory.bytes()) / (double) i);
            }
        }
        assertThat(index.size()).isEqualTo(KEYS);
        System.out.printf(
                Locale.ROOT,
                "%s: %.2f bytes a key at %d keys, at most %.2f from 1000000 on%n",
                what,
                index.bytes() / (double) KEYS,
                KEYS,
                most);
        index.release();
        assertThat(memory.bytes()).isZero();
        assertThat(most).isLessThanOrEqualTo(limit);
    }

    @Test
    void a_serial_key_takes_at_most_9_bytes() {
        atMost(9, "serial", 1, i -> i);
    }

    @Test
    void an_integer_key_that_is_not_serial_takes_at_most_27_bytes() {
        atMost(27, "random integers", 1, i -> SlotTable.mix(i));
        atMost(27, "every 10th integer", 1, i -> 10 * i);
        atMost(27, "every 3rd integer", 1, i -> 3 * i);
    }

    @Test
    void another_key_takes_at_most_40_bytes() {
        atMost(40, "hashes, as of uuids and texts", 2, i -> SlotTable.mix(-i));
    }

    @Test
    void serial_keys_in_any_order_take_at_most_9_bytes_in_the_end_and_27_on_the_way() {
        int bits = 22;
        long seed = new SplittableRandom().nextLong();
        System.out.println("seed " + seed);
        LongKeyIndex index = new LongKeyIndex(Indexes.large());
        double most = 0;
        for (long i = 0; i < 1L << bits; i++) {
            // An odd factor and an xor: every number of so many bits once.
            long key = (i * 0x9E3779B1L ^ seed) & (1L << bits) - 1;
            index.put(0, key, i);
            if (i >= 100_000 && i % 1000 == 0) {
                most = Math.max(most, index.bytes() / (i + 1.0));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "shuffled: %.2f bytes a key, at most %.2f on the way%n",
                index.bytes() / (double) index.size(),
                most);
        assertThat(index.size()).isEqualTo(1L << bits);
        assertThat(index.bytes()).isLessThanOrEqualTo(9 * index.size());
        assertThat(most).isLessThanOrEqualTo(27);
    }
}
