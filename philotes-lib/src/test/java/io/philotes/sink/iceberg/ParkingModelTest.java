// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.INT8;
import static io.philotes.sink.iceberg.Relations.ORDERS;
import static io.philotes.sink.iceberg.Relations.TEXT;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.Tuples.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.ChangeBatch;
import io.philotes.model.Column;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.sink.ReplayResult;
import io.philotes.sink.WriteResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Random changes of few keys, some of which do not fit, with crashes between any two steps and replays whenever: all keys but
 * the parked ones equal the source after every commit, and all of them at the end, when the column was made wide enough.
 */
class ParkingModelTest {

    private static final RelationSchema PRICED = Relations.orders(
            ReplicaIdentity.DEFAULT,
            List.of(0),
            Column.of("id", 1, INT8),
            Column.of("name", 2, TEXT),
            Column.of("amount", 3, PgType.base(1700, "numeric")));

    private static final int KEYS = 12;

    @Property(tries = 4, shrinking = ShrinkingMode.OFF)
    void all_but_the_parked_keys_equal_the_source(@ForAll long seed) {
        new Run(new Random(seed)).play();
    }

    /** One run. */
    private static final class Run {

        private final Random random;
        private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());
        private final Letters letters = new Letters(ORDERS);
        private final List<ChangeBatch> all = new ArrayList<>();
        private final Map<Integer, Object[]> source = new TreeMap<>();
        private final TestLake lake;
        private boolean wide;

        Run(Random random) {
            this.random = random;
            int formatVersion = 2 + random.nextInt(2);
            this.lake = new TestLake(options -> options.formatVersion(formatVersion)
                            .waitingMemoryBytes(400)
                            .table(
                                    ORDERS,
                                    TableOptions.DEFAULTS.type("amount", wide ? "decimal(20,2)" : "decimal(5,2)")))
                    .parking(1000);
            lake.loaded(PRICED, new Object[0][]);
        }

        void play() {
            for (int step = 0; step < 60; step++) {
                switch (random.nextInt(9)) {
                    case 0 -> restart();
                    case 1, 2 -> commit();
                    case 3 -> replaySome();
                    default -> write();
                }
            }
            commit();
            wide = true;
            restart();
            commit();
            ReplayResult result = letters.replayAll(lake.sink());
            assertThat(result.refused()).isEmpty();
            landed();
            assertThat(letters.isEmpty()).isTrue();
            requireEqual();
        }

        private void write() {
            feed.begin();
            for (int i = random.nextInt(6); i >= 0; i--) {
                change();
            }
            ChangeBatch batch = feed.commit().batch();
            all.add(batch);
            take(batch);
        }

        private void take(ChangeBatch batch) {
            WriteResult result = lake.write(batch);
            assertThat(result.divergences()).isEmpty();
            letters.add(result);
        }

        /** Dies after the letters were stored, or after the commit and before anybody was told, or in good order. */
        private void commit() {
            if (random.nextInt(4) == 0) {
                restart();
            }
            landed();
            requireEqual();
        }

        private void landed() {
            lake.commit(feed.end());
            if (random.nextBoolean()) {
                letters.settle(lake.sink());
                lake.sink().park(ORDERS, letters.open());
            } else {
                restart();
            }
        }

        private void replaySome() {
            landed();
            if (!letters.isEmpty()) {
                var places = letters.places();
                letters.replay(lake.sink(), List.of(places.get(random.nextInt(places.size()))));
                if (random.nextInt(3) == 0) {
                    restart();
                } else {
                    landed();
                }
                requireEqual();
            }
        }

        private void restart() {
            lake.restart();
            letters.resume(lake.sink(), PRICED);
            all.forEach(this::take);
        }

        private void requireEqual() {
            Map<String, String> expected = source.values().stream()
                    .collect(Collectors.toMap(
                            row -> "[" + row[0] + "]",
                            row -> row[0] + "|" + row[1] + "|" + row[2],
                            (a, b) -> a,
                            TreeMap::new));
            Map<String, String> seen = lake.rows("orders").stream()
                    .collect(Collectors.toMap(
                            row -> "[" + row.substring(0, row.indexOf('|')) + "]",
                            row -> row,
                            (a, b) -> a + " and " + b,
                            TreeMap::new));
            expected.keySet().removeAll(letters.keys().keySet());
            seen.keySet().removeAll(letters.keys().keySet());
            assertThat(seen).isEqualTo(expected);
        }

        private void change() {
            int key = random.nextInt(KEYS);
            Object[] row = source.get(key);
            if (random.nextInt(60) == 0) {
                source.clear();
                feed.truncate(PRICED);
            } else if (row == null) {
                insert(key);
            } else if (random.nextInt(4) == 0) {
                source.remove(key);
                feed.delete(PRICED, 'K', key, null, null);
            } else {
                update(key, row);
            }
        }

        private void insert(int key) {
            Object[] row = {key, name(), amount()};
            source.put(key, row);
            feed.insert(PRICED, row);
        }

        private void update(int key, Object[] old) {
            Object[] row = {key, old[1], amount()};
            Object[] sent = {key, UNCHANGED, row[2]};
            if (random.nextBoolean()) {
                row[1] = name();
                sent[1] = row[1];
            }
            int moved = random.nextInt(KEYS);
            if (random.nextInt(3) == 0 && !source.containsKey(moved)) {
                source.remove(key);
                row[0] = moved;
                sent[0] = moved;
                feed.update(PRICED, 'K', Arrays.asList(key, null, null), Arrays.asList(sent));
            } else {
                feed.update(PRICED, sent);
            }
            source.put((Integer) row[0], row);
        }

        private String name() {
            return "n" + random.nextInt(1000);
        }

        private String amount() {
            String cents = String.format(".%02d", random.nextInt(100));
            return (random.nextInt(8) == 0 ? 1_000_000 + random.nextInt(1000) : random.nextInt(1000)) + cents;
        }
    }
}
