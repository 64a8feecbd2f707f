// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Integer keys that get dense and sparse again, in memory and beyond its limit, against a map. */
class IntegerKeysPropertyTest {

    private final Map<Long, Long> model = new HashMap<>();

    @Property(tries = 60)
    void keys_are_found_while_pages_come_and_go(@ForAll long seed) {
        Random random = new Random(seed);
        model.clear();
        IndexMemory memory = Indexes.memory(random.nextInt(3) == 0 ? random.nextInt(200_000) : Long.MAX_VALUE);
        TableMemory table = Indexes.table(memory);
        LongKeyIndex index = new LongKeyIndex(table);
        long first = random.nextInt(4) == 0 ? Long.MAX_VALUE - 3_000 : random.nextLong(-20_000, 20_000);
        for (int phase = 0; phase < 12; phase++) {
            phase(random, index, first);
            verify(random, index, first);
        }
        index.release();
        assertThat(index.find(0, first)).isEqualTo(-1);
        assertThat(table.bytes()).isZero();
        assertThat(memory.memoryBytes() + memory.diskBytes()).isZero();
    }

    private void phase(Random random, LongKeyIndex index, long first) {
        int keys = random.nextInt(6_000);
        int step = random.nextInt(3) == 0 ? 1 + random.nextInt(5) : 1;
        switch (random.nextInt(6)) {
            case 0 -> {
                for (int i = 0; i < keys; i++) {
                    put(random, index, first + (long) i * step);
                }
            }
            case 1 -> {
                for (int i = keys; i > 0; i--) {
                    put(random, index, first + (long) i * step);
                }
            }
            case 2 -> {
                for (int i = 0; i < keys; i++) {
                    put(random, index, first + random.nextInt(6_000));
                }
            }
            case 3 -> {
                for (int i = 0; i < keys; i++) {
                    remove(index, first + random.nextInt(6_000));
                }
            }
            case 4 -> {
                for (int i = 0; i < keys; i++) {
                    remove(index, first + (long) i * step);
                }
            }
            default -> {
                for (int i = 0; i < keys; i++) {
                    put(random, index, random.nextLong());
                }
            }
        }
        if (random.nextInt(20) == 0) {
            index.clear();
            model.clear();
        }
    }

    private void put(Random random, LongKeyIndex index, long key) {
        long location = random.nextLong() >>> 1;
        index.put(0, key, location);
        model.put(key, location);
    }

    private void remove(LongKeyIndex index, long key) {
        assertThat(index.remove(0, key)).isEqualTo(model.remove(key) != null);
    }

    private void verify(Random random, LongKeyIndex index, long first) {
        assertThat(index.size()).isEqualTo(model.size());
        Map<Long, Long> found = new HashMap<>();
        index.forEach((hi, lo, location) -> assertThat(found.put(lo, location)).isNull());
        assertThat(found).isEqualTo(model);
        for (int i = 0; i < 500; i++) {
            long key = first + random.nextInt(-100, 7_000);
            assertThat(index.find(0, key)).isEqualTo(model.getOrDefault(key, -1L));
        }
    }

    /** A queue: rows come with serial keys and go soon after. */
    @Example
    void a_queue_of_serial_keys_stays_small() {
        LongKeyIndex index = new LongKeyIndex(Indexes.large());
        long most = 0;
        for (long key = 0; key < 2_000_000; key++) {
            index.put(0, key, key);
            assertThat(index.remove(0, key - 5_000)).isEqualTo(key >= 5_000);
            most = Math.max(most, index.bytes());
        }
        assertThat(index.size()).isEqualTo(5_000);
        assertThat(most).isLessThan(5_000 * 27L);
    }
}
