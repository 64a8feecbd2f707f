// SPDX-License-Identifier: Apache-2.0
package io.philotes.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.Philotes;
import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.checkpoint.file.FileCheckpointStore;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineState;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.PostgresSourceBuilder;
import io.philotes.source.postgres.SslMode;
import io.philotes.testkit.ExactRows;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Text of databases in other encodings than UTF-8, their names and labels included, arrives by copy and stream as it is. */
class EncodingsTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"14, LATIN1, é§ß", "18, WIN1251, Жщя", "17, EUC_JP, 日本語", "18, UTF8, 𝄞é日"})
    void every_text_is_what_it_was(int version, String encoding, String letters) throws Exception {
        String create = "CREATE DATABASE western TEMPLATE template0 ENCODING '" + encoding + "' LOCALE 'C'";
        try (TestPostgres postgres = TestPostgres.start(version);
                JdbcCatalog catalog = LocalCatalog.open(directory.resolve("lake"))) {
            postgres.execute(create);
            postgres.executeIn("western", schema(letters));
            postgres.executeIn("western", rows("known", 1, letters), rows("printed", 1, letters));
            try (Pipeline binary = pipeline(postgres, catalog, "in_binary", "known");
                    Pipeline text = pipeline(postgres, catalog, "in_text", "known", "printed")) {
                postgres.executeIn("western", rows("known", 100, letters), rows("printed", 100, letters));
                binary.runUntilCaughtUp(TypesLab.PATIENCE);
                text.runUntilCaughtUp(TypesLab.PATIENCE);
            }
            assertSame(postgres, catalog, "in_binary", "known");
            assertSame(postgres, catalog, "in_text", "known");
            assertSame(postgres, catalog, "in_text", "printed");
        }
    }

    private static String[] schema(String letters) {
        String known = "a text, b varchar(20), c char(5), d name, e mood, f json, g jsonb, h text[], i mood[], j bytea";
        return new String[] {
            "CREATE TYPE mood AS ENUM ('" + letters + "', 'b, \"" + letters + "\"')",
            "CREATE TYPE pair AS (x int, y text)",
            "CREATE TABLE known (id int PRIMARY KEY, \"" + letters + "\" text, " + known + ")",
            "CREATE TABLE printed (id int PRIMARY KEY, \"" + letters + "\" text, " + known
                    + ", k xml, l pair, m tsvector, n pair[], o interval)"
        };
    }

    private static String rows(String table, int id, String letters) {
        String known =
                " SELECT i, '%1$s', '%1$s' || i, ' %1$s ', '%1$s', '%1$s', '%1$s', '{\"%1$s\": \"%1$s\"}', '{\"%1$s\": [\"%1$s\"]}',"
                        + " ARRAY['%1$s', '', NULL, 'a,\"%1$s\\'], ARRAY['%1$s', 'b, \"%1$s\"']::mood[], '\\x00ff'";
        String printed =
                ", '<a>%1$s</a>'::xml, ROW(i, '%1$s \"')::pair, '%1$s:1 b:2A'::tsvector, ARRAY[ROW(1, '%1$s')]::pair[], '1 day'::interval";
        return "INSERT INTO " + table + (known + (table.equals("printed") ? printed : "")).formatted(letters)
                + " FROM generate_series(" + id + ", " + (id + 5) + ") i";
    }

    private Pipeline pipeline(TestPostgres postgres, JdbcCatalog catalog, String namespace, String... tables) {
        PostgresSourceBuilder source = PostgresSource.builder(postgres.url("western"))
                .credentials("postgres", "postgres")
                .tables(tables)
                .sslMode(SslMode.DISABLE);
        Pipeline pipeline = Philotes.source(source.build())
                .name(namespace)
                .buffer(DiskBuffer.at(directory.resolve("buffer-" + namespace)))
                .checkpoints(FileCheckpointStore.at(directory.resolve("state-" + namespace)))
                .commitInterval(Duration.ofMillis(300))
                .sink(IcebergSink.builder(catalog).namespace(namespace).build())
                .start();
        Awaitility.await()
                .atMost(TypesLab.PATIENCE)
                .until(() -> pipeline.status().state() == PipelineState.RUNNING
                        || pipeline.status().state().isFinal());
        return pipeline;
    }

    private static void assertSame(TestPostgres postgres, JdbcCatalog catalog, String namespace, String table)
            throws Exception {
        Table target = catalog.loadTable(TableIdentifier.of(namespace, table));
        try (Connection source = postgres.connect("western")) {
            assertThat(ExactRows.ofTarget(target))
                    .as("%s.%s", namespace, table)
                    .isEqualTo(ExactRows.ofSource(source, "public." + table, target))
                    .hasSize(12);
        }
    }
}
