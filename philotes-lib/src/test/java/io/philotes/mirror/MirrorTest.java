// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.Philotes;
import io.philotes.PipelineBuilder;
import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.checkpoint.TableState;
import io.philotes.checkpoint.file.FileCheckpointStore;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineState;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.SslMode;
import io.philotes.testkit.Mirror;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole way, from a real PostgreSQL of each version into a real table, with every hard kind of change. */
class MirrorTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final List<String> TABLES = List.of("orders", "lines", "notes", "tags", "shifting");

    private static final String[] SCHEMA = {
        "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')",
        "CREATE TABLE orders (id bigint PRIMARY KEY, at timestamptz, amount numeric(12,2), rate numeric, mood mood,"
                + " doc jsonb, ok boolean, code uuid, raw bytea, day date, clock time, names text[], numbers int[])",
        "CREATE TABLE lines (order_id int, line int, sku varchar(20), qty smallint, PRIMARY KEY (order_id, line))",
        "CREATE TABLE notes (id text PRIMARY KEY, body text, n int)",
        "ALTER TABLE notes ALTER body SET STORAGE EXTERNAL",
        "CREATE TABLE tags (tag text, weight int)",
        "ALTER TABLE tags REPLICA IDENTITY FULL",
        "CREATE TABLE shifting (id int PRIMARY KEY DEFERRABLE, name text)",
        "ALTER TABLE shifting REPLICA IDENTITY FULL",
    };

    private static final String[] FIRST_ROWS = {
        "INSERT INTO orders SELECT i, '2026-01-01 00:00:00+00'::timestamptz + i * interval '1 hour', i * 1.25, i / 3.0, 'ok',"
                + " jsonb_build_object('i', i), i % 2 = 0, md5(i::text)::uuid, decode(md5(i::text), 'hex'),"
                + " '2026-01-01'::date + i, '08:00'::time + i * interval '1 second', ARRAY['a b', 'c\"d', 'NULL', ''],"
                + " ARRAY[i, NULL, -i] FROM generate_series(1, 50) i",
        "INSERT INTO lines SELECT i / 3, i % 3, 'sku-' || i, i FROM generate_series(1, 60) i",
        "INSERT INTO notes SELECT 'note-' || i, repeat(md5(i::text), 100), i FROM generate_series(1, 20) i",
        "INSERT INTO tags SELECT 'tag-' || i % 5, i % 2 FROM generate_series(1, 30) i",
        "INSERT INTO shifting SELECT i, 'name ' || i FROM generate_series(1, 10) i",
    };

    private static final String[] CHANGES = {
        "UPDATE orders SET amount = amount + 1, mood = 'happy' WHERE id % 3 = 0",
        "BEGIN; INSERT INTO orders (id, amount) VALUES (100, 1); UPDATE orders SET amount = 2 WHERE id = 100;"
                + " DELETE FROM orders WHERE id = 100; INSERT INTO orders (id, amount) VALUES (100, 3); COMMIT",
        "UPDATE orders SET id = id + 1000 WHERE id IN (7, 8)",
        "BEGIN; DELETE FROM lines WHERE order_id = 1; SAVEPOINT s; DELETE FROM lines; ROLLBACK TO s;"
                + " INSERT INTO lines VALUES (1, 1, 'again', 9); COMMIT",
        "UPDATE notes SET n = n + 1 WHERE n % 2 = 0",
        "UPDATE notes SET id = id || '-moved', n = 0 WHERE n = 5",
        "BEGIN; UPDATE notes SET n = 77 WHERE id = 'note-3'; UPDATE notes SET n = 78 WHERE id = 'note-3'; COMMIT",
        "UPDATE notes SET body = repeat('new', 1000) WHERE id = 'note-9'",
        "DELETE FROM tags WHERE ctid IN (SELECT min(ctid) FROM tags GROUP BY tag)",
        "UPDATE tags SET weight = 9 WHERE ctid IN (SELECT max(ctid) FROM tags GROUP BY tag)",
        "UPDATE shifting SET id = id + 1",
        "BEGIN; INSERT INTO lines VALUES (900, 1, 'gone', 1); TRUNCATE lines; INSERT INTO lines VALUES (901, 1, 'kept', 1);"
                + " COMMIT",
        "INSERT INTO lines SELECT i, 0, 'bulk', 1 FROM generate_series(2000, 2500) i",
    };

    private static final String[] CHANGED_SCHEMA = {
        "ALTER TABLE orders ADD COLUMN note text",
        "UPDATE orders SET note = 'added' WHERE id < 10",
        "ALTER TABLE lines RENAME COLUMN sku TO article",
        "INSERT INTO lines VALUES (902, 1, 'renamed', 2)",
        "ALTER TABLE lines ALTER COLUMN qty TYPE int",
        "INSERT INTO lines VALUES (903, 1, 'widened', 2000000000)",
        "ALTER TABLE orders DROP COLUMN ok",
        "UPDATE orders SET amount = 0 WHERE id < 5",
    };

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"17, 3", "14, 2", "15, 3", "16, 2", "18, 3"})
    void a_mirror_equals_its_source_after_every_hard_change(int version, int formatVersion) throws Exception {
        try (TestPostgres postgres = TestPostgres.start(version);
                JdbcCatalog catalog = LocalCatalog.open(directory.resolve("lake"))) {
            postgres.execute(SCHEMA);
            postgres.execute(FIRST_ROWS);
            try (Pipeline pipeline = pipeline(postgres, catalog, formatVersion).start()) {
                settle(pipeline);
                assertMirrored(postgres, catalog);
                postgres.execute(CHANGES);
                settle(pipeline);
                assertMirrored(postgres, catalog);
            }
            postgres.execute(CHANGED_SCHEMA);
            try (Pipeline pipeline = pipeline(postgres, catalog, formatVersion).start()) {
                settle(pipeline);
                assertMirrored(postgres, catalog);
                assertThat(diverged(pipeline))
                        .as("a widening may compute anything")
                        .containsExactly("lines");
                pipeline.resync(List.of(new TableId("public", "lines")));
                settle(pipeline);
                assertMirrored(postgres, catalog);
                assertThat(diverged(pipeline)).isEmpty();
            }
        }
    }

    /** The tables that do not simply stream. */
    private static List<String> diverged(Pipeline pipeline) {
        return pipeline.status().tables().stream()
                .filter(table -> table.state() != TableState.STREAMING)
                .map(table -> table.table().name())
                .toList();
    }

    private PipelineBuilder pipeline(TestPostgres postgres, JdbcCatalog catalog, int formatVersion) {
        PostgresSource source = PostgresSource.builder(postgres.url())
                .credentials("postgres", "postgres")
                .tables(TABLES.stream().map(t -> "public." + t).toArray(String[]::new))
                .sslMode(SslMode.DISABLE)
                .build();
        IcebergSink sink = IcebergSink.builder(catalog)
                .namespace("shop")
                .formatVersion(formatVersion)
                .build();
        return Philotes.source(source)
                .name("mirror")
                .buffer(DiskBuffer.at(directory.resolve("buffer")))
                .checkpoints(FileCheckpointStore.at(directory.resolve("state")))
                .commitInterval(Duration.ofSeconds(1))
                .sink(sink);
    }

    private static void settle(Pipeline pipeline) throws InterruptedException {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> pipeline.status().state() == PipelineState.RUNNING
                        || pipeline.status().state().isFinal());
        pipeline.runUntilCaughtUp(PATIENCE);
    }

    private static void assertMirrored(TestPostgres postgres, JdbcCatalog catalog) throws Exception {
        try (Connection source = postgres.connect()) {
            for (String table : TABLES) {
                Mirror.assertEqual(
                        source, new TableId("public", table), catalog.loadTable(TableIdentifier.of("shop", table)));
            }
        }
    }
}
