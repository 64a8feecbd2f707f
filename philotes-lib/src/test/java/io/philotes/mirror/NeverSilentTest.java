// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.checkpoint.TableState;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.TableStatus;
import io.philotes.source.postgres.PostgresSourceBuilder;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What changes around a table while it streams, so that its changes do not come whole any more, is told; the others go on. */
class NeverSilentTest {

    private static final Map<Integer, TestPostgres> SERVERS = new HashMap<>();
    private static int databases;

    @TempDir
    Path directory;

    private MirrorLab lab(int version) throws Exception {
        TestPostgres server = SERVERS.computeIfAbsent(version, TestPostgres::start);
        MirrorLab lab = new MirrorLab(server, "told" + ++databases, directory);
        lab.sql("CREATE TABLE good (id int PRIMARY KEY)", "INSERT INTO good VALUES (1)");
        return lab;
    }

    @AfterAll
    static void stop() throws Exception {
        for (TestPostgres server : SERVERS.values()) {
            server.execute("CHECKPOINT");
            server.close();
        }
    }

    private static TableId table(String name) {
        return new TableId("public", name);
    }

    private static void assertTold(MirrorLab lab, Pipeline pipeline, String... tables) throws Exception {
        assertTold(pipeline, tables);
        lab.sql("INSERT INTO good SELECT max(id) + 1 FROM good");
        Awaitility.await().atMost(MirrorLab.PATIENCE).untilAsserted(() -> lab.assertMirrored(table("good")));
        assertThat(MirrorLab.status(pipeline, table("good")).state()).isEqualTo(TableState.STREAMING);
    }

    private static void assertTold(Pipeline pipeline, String... tables) {
        for (String table : tables) {
            Awaitility.await().atMost(MirrorLab.PATIENCE).untilAsserted(() -> {
                TableStatus status = MirrorLab.status(pipeline, table(table));
                assertThat(status.state())
                        .as(table)
                        .isIn(TableState.DIVERGED, TableState.NEEDS_RESYNC, TableState.HELD);
                assertThat(status.reason()).as(table).isNotBlank();
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = 18)
    void a_kept_publication_that_lists_other_columns_or_rows(int version) throws Exception {
        try (MirrorLab lab = lab(version)) {
            for (String name : new String[] {"list", "back"}) {
                lab.sql(
                        "CREATE TABLE " + name + " (id int PRIMARY KEY, a text, b text)",
                        "INSERT INTO " + name + " SELECT i, 'a', 'b' FROM generate_series(1, 10) i");
            }
            lab.sql("CREATE PUBLICATION kept FOR TABLE good, list (id, a), back"
                    + " WITH (publish_via_partition_root)");
            PostgresSourceBuilder source = lab.source("public.*").existingPublication("kept");
            try (Pipeline pipeline = lab.pipeline(source, sink -> sink).start()) {
                MirrorLab.settle(pipeline);
                lab.sql(
                        "ALTER PUBLICATION kept SET TABLE good, list, back (id, a)",
                        "UPDATE list SET b = 'c' WHERE id = 1",
                        "UPDATE back SET b = 'c' WHERE id = 1",
                        "ALTER PUBLICATION kept SET TABLE good, list, back",
                        "UPDATE back SET b = 'd' WHERE id = 2");
                assertTold(lab, pipeline, "list", "back");
            }
        }
    }

    /** For all of its tables, for nobody knows of which one something was left out. */
    @ParameterizedTest
    @ValueSource(strings = {"TABLE good", "ALL TABLES", "TABLES IN SCHEMA public"})
    void a_kept_publication_that_left_out_operations_for_a_while(String what) throws Exception {
        try (MirrorLab lab = lab(TestPostgres.DEFAULT_VERSION)) {
            lab.sql("CREATE PUBLICATION kept FOR " + what + " WITH (publish_via_partition_root)");
            PostgresSourceBuilder source = lab.source("public.*").existingPublication("kept");
            try (Pipeline pipeline = lab.pipeline(source, sink -> sink).start()) {
                MirrorLab.settle(pipeline);
                lab.sql(
                        "ALTER PUBLICATION kept SET (publish = 'insert, update, truncate')",
                        "DELETE FROM good",
                        "ALTER PUBLICATION kept SET (publish = 'insert, update, delete, truncate')");
                assertTold(pipeline, "good");
            }
        }
    }

    @Test
    void a_kept_publication_that_left_out_its_schema_for_a_while() throws Exception {
        try (MirrorLab lab = lab(TestPostgres.DEFAULT_VERSION)) {
            lab.sql("CREATE PUBLICATION kept FOR TABLES IN SCHEMA public WITH (publish_via_partition_root)");
            PostgresSourceBuilder source = lab.source("public.*").existingPublication("kept");
            try (Pipeline pipeline = lab.pipeline(source, sink -> sink).start()) {
                MirrorLab.settle(pipeline);
                lab.sql(
                        "ALTER PUBLICATION kept DROP TABLES IN SCHEMA public",
                        "DELETE FROM good",
                        "ALTER PUBLICATION kept ADD TABLES IN SCHEMA public");
                assertTold(pipeline, "good");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = 18)
    void a_kept_publication_that_filters_rows_from_now_on(int version) throws Exception {
        try (MirrorLab lab = lab(version)) {
            lab.sql(
                    "CREATE TABLE filtered (id int PRIMARY KEY, a text)",
                    "INSERT INTO filtered SELECT i, 'a' FROM generate_series(1, 10) i",
                    "CREATE TABLE gone (id int PRIMARY KEY)",
                    "CREATE PUBLICATION kept FOR TABLE good, filtered, gone WITH (publish_via_partition_root)");
            PostgresSourceBuilder source = lab.source("public.*").existingPublication("kept");
            try (Pipeline pipeline = lab.pipeline(source, sink -> sink).start()) {
                MirrorLab.settle(pipeline);
                lab.sql(
                        "ALTER PUBLICATION kept SET TABLE good, filtered WHERE (id < 5)",
                        "UPDATE filtered SET a = 'c'",
                        "INSERT INTO gone VALUES (1)");
                assertTold(lab, pipeline, "filtered", "gone");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void a_leaf_that_begins_to_lose_changes(int version) throws Exception {
        try (MirrorLab lab = lab(version)) {
            for (String name : new String[] {"unlogged", "added", "other", "attached"}) {
                lab.sql(
                        "CREATE TABLE " + name + " (id int PRIMARY KEY, n int NOT NULL) PARTITION BY RANGE (id)",
                        "CREATE TABLE " + name + "_leaf PARTITION OF " + name + " FOR VALUES FROM (0) TO (100)",
                        "CREATE UNIQUE INDEX " + name + "_n ON " + name + "_leaf (n)",
                        "INSERT INTO " + name + " SELECT i, i FROM generate_series(1, 10) i");
            }
            try (Pipeline pipeline = lab.pipeline("public.*").start()) {
                MirrorLab.settle(pipeline);
                lab.sql(
                        "ALTER TABLE unlogged_leaf SET UNLOGGED",
                        "INSERT INTO unlogged VALUES (50, 50)",
                        "CREATE UNLOGGED TABLE added_leaf2 PARTITION OF added FOR VALUES FROM (100) TO (200)",
                        "INSERT INTO added VALUES (150, 150)",
                        "ALTER TABLE other_leaf REPLICA IDENTITY USING INDEX other_n",
                        "UPDATE other SET id = id + 50 WHERE id < 5",
                        "CREATE TABLE late (id int NOT NULL, n int NOT NULL)",
                        "CREATE UNIQUE INDEX late_n ON late (n)",
                        "ALTER TABLE late REPLICA IDENTITY USING INDEX late_n",
                        "ALTER TABLE attached ATTACH PARTITION late FOR VALUES FROM (100) TO (200)",
                        "INSERT INTO attached VALUES (120, 120)",
                        "UPDATE attached SET id = id + 50 WHERE id = 120");
                assertTold(lab, pipeline, "unlogged", "added", "other", "attached");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void a_partition_that_comes_and_goes_between_two_looks(int version) throws Exception {
        try (MirrorLab lab = lab(version)) {
            lab.sql(
                    "CREATE TABLE root (id int PRIMARY KEY, n int NOT NULL) PARTITION BY RANGE (id)",
                    "CREATE TABLE low PARTITION OF root FOR VALUES FROM (0) TO (100)",
                    "INSERT INTO root SELECT i, i FROM generate_series(1, 10) i");
            try (Pipeline pipeline = lab.pipeline("public.*").start()) {
                MirrorLab.settle(pipeline);
                lab.sql("BEGIN; CREATE TABLE high PARTITION OF root FOR VALUES FROM (100) TO (200);"
                        + " INSERT INTO root VALUES (1, 1) ON CONFLICT DO NOTHING; INSERT INTO root VALUES (150, 150);"
                        + " COMMIT; DROP TABLE high");
                assertTold(lab, pipeline, "root");
            }
        }
    }
}
