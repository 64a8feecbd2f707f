// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Rows move to other places, or are gone. */
class RelocationPropertyTest {

    /** Every fifth row is gone, the others moved. */
    private static final LongUnaryOperator MOVED =
            location -> location % 5 == 0 ? -location - 1 : location + 1_000_000_000;

    @Property(tries = 50)
    void every_entry_is_moved_once_or_removed(@ForAll long seed) {
        Random random = new Random(seed);
        for (KeyIndex index : Indexes.ofEachKind()) {
            Map<Long, Long> expected = new HashMap<>();
            int range = 1 + random.nextInt(20_000);
            for (int i = 0; i < 5_000; i++) {
                long key = random.nextInt(4) == 0 ? random.nextInt(range) : i;
                index.put(0, key, i);
                expected.put(key, MOVED.applyAsLong(i));
            }
            expected.values().removeIf(location -> location < 0);
            index.relocate(MOVED);
            Map<Long, Long> found = new HashMap<>();
            index.forEach((hi, lo, location) -> found.put(lo, location));
            assertThat(found).isEqualTo(expected);
            assertThat(index.size()).isEqualTo(expected.size());
            found.forEach((key, location) -> assertThat(index.find(0, key)).isEqualTo(location));
        }
    }

    @Property(tries = 50)
    void every_location_of_equal_rows_is_moved_once_or_removed(@ForAll long seed) {
        Random random = new Random(seed);
        MultiIndex index = new MultiIndex(Indexes.large());
        Map<Long, Set<Long>> expected = new HashMap<>();
        int hashes = 1 + random.nextInt(3_000);
        long kept = 0;
        for (long i = 0; i < 3_000; i++) {
            long hash = random.nextInt(hashes);
            index.add(hash, hash, i);
            if (i % 5 != 0) {
                kept++;
                expected.computeIfAbsent(hash, h -> new HashSet<>()).add(MOVED.applyAsLong(i));
            }
        }
        index.relocate(MOVED);
        assertThat(index.size()).isEqualTo(kept);
        Map<Long, Set<Long>> found = new HashMap<>();
        index.forEach((hi, lo, location) ->
                found.computeIfAbsent(lo, h -> new HashSet<>()).add(location));
        assertThat(found).isEqualTo(expected);
        expected.forEach((hash, locations) -> locations.forEach(
                location -> assertThat(index.remove(hash, hash, location)).isTrue()));
        assertThat(index.size()).isZero();
    }
}
