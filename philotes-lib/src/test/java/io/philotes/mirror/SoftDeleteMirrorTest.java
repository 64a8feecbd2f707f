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
import io.philotes.pipeline.TableStatus;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.IcebergSinkBuilder;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.SslMode;
import io.philotes.testkit.Lake;
import io.philotes.testkit.Mirror;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Deleted rows that stay, the whole way from a real PostgreSQL: there, triggers keep what each table has lost in a table beside
 * it, and the target must hold both.
 */
class SoftDeleteMirrorTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final List<String> TABLES = List.of("notes", "items", "tags");

    private static final String[] SCHEMA = {
        "CREATE TABLE notes (id text PRIMARY KEY, body text, n int, at timestamptz, since timestamp, amount numeric(30,4),"
                + " rate numeric, doc jsonb, ok boolean, code uuid, raw bytea, day date, clock time, f4 real,"
                + " f8 double precision, names text[], numbers int[])",
        "ALTER TABLE notes ALTER body SET STORAGE EXTERNAL",
        "CREATE TABLE items (id bigint PRIMARY KEY, body text, amount numeric(12,2), names text[])",
        "ALTER TABLE items ALTER body SET STORAGE EXTERNAL",
        "ALTER TABLE items REPLICA IDENTITY FULL",
        "CREATE TABLE tags (id int, tag text)",
        "ALTER TABLE tags REPLICA IDENTITY FULL",
        "CREATE FUNCTION bury() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " EXECUTE format('INSERT INTO %I SELECT ($1).*', TG_TABLE_NAME || '_dead') USING OLD; RETURN NULL; END $$",
        "CREATE FUNCTION bury_all() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " EXECUTE format('INSERT INTO %I SELECT * FROM %I', TG_TABLE_NAME || '_dead', TG_TABLE_NAME);"
                + " RETURN NULL; END $$",
        "CREATE FUNCTION revive() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " EXECUTE format('DELETE FROM %I WHERE id = $1', TG_TABLE_NAME || '_dead') USING NEW.id;"
                + " RETURN NULL; END $$",
    };

    private static String[] graves(String table) {
        return new String[] {
            "CREATE TABLE " + table + "_dead (LIKE " + table + ")",
            "CREATE TRIGGER dies AFTER DELETE ON " + table + " FOR EACH ROW EXECUTE FUNCTION bury()",
            "CREATE TRIGGER all_die BEFORE TRUNCATE ON " + table + " FOR EACH STATEMENT EXECUTE FUNCTION bury_all()",
        };
    }

    private static String[] revivals(String table) {
        return new String[] {
            "CREATE TRIGGER moves AFTER UPDATE ON " + table
                    + " FOR EACH ROW WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION bury()",
            "CREATE TRIGGER revives AFTER INSERT OR UPDATE ON " + table + " FOR EACH ROW EXECUTE FUNCTION revive()",
        };
    }

    private static final String[] FIRST_ROWS = {
        "INSERT INTO notes SELECT 'note-' || i, repeat(md5(i::text), 100), i, '2026-01-01 00:00:00+00'::timestamptz"
                + " + i * interval '1 hour', '1969-12-31 23:59:59.999999', 12345678901234567890 * i, i / 3.0,"
                + " jsonb_build_object('i', i), i % 2 = 0, md5(i::text)::uuid, decode(md5(i::text), 'hex'),"
                + " '2026-01-01'::date + i, '08:00'::time + i * interval '1 second', i / 4.0, i / 1024.0,"
                + " ARRAY['a b', 'c\"d', 'NULL', ''], ARRAY[i, NULL, -i] FROM generate_series(1, 40) i",
        "INSERT INTO items SELECT i, repeat(md5(i::text), 100), i * 1.25, ARRAY['a b', NULL] FROM generate_series(1, 40) i",
        "INSERT INTO tags SELECT i % 3, 'tag-' || i % 5 FROM generate_series(1, 45) i",
    };

    private static final String[] CHANGES = {
        "DELETE FROM notes WHERE n % 4 = 0",
        "BEGIN; UPDATE notes SET n = -n WHERE n IN (1, 2, 3); DELETE FROM notes WHERE n IN (-1, -2); COMMIT",
        "UPDATE notes SET id = id || '-moved', n = 0 WHERE n IN (5, 6)",
        "UPDATE notes SET id = 'note-4', n = 4000 WHERE n = 7",
        "INSERT INTO notes VALUES ('note-8', 'again', 8)",
        "BEGIN; INSERT INTO notes VALUES ('flash', 'x', 1); DELETE FROM notes WHERE id = 'flash'; COMMIT",
        "BEGIN; DELETE FROM notes WHERE id = 'note-9'; INSERT INTO notes VALUES ('note-9', repeat('y', 5000), 9);"
                + " UPDATE notes SET n = 99 WHERE id = 'note-9'; COMMIT",
        "DELETE FROM items WHERE id % 3 = 0",
        "UPDATE items SET id = id + 1000, amount = 0 WHERE id IN (1, 2)",
        "BEGIN; UPDATE items SET amount = 7 WHERE id = 4; UPDATE items SET id = 3 WHERE id = 4; COMMIT",
        "INSERT INTO items VALUES (6, 'again', 1, NULL)",
        "DELETE FROM tags WHERE ctid IN (SELECT min(ctid) FROM tags GROUP BY tag)",
        "UPDATE tags SET id = 9 WHERE ctid IN (SELECT max(ctid) FROM tags GROUP BY tag)",
        "BEGIN; INSERT INTO tags VALUES (0, 'tag-0'); DELETE FROM tags WHERE tag = 'tag-0'; COMMIT",
    };

    private static final String[] TRUNCATED = {
        "ALTER TABLE items ADD COLUMN extra int",
        "ALTER TABLE items_dead ADD COLUMN extra int",
        "UPDATE items SET extra = 5 WHERE id > 30",
        "DELETE FROM items WHERE id IN (31, 32)",
        "BEGIN; INSERT INTO notes VALUES ('last', 'words', 1); UPDATE notes SET n = n + 1 WHERE n > 30;"
                + " TRUNCATE notes, items, tags; INSERT INTO notes VALUES ('note-10', 'new', 10);"
                + " INSERT INTO items VALUES (5, 'new', 5, '{}', 5); INSERT INTO tags VALUES (1, 'tag-1'); COMMIT",
        "UPDATE notes SET n = 11 WHERE id = 'note-10'",
        "INSERT INTO tags VALUES (1, 'tag-1')",
        "DELETE FROM tags WHERE ctid IN (SELECT min(ctid) FROM tags)",
    };

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"17, 3", "14, 2"})
    void a_target_holds_the_rows_and_the_deleted_ones(int version, int formatVersion) throws Exception {
        try (TestPostgres postgres = TestPostgres.start(version);
                JdbcCatalog catalog = LocalCatalog.open(directory.resolve("lake"))) {
            create(postgres);
            try (Pipeline pipeline =
                    pipeline(postgres, soft(catalog, formatVersion)).start()) {
                settle(pipeline);
                postgres.execute(CHANGES);
                settle(pipeline);
                assertMirrored(postgres, catalog);
            }
            postgres.execute(TRUNCATED);
            try (Pipeline pipeline =
                    pipeline(postgres, soft(catalog, formatVersion)).start()) {
                settle(pipeline);
                assertMirrored(postgres, catalog);
                assertThat(pipeline.status().tables())
                        .filteredOn(t -> t.state() != TableState.STREAMING)
                        .as("a column added and a new file, both unseen, may be a rewrite")
                        .singleElement()
                        .extracting(t -> t.table().name(), TableStatus::state)
                        .containsExactly("items", TableState.DIVERGED);
            }
            copiesAgainForOtherOptions(postgres, catalog, pipeline(postgres, sink(catalog, formatVersion)));
        }
    }

    private static void create(TestPostgres postgres) throws Exception {
        postgres.execute(SCHEMA);
        for (String table : TABLES) {
            postgres.execute(graves(table));
        }
        postgres.execute(revivals("notes"));
        postgres.execute(revivals("items"));
        postgres.execute(FIRST_ROWS);
    }

    /** Rows that were kept although deleted are gone with the options that kept them. */
    private static void copiesAgainForOtherOptions(TestPostgres postgres, JdbcCatalog catalog, PipelineBuilder changed)
            throws Exception {
        try (Pipeline pipeline = changed.start();
                Connection source = postgres.connect()) {
            settle(pipeline);
            assertThat(pipeline.status().tables())
                    .extracting(TableStatus::state)
                    .containsOnly(TableState.STREAMING);
            for (String table : TABLES) {
                Table target = catalog.loadTable(TableIdentifier.of("shop", table));
                assertThat(target.schema().findField("_cdc_deleted")).isNull();
                Mirror.assertEqual(source, new TableId("public", table), target);
            }
        }
    }

    private static IcebergSinkBuilder sink(JdbcCatalog catalog, int formatVersion) {
        return IcebergSink.builder(catalog).namespace("shop").formatVersion(formatVersion);
    }

    private static IcebergSinkBuilder soft(JdbcCatalog catalog, int formatVersion) {
        return sink(catalog, formatVersion).withSoftDelete();
    }

    private PipelineBuilder pipeline(TestPostgres postgres, IcebergSinkBuilder sink) {
        PostgresSource source = PostgresSource.builder(postgres.url())
                .credentials("postgres", "postgres")
                .tables(TABLES.stream().map(t -> "public." + t).toArray(String[]::new))
                .sslMode(SslMode.DISABLE)
                .build();
        return Philotes.source(source)
                .name("mirror")
                .buffer(DiskBuffer.at(directory.resolve("buffer")))
                .checkpoints(FileCheckpointStore.at(directory.resolve("state")))
                .commitInterval(Duration.ofSeconds(1))
                .sink(sink.build());
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
                assertMirrored(source, table, catalog.loadTable(TableIdentifier.of("shop", table)));
            }
        }
    }

    private static void assertMirrored(Connection source, String table, Table target) throws Exception {
        TableId alive = new TableId("public", table);
        List<String> columns = Mirror.columns(source, alive);
        List<List<String>> expected = new ArrayList<>(marked(Mirror.rows(source, alive, columns), "false"));
        List<List<String>> dead = Mirror.rows(source, new TableId("public", table + "_dead"), columns);
        assertThat(dead).as("rows that %s has lost", table).isNotEmpty();
        expected.addAll(marked(dead, "true"));
        List<String> read =
                Stream.concat(columns.stream(), Stream.of("_cdc_deleted")).toList();
        assertThat(Lake.rows(target, read)).as("rows of %s", table).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static List<List<String>> marked(List<List<String>> rows, String deleted) {
        return rows.stream()
                .map(row -> Stream.concat(row.stream(), Stream.of(deleted)).toList())
                .toList();
    }
}
