// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.testkit.Fault;
import io.philotes.testkit.FaultyCatalog;
import io.philotes.testkit.LakeAudit;
import io.philotes.testkit.OtherWriter;
import io.philotes.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Commits, lost replies, crashes, compactions and tags by others, days that pass, in any order, with files that go as soon as
 * their table snapshots have: whatever is in the table's metadata can be read, the rows are right and the position is proven.
 */
class SnapshotExpiryModelTest {

    private static final int STEPS = 60;
    private static final int KEYS = 8;

    @TempDir
    Path directory;

    private final SettableClock clock = new SettableClock(Instant.now());
    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());
    private final Map<Integer, Integer> rows = new TreeMap<>();
    private Lsn committed = LOADED_AT;
    private FaultyCatalog catalog;
    private TestLake lake;

    static List<Long> seeds() {
        return List.of(1L, 2L, Long.getLong("philotes.seed", System.nanoTime()));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatever_happens_what_is_left_is_whole(long seed) {
        System.out.println("SnapshotExpiryModelTest seed " + seed);
        Random random = new Random(seed);
        try (JdbcCatalog local = LocalCatalog.open(directory)) {
            catalog = new FaultyCatalog(local);
            lake = new TestLake(
                            catalog,
                            options ->
                                    options.keepSnapshots(new SnapshotRetention(Duration.ofDays(3), 12, Duration.ZERO)))
                    .clock(clock)
                    .loaded(KEYED, row(0, "k", 0));
            rows.put(0, 0);
            for (int step = 0; step < STEPS; step++) {
                happen(random, local);
                check(local);
            }
            assertThat(others(local).snapshots()).hasSizeLessThan(STEPS);
        }
    }

    private static Table others(JdbcCatalog local) {
        return local.loadTable(TableIdentifier.of("shop", "orders"));
    }

    private void happen(Random random, JdbcCatalog local) {
        switch (random.nextInt(12)) {
            case 0 -> OtherWriter.compact(others(local));
            case 1 -> OtherWriter.compactHalf(others(local));
            case 2 -> tag(random, others(local));
            case 3 -> clock.advance(Duration.ofHours(random.nextInt(60)));
            case 4 -> crash(random);
            case 5 -> commitAfter(Fault.failAfter(), random);
            case 6 -> commitAfter(Fault.lose(), random);
            case 7 -> commitAfter(Fault.reject(), random);
            default -> apply(random);
        }
    }

    private void commitAfter(Fault fault, Random random) {
        catalog.next(fault);
        apply(random);
    }

    private void apply(Random random) {
        lake.apply(changes(random));
        committed = feed.end();
    }

    /** What was written and not committed comes again. */
    private void crash(Random random) {
        Lsn position = committed;
        ChangeBatch batch = changes(random).batch();
        lake.write(batch);
        lake.restart();
        assertThat(lake.sink().committedUpTo(KEYED)).contains(position);
        lake.sink().resume(KEYED, position);
        lake.write(batch);
        lake.commit(feed.end());
        committed = feed.end();
    }

    private static void tag(Random random, Table table) {
        String name = "tag" + random.nextInt(3);
        if (table.refs().containsKey(name)) {
            table.manageSnapshots().removeTag(name).commit();
            return;
        }
        List<Long> ids = new java.util.ArrayList<>();
        table.snapshots().forEach(snapshot -> ids.add(snapshot.snapshotId()));
        table.manageSnapshots()
                .createTag(name, ids.get(random.nextInt(ids.size())))
                .commit();
    }

    private ChangeFeed changes(Random random) {
        feed.begin();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int key = random.nextInt(KEYS);
            int amount = random.nextInt(1_000);
            if (!rows.containsKey(key)) {
                feed.insert(KEYED, key, "k", amount);
                rows.put(key, amount);
            } else if (random.nextInt(4) == 0 && rows.size() > 1) {
                feed.delete(KEYED, 'K', key, null, null);
                rows.remove(key);
            } else {
                feed.update(KEYED, key, "k", amount);
                rows.put(key, amount);
            }
        }
        return feed.commit();
    }

    private void check(JdbcCatalog local) {
        LakeAudit.assertComplete(others(local));
        assertThat(lake.rows("orders"))
                .containsExactlyInAnyOrderElementsOf(rows.entrySet().stream()
                        .map(row -> row.getKey() + "|k|" + row.getValue())
                        .collect(Collectors.toList()));
    }
}
