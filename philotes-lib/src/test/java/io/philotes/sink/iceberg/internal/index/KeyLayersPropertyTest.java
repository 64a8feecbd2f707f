// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** An overlay over an overlay over an index, against maps. */
class KeyLayersPropertyTest {

    private record Key(long hi, long lo) {}

    private KeyIndex base = new LongKeyIndex(Indexes.large());
    private KeyOverlay overlay = new KeyOverlay(base, Indexes.large());
    private Map<Key, Long> committed = new HashMap<>();
    private Map<Key, Long> frozen;
    private Map<Key, Long> all = new HashMap<>();

    private static KeyLayersPropertyTest over(KeyIndex index) {
        KeyLayersPropertyTest layers = new KeyLayersPropertyTest();
        layers.base = index;
        layers.overlay = new KeyOverlay(index, Indexes.large());
        return layers;
    }

    private Key key(Random random) {
        return new Key(base.keyLongs() == 1 ? 0 : random.nextInt(2), random.nextInt(60));
    }

    @Property(tries = 300)
    void a_commit_is_filled_while_another_is_under_way(@ForAll long seed) {
        for (KeyIndex index : Indexes.ofEachKind()) {
            KeyLayersPropertyTest layers = over(index);
            Random random = new Random(seed);
            for (int i = 0; i < 2000; i++) {
                layers.step(random);
                layers.verify(layers.key(random));
            }
        }
    }

    private void step(Random random) {
        switch (random.nextInt(100)) {
            case 0 -> clear();
            case 1, 2, 3, 4 -> freezeOrLand();
            case 5 -> discard();
            case 6 -> rewrite(random);
            default -> change(random);
        }
    }

    private void clear() {
        overlay.clear();
        all.clear();
    }

    private void change(Random random) {
        Key key = key(random);
        if (random.nextInt(3) == 0) {
            assertThat(overlay.remove(key.hi(), key.lo())).isEqualTo(all.remove(key) != null);
        } else {
            long location = random.nextLong() >>> 1;
            overlay.put(key.hi(), key.lo(), location);
            all.put(key, location);
        }
    }

    private void freezeOrLand() {
        assertThat(overlay.isFrozen()).isEqualTo(frozen != null);
        if (frozen == null) {
            overlay.freeze();
            frozen = new HashMap<>(all);
            assertThat(overlay.isEmpty()).isTrue();
        } else {
            overlay.land(base);
            committed = frozen;
            frozen = null;
        }
    }

    private void discard() {
        overlay.discard();
        frozen = null;
        all = new HashMap<>(committed);
    }

    /** A compaction moves the table's rows: what the layers say stays. */
    private void rewrite(Random random) {
        Key key = key(random);
        Long from = committed.get(key);
        long to = random.nextLong() >>> 1;
        assertThat(base.repoint(key.hi(), key.lo(), from == null ? to : from, to))
                .isEqualTo(from != null);
        assertThat(base.repoint(key.hi(), key.lo(), to ^ 1, 7)).isFalse();
        if (from != null) {
            committed.put(key, to);
            if (frozen != null && from.equals(frozen.get(key))) {
                frozen.put(key, to);
            }
            if (from.equals(all.get(key))) {
                all.put(key, to);
            }
        }
    }

    private void verify(Key probe) {
        assertThat(overlay.find(probe.hi(), probe.lo())).isEqualTo(all.getOrDefault(probe, -1L));
        assertThat(base.find(probe.hi(), probe.lo())).isEqualTo(committed.getOrDefault(probe, -1L));
        if (!overlay.isCleared()) {
            assertThat(overlay.findInBase(probe.hi(), probe.lo()))
                    .isEqualTo((frozen == null ? committed : frozen).getOrDefault(probe, -1L));
        }
        if (frozen != null && overlay.findUnderFrozen(probe.hi(), probe.lo()) != KeyIndex.NOT_FOUND) {
            assertThat(overlay.findUnderFrozen(probe.hi(), probe.lo())).isEqualTo(committed.get(probe));
        }
    }

    @Example
    void each_commit_names_its_own_keys() {
        overlay.put(0, 1, 10);
        overlay.put(0, 2, 20);
        overlay.freeze();
        overlay.put(0, 2, 21);
        overlay.remove(0, 1);
        assertThat(keys(true)).containsExactlyInAnyOrder("1>10", "2>20");
        assertThat(keys(false)).containsExactlyInAnyOrder("1>-1", "2>21");
        assertThat(overlay.findInBase(0, 2)).isEqualTo(20);
        assertThat(overlay.findUnderFrozen(0, 2)).isEqualTo(-1);
        overlay.land(base);
        assertThat(overlay.find(0, 1)).isEqualTo(-1);
        assertThat(overlay.findInBase(0, 1)).isEqualTo(10);
        overlay.freeze();
        overlay.land(base);
        assertThat(base.size()).isEqualTo(1);
        assertThat(base.find(0, 2)).isEqualTo(21);
    }

    private Set<String> keys(boolean ofFrozen) {
        Set<String> found = new HashSet<>();
        KeyIndex.Visitor visitor = (hi, lo, at) -> found.add(lo + ">" + at);
        if (ofFrozen) {
            overlay.forEachFrozen(visitor);
        } else {
            overlay.forEachStaged(visitor);
        }
        return found;
    }

    @Example
    void only_one_commit_is_under_way() {
        assertThatThrownBy(() -> overlay.land(base)).isInstanceOf(IllegalStateException.class);
        overlay.freeze();
        assertThatThrownBy(overlay::freeze).isInstanceOf(IllegalStateException.class);
        overlay.discard();
        assertThat(overlay.isFrozen()).isFalse();
    }
}
