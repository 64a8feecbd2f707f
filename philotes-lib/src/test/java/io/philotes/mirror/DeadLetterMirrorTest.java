// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.checkpoint.TableState;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineListener;
import io.philotes.testkit.Lake;
import io.philotes.testkit.Mirror;
import io.philotes.testkit.TestDirectories;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that do not fit, the whole way from a real PostgreSQL: set aside, kept over restarts, replayed when they fit. */
class DeadLetterMirrorTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private TestPostgres postgres;
    private JdbcCatalog catalog;

    @Test
    void rows_that_do_not_fit_wait_alone_and_are_replayed_when_they_do() throws Exception {
        try (TestPostgres server = TestPostgres.start();
                JdbcCatalog lake = LetterPipeline.catalog(directory)) {
            postgres = server;
            catalog = lake;
            postgres.execute(
                    "CREATE TABLE prices (id bigint PRIMARY KEY, note text, amount numeric)",
                    "ALTER TABLE prices ALTER note SET STORAGE EXTERNAL",
                    "CREATE TABLE items (id bigint PRIMARY KEY, name text)",
                    "INSERT INTO prices SELECT i, repeat(md5(i::text), 100), i * 1.25 + 0.00 FROM generate_series(1, 20) i",
                    "UPDATE prices SET amount = 123456789012.00 WHERE id = 20");
            try (Pipeline pipeline = start(LetterPipeline.NARROW)) {
                pipeline.runUntilCaughtUp(PATIENCE);
                assertThat(open(pipeline)).as("a row of the copy").isEqualTo(1);
                badAndGoodChanges();
                pipeline.runUntilCaughtUp(PATIENCE);
                assertEqualBut("1", "2", "3", "20", "21", "30");
            }
            try (Pipeline pipeline = start(LetterPipeline.NARROW)) {
                correctSome();
                pipeline.runUntilCaughtUp(PATIENCE);
                assertEqualBut("1", "2", "3", "20", "21", "30");
                replayUntil(pipeline, 6);
                assertEqualBut("2", "3", "30", "20");
            }
            try (Pipeline pipeline = start(LetterPipeline.WIDE)) {
                replayUntil(pipeline, 0);
                pipeline.runUntilCaughtUp(PATIENCE);
                assertEqualBut();
                assertThat(LetterPipeline.prices(pipeline).state()).isEqualTo(TableState.STREAMING);
                assertThat(LetterPipeline.prices(pipeline).copiedRows())
                        .as("nothing was copied again")
                        .isZero();
                givesUp(pipeline);
            }
        }
    }

    @Test
    void a_queue_whose_files_were_removed_is_told_and_a_copy_heals_it() throws Exception {
        try (TestPostgres server = TestPostgres.start();
                JdbcCatalog lake = LetterPipeline.catalog(directory)) {
            postgres = server;
            catalog = lake;
            postgres.execute(
                    "CREATE TABLE prices (id bigint PRIMARY KEY, note text, amount numeric)",
                    "CREATE TABLE items (id bigint PRIMARY KEY, name text)",
                    "INSERT INTO prices VALUES (1, 'fits', 1.25), (2, 'fits', 2.25)");
            try (Pipeline pipeline = start(LetterPipeline.NARROW)) {
                pipeline.runUntilCaughtUp(PATIENCE);
                postgres.execute("UPDATE prices SET amount = 999999999999.00 WHERE id = 1");
                pipeline.runUntilCaughtUp(PATIENCE);
                assertThat(open(pipeline)).isEqualTo(1);
            }
            TestDirectories.delete(directory.resolve("letters"));
            postgres.execute("UPDATE prices SET amount = 3.25", "INSERT INTO items VALUES (1, 'flows')");
            try (Pipeline pipeline = start(LetterPipeline.NARROW)) {
                Awaitility.await()
                        .atMost(PATIENCE)
                        .ignoreExceptions()
                        .until(() -> LetterPipeline.prices(pipeline).state() == TableState.NEEDS_RESYNC);
                assertThat(LetterPipeline.prices(pipeline).reason()).contains("dead letters", "lost");
                pipeline.resync(List.of(LetterPipeline.PRICES));
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> LetterPipeline.prices(pipeline).state() == TableState.STREAMING);
                pipeline.runUntilCaughtUp(PATIENCE);
                assertEqualBut();
            }
        }
    }

    private void badAndGoodChanges() throws Exception {
        postgres.execute(
                "UPDATE prices SET amount = 'NaN' WHERE id = 1",
                "UPDATE prices SET amount = 999999999999.00 WHERE id = 2",
                "UPDATE prices SET note = 'shorter' WHERE id = 2",
                "BEGIN; UPDATE prices SET id = 30, amount = 888888888888.00 WHERE id = 3;"
                        + " INSERT INTO prices VALUES (3, 'the key again', 3.00); COMMIT",
                "UPDATE prices SET amount = amount + 1 WHERE id BETWEEN 4 AND 10",
                "UPDATE prices SET amount = amount + 1 WHERE id = 20",
                "DELETE FROM prices WHERE id = 11",
                "INSERT INTO prices VALUES (21, 'new', 'Infinity')",
                "INSERT INTO items SELECT i, 'item ' || i FROM generate_series(1, 50) i",
                "UPDATE items SET name = name || '!' WHERE id % 3 = 0");
    }

    /** Whole rows again for two of the keys; the others still have what does not fit. */
    private void correctSome() throws Exception {
        postgres.execute(
                "UPDATE prices SET amount = 1.00, note = 'right' WHERE id = 1",
                "DELETE FROM prices WHERE id = 21",
                "UPDATE prices SET amount = amount + 2 WHERE id = 5");
    }

    private void givesUp(Pipeline pipeline) throws Exception {
        postgres.execute("UPDATE prices SET amount = 'NaN' WHERE id = 7");
        pipeline.runUntilCaughtUp(PATIENCE);
        assertThat(open(pipeline)).isEqualTo(1);
        move(DeadLetterMove.discarded(Instant.now()));
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> LetterPipeline.prices(pipeline).state() == TableState.DIVERGED);
        assertThat(LetterPipeline.prices(pipeline).reason()).contains("purged");
        postgres.execute("UPDATE prices SET amount = 7.00, note = 'flows again' WHERE id = 7");
        pipeline.runUntilCaughtUp(PATIENCE);
        assertEqualBut();
        assertThat(open(pipeline)).isZero();
    }

    private Pipeline start(String type) {
        return LetterPipeline.start(postgres.url(), directory, catalog, type, new PipelineListener() {});
    }

    private static long open(Pipeline pipeline) {
        return LetterPipeline.prices(pipeline).deadLetters();
    }

    /** Asks, as another process does, until nothing more can be applied. */
    private void replayUntil(Pipeline pipeline, long left) throws Exception {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> !pipeline.status().sinks().get(0).tables().isEmpty());
        pipeline.runUntilCaughtUp(PATIENCE);
        move(DeadLetterMove.wanted(Instant.now()));
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(open(pipeline)).isEqualTo(left));
    }

    private void move(DeadLetterMove move) {
        assertThat(LetterPipeline.move(directory, move)).isPositive();
    }

    /** All rows but those with these keys, there and here. */
    private void assertEqualBut(String... keys) throws Exception {
        Set<String> but = Set.of(keys);
        try (Connection source = postgres.connect()) {
            for (TableId table : List.of(LetterPipeline.PRICES, LetterPipeline.ITEMS)) {
                List<String> columns = Mirror.columns(source, table);
                List<List<String>> expected = Mirror.rows(source, table, columns);
                List<List<String>> seen =
                        Lake.rows(catalog.loadTable(TableIdentifier.of("shop", table.name())), columns);
                if (table.equals(LetterPipeline.PRICES)) {
                    expected.removeIf(row -> but.contains(row.get(0)));
                    seen = seen.stream()
                            .filter(row -> !but.contains(row.get(0)))
                            .toList();
                }
                assertThat(seen).as("rows of %s", table).containsExactlyInAnyOrderElementsOf(expected);
            }
        }
    }
}
