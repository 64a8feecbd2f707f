// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.Philotes;
import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.checkpoint.TableState;
import io.philotes.checkpoint.file.FileCheckpointStore;
import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.dlq.DeadLetterState;
import io.philotes.dlq.file.FileDeadLetterQueue;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.RowPolicy;
import io.philotes.pipeline.TableStatus;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.TableOptions;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.SslMode;
import io.philotes.testkit.Lake;
import io.philotes.testkit.Mirror;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that do not fit, the whole way from a real PostgreSQL: set aside, kept over restarts, replayed when they fit. */
class DeadLetterMirrorTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final TableId PRICES = new TableId("public", "prices");
    private static final TableId ITEMS = new TableId("public", "items");
    private static final DeadLetterFilter OPEN = DeadLetterFilter.ALL.in(DeadLetterState.BLOCKING);

    @TempDir
    Path directory;

    private TestPostgres postgres;
    private JdbcCatalog catalog;

    @Test
    void rows_that_do_not_fit_wait_alone_and_are_replayed_when_they_do() throws Exception {
        try (TestPostgres server = TestPostgres.start();
                JdbcCatalog lake = LocalCatalog.open(directory.resolve("lake"))) {
            postgres = server;
            catalog = lake;
            postgres.execute(
                    "CREATE TABLE prices (id bigint PRIMARY KEY, note text, amount numeric)",
                    "ALTER TABLE prices ALTER note SET STORAGE EXTERNAL",
                    "CREATE TABLE items (id bigint PRIMARY KEY, name text)",
                    "INSERT INTO prices SELECT i, repeat(md5(i::text), 100), i * 1.25 + 0.00 FROM generate_series(1, 20) i",
                    "UPDATE prices SET amount = 123456789012.00 WHERE id = 20");
            try (Pipeline pipeline = start("decimal(10,2)")) {
                pipeline.runUntilCaughtUp(PATIENCE);
                assertThat(open(pipeline)).as("a row of the copy").isEqualTo(1);
                badAndGoodChanges();
                pipeline.runUntilCaughtUp(PATIENCE);
                assertEqualBut("1", "2", "3", "20", "21", "30");
            }
            try (Pipeline pipeline = start("decimal(10,2)")) {
                correctSome();
                pipeline.runUntilCaughtUp(PATIENCE);
                assertEqualBut("1", "2", "3", "20", "21", "30");
                replayUntil(pipeline, 6);
                assertEqualBut("2", "3", "30", "20");
            }
            try (Pipeline pipeline = start("decimal(20,2)")) {
                replayUntil(pipeline, 0);
                pipeline.runUntilCaughtUp(PATIENCE);
                assertEqualBut();
                assertThat(status(pipeline).state()).isEqualTo(TableState.STREAMING);
                assertThat(status(pipeline).copiedRows())
                        .as("nothing was copied again")
                        .isZero();
                givesUp(pipeline);
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
        Awaitility.await().atMost(PATIENCE).until(() -> status(pipeline).state() == TableState.DIVERGED);
        assertThat(status(pipeline).reason()).contains("purged");
        postgres.execute("UPDATE prices SET amount = 7.00, note = 'flows again' WHERE id = 7");
        pipeline.runUntilCaughtUp(PATIENCE);
        assertEqualBut();
        assertThat(open(pipeline)).isZero();
    }

    private Pipeline start(String type) {
        PostgresSource source = PostgresSource.builder(postgres.url())
                .credentials("postgres", "postgres")
                .tables("public.prices", "public.items")
                .sslMode(SslMode.DISABLE)
                .build();
        return Philotes.source(source)
                .name("prices")
                .buffer(DiskBuffer.at(directory.resolve("buffer")))
                .checkpoints(FileCheckpointStore.at(directory.resolve("state")))
                .commitInterval(Duration.ofMillis(300))
                .rowPolicy(RowPolicy.DEAD_LETTER)
                .deadLetters(FileDeadLetterQueue.at(directory.resolve("letters")))
                .sink(IcebergSink.builder(catalog)
                        .namespace("shop")
                        .table(PRICES, TableOptions.DEFAULTS.type("amount", type))
                        .build())
                .start();
    }

    private static TableStatus status(Pipeline pipeline) {
        return pipeline.status().sinks().get(0).tables().stream()
                .filter(t -> t.table().equals(PRICES))
                .findFirst()
                .orElseThrow();
    }

    private static long open(Pipeline pipeline) {
        return status(pipeline).deadLetters();
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
        try (DeadLetterQueue queue = FileDeadLetterQueue.at(directory.resolve("letters"))) {
            queue.open("prices");
            List<DeadLetter.Id> all = queue.list(OPEN, Optional.empty(), 1000).stream()
                    .map(DeadLetter::id)
                    .toList();
            assertThat(queue.move(all, move)).isNotEmpty();
        }
    }

    /** All rows but those with these keys, there and here. */
    private void assertEqualBut(String... keys) throws Exception {
        Set<String> but = Set.of(keys);
        try (Connection source = postgres.connect()) {
            for (TableId table : List.of(PRICES, ITEMS)) {
                List<String> columns = Mirror.columns(source, table);
                List<List<String>> expected = Mirror.rows(source, table, columns);
                List<List<String>> seen =
                        Lake.rows(catalog.loadTable(TableIdentifier.of("shop", table.name())), columns);
                if (table.equals(PRICES)) {
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
