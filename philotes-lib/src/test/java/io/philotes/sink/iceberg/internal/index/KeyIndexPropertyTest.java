// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class KeyIndexPropertyTest {

    private static final long[] SPECIAL = {0, -1, 1, -2, Long.MIN_VALUE, Long.MAX_VALUE};

    private record Key(long hi, long lo) {}

    /** Few keys so that they meet again, the special ones among them. */
    private static Key key(KeyIndex index, Random random, int distinct) {
        long lo = random.nextInt(10) == 0 ? SPECIAL[random.nextInt(SPECIAL.length)] : random.nextInt(distinct);
        long hi = random.nextInt(3);
        return new Key(index.keyLongs() == 1 ? 0 : hi, lo);
    }

    private static Map<Key, Long> content(KeyIndex index) {
        Map<Key, Long> content = new HashMap<>();
        index.forEach((hi, lo, location) ->
                assertThat(content.put(new Key(hi, lo), location)).isNull());
        return content;
    }

    @Property(tries = 100)
    void an_index_behaves_like_a_map(@ForAll long seed) {
        Random random = new Random(seed);
        for (KeyIndex index : Indexes.ofEachKind()) {
            Map<Key, Long> model = new HashMap<>();
            int distinct = 1 + random.nextInt(5000);
            int removals = random.nextInt(60);
            for (int i = 0; i < 4000; i++) {
                Key key = key(index, random, distinct);
                if (random.nextInt(100) < removals) {
                    assertThat(index.remove(key.hi(), key.lo())).isEqualTo(model.remove(key) != null);
                } else {
                    long location = random.nextLong() >>> 1;
                    index.put(key.hi(), key.lo(), location);
                    model.put(key, location);
                }
                Key probe = key(index, random, distinct);
                assertThat(index.find(probe.hi(), probe.lo())).isEqualTo(model.getOrDefault(probe, -1L));
            }
            assertThat(index.size()).isEqualTo(model.size());
            assertThat(content(index)).isEqualTo(model);
            index.clear();
            assertThat(content(index)).isEmpty();
            assertThat(index.size()).isZero();
        }
    }

    /** All keys in one small table, so that runs are long and wrap around the end. */
    @Property(tries = 200)
    void removal_leaves_every_other_key_findable(@ForAll long seed) {
        Random random = new Random(seed);
        SlotTable table = new SlotTable(2, 101, Indexes.large());
        Map<Key, Long> model = new HashMap<>();
        int hashes = 1 + random.nextInt(6);
        for (int i = 0; i < 300; i++) {
            Key key = new Key(random.nextInt(4), random.nextInt(20));
            if (random.nextInt(hashes + 1) == 0) {
                Long before = model.remove(key);
                assertThat(table.remove(key.hi(), key.lo())).isEqualTo(before == null ? -1L : before);
            } else {
                Long before = model.put(key, (long) i);
                assertThat(table.put(key.hi(), key.lo(), i)).isEqualTo(before == null ? -1L : before);
            }
            model.forEach((k, v) -> assertThat(table.find(k.hi(), k.lo())).isEqualTo(v));
            assertThat(table.size()).isEqualTo(model.size());
        }
    }

    @Property(tries = 100)
    void an_overlay_behaves_like_a_map_over_a_map(@ForAll long seed) {
        Random random = new Random(seed);
        for (KeyIndex base : Indexes.ofEachKind()) {
            KeyOverlay overlay = new KeyOverlay(base, Indexes.large());
            Map<Key, Long> committed = new HashMap<>();
            for (int commit = 0; commit < 10; commit++) {
                Map<Key, Long> staged = new HashMap<>(committed);
                boolean cleared = false;
                for (int i = 0; i < 200; i++) {
                    Key key = key(base, random, 100);
                    switch (random.nextInt(20)) {
                        case 0 -> {
                            if (random.nextInt(10) == 0) {
                                overlay.clear();
                                staged.clear();
                                cleared = true;
                            }
                        }
                        case 7 -> {
                            // Another place of a committed row is learnt.
                            Long before = committed.get(key);
                            if (before != null) {
                                long location = random.nextLong() >>> 1;
                                base.put(key.hi(), key.lo(), location);
                                committed.put(key, location);
                                staged.replace(key, before, location);
                            }
                        }
                        case 1, 2, 3, 4, 5, 6 ->
                            assertThat(overlay.remove(key.hi(), key.lo())).isEqualTo(staged.remove(key) != null);
                        default -> {
                            long location = random.nextLong() >>> 1;
                            overlay.put(key.hi(), key.lo(), location);
                            staged.put(key, location);
                        }
                    }
                    Key probe = key(base, random, 100);
                    assertThat(overlay.find(probe.hi(), probe.lo())).isEqualTo(staged.getOrDefault(probe, -1L));
                    assertThat(overlay.findInBase(probe.hi(), probe.lo()))
                            .isEqualTo(cleared ? -1L : committed.getOrDefault(probe, -1L));
                }
                assertThat(content(base)).isEqualTo(committed);
                if (random.nextBoolean()) {
                    overlay.applyTo(base);
                    committed = staged;
                } else {
                    overlay.discard();
                }
                assertThat(overlay.isEmpty()).isTrue();
                assertThat(content(base)).isEqualTo(committed);
            }
        }
    }

    @Example
    void an_empty_index_is_small() {
        assertThat(new LongKeyIndex(Indexes.large()).bytes()).isLessThan(1024);
    }

    @Example
    void a_negative_location_is_refused() {
        LongKeyIndex index = new LongKeyIndex(Indexes.large());
        assertThatThrownBy(() -> index.put(0, 1, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new KeyOverlay(index, Indexes.large()).put(0, 1, -2))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void a_location_keeps_both_numbers(@ForAll long seed) {
        Random random = new Random(seed);
        int ordinal = random.nextInt(1 << 23);
        long position = random.nextLong(1L << 40);
        long location = Location.of(ordinal, position);
        assertThat(location).isNotNegative();
        assertThat(Location.ordinal(location)).isEqualTo(ordinal);
        assertThat(Location.position(location)).isEqualTo(position);
    }

    @Example
    void a_location_without_room_is_refused() {
        assertThatThrownBy(() -> Location.of(1 << 23, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Location.of(0, 1L << 40)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Location.of(-1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Location.of(0, -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
