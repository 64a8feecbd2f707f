// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class MultiIndexPropertyTest {

    private record Hash(long hi, long lo) {}

    private static Hash hash(Random random, int distinct) {
        return new Hash(-random.nextInt(2), random.nextInt(distinct));
    }

    private static Map<Hash, Set<Long>> content(MultiIndex index) {
        Map<Hash, Set<Long>> content = new HashMap<>();
        index.forEach((hi, lo, location) -> assertThat(content.computeIfAbsent(new Hash(hi, lo), h -> new HashSet<>())
                        .add(location))
                .isTrue());
        return content;
    }

    private static Map<Hash, Set<Long>> copy(Map<Hash, Set<Long>> model) {
        Map<Hash, Set<Long>> copy = new HashMap<>();
        model.forEach((hash, locations) -> {
            if (!locations.isEmpty()) {
                copy.put(hash, new HashSet<>(locations));
            }
        });
        return copy;
    }

    private static long size(Map<Hash, Set<Long>> model) {
        return model.values().stream().mapToLong(Set::size).sum();
    }

    private static void requireTaken(long taken, Set<Long> locations) {
        if (locations == null || locations.isEmpty()) {
            assertThat(taken).isEqualTo(-1);
        } else {
            assertThat(locations.remove(taken)).isTrue();
        }
    }

    private static long someLocation(Random random, Set<Long> locations, long limit) {
        boolean known = locations != null && !locations.isEmpty() && random.nextBoolean();
        return known ? locations.iterator().next() : random.nextLong(limit + 1);
    }

    @Property(tries = 100)
    void an_index_behaves_like_a_multiset(@ForAll long seed) {
        Random random = new Random(seed);
        MultiIndex index = new MultiIndex(Indexes.large());
        Map<Hash, Set<Long>> model = new HashMap<>();
        int distinct = 1 + random.nextInt(random.nextBoolean() ? 5 : 2000);
        long next = 0;
        for (int i = 0; i < 5000; i++) {
            Hash hash = hash(random, distinct);
            switch (random.nextInt(5)) {
                case 0 -> requireTaken(index.takeAny(hash.hi(), hash.lo()), model.get(hash));
                case 1 -> {
                    long location = someLocation(random, model.get(hash), next);
                    boolean there = model.getOrDefault(hash, Set.of()).contains(location);
                    assertThat(index.contains(hash.hi(), hash.lo(), location)).isEqualTo(there);
                    assertThat(index.remove(hash.hi(), hash.lo(), location)).isEqualTo(there);
                    model.getOrDefault(hash, new HashSet<>()).remove(location);
                }
                default -> {
                    index.add(hash.hi(), hash.lo(), next);
                    model.computeIfAbsent(hash, h -> new HashSet<>()).add(next++);
                }
            }
        }
        assertThat(index.size()).isEqualTo(size(model));
        assertThat(content(index)).isEqualTo(copy(model));
        index.clear();
        assertThat(content(index)).isEmpty();
    }

    @Property(tries = 100)
    void an_overlay_behaves_like_a_multiset_over_a_multiset(@ForAll long seed) {
        Random random = new Random(seed);
        MultiIndex base = new MultiIndex(Indexes.large());
        MultiOverlay overlay = new MultiOverlay(base, Indexes.large());
        Map<Hash, Set<Long>> committed = new HashMap<>();
        int distinct = 1 + random.nextInt(random.nextBoolean() ? 3 : 200);
        long next = 0;
        for (int commit = 0; commit < 10; commit++) {
            Map<Hash, Set<Long>> staged = copy(committed);
            for (int i = 0; i < 300; i++) {
                Hash hash = hash(random, distinct);
                switch (random.nextInt(6)) {
                    case 0 -> {
                        if (random.nextInt(50) == 0) {
                            overlay.clear();
                            staged.clear();
                        }
                    }
                    case 1, 2 -> requireTaken(overlay.takeAny(hash.hi(), hash.lo()), staged.get(hash));
                    case 3 -> {
                        long location = someLocation(random, staged.get(hash), next);
                        boolean there = staged.getOrDefault(hash, Set.of()).contains(location);
                        assertThat(overlay.remove(hash.hi(), hash.lo(), location))
                                .isEqualTo(there);
                        staged.getOrDefault(hash, new HashSet<>()).remove(location);
                    }
                    default -> {
                        overlay.add(hash.hi(), hash.lo(), next);
                        staged.computeIfAbsent(hash, h -> new HashSet<>()).add(next++);
                    }
                }
                assertThat(overlay.size()).isEqualTo(size(staged));
            }
            assertThat(content(base)).isEqualTo(copy(committed));
            if (random.nextBoolean()) {
                overlay.applyTo(base);
                committed = copy(staged);
            } else {
                overlay.discard();
            }
            assertThat(overlay.isEmpty()).isTrue();
            assertThat(base.size()).isEqualTo(size(committed));
            assertThat(content(base)).isEqualTo(copy(committed));
        }
    }

    @Example
    void many_equal_rows_are_taken_one_by_one() {
        MultiIndex base = new MultiIndex(Indexes.large());
        int rows = 300_000;
        for (int i = 0; i < rows; i++) {
            base.add(7, 7, i);
        }
        assertThat(base.bytes()).isLessThan(rows * 13L);
        MultiOverlay overlay = new MultiOverlay(base, Indexes.large());
        for (int i = 0; i < rows; i++) {
            assertThat(overlay.takeAny(7, 7)).isNotNegative();
        }
        assertThat(overlay.takeAny(7, 7)).isEqualTo(-1);
        overlay.applyTo(base);
        assertThat(base.size()).isZero();
        assertThat(base.takeAny(7, 7)).isEqualTo(-1);
    }
}
