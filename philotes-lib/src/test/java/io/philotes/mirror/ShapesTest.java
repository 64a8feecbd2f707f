// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.checkpoint.TableState;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.TableStatus;
import io.philotes.sink.iceberg.WriteMode;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of every odd shape: mirrored exactly. */
class ShapesTest {

    private static final Map<Integer, TestPostgres> SERVERS = new HashMap<>();
    private static int databases;

    @TempDir
    Path directory;

    private MirrorLab lab(int version) throws Exception {
        TestPostgres server = SERVERS.computeIfAbsent(version, TestPostgres::start);
        return new MirrorLab(server, "shape" + ++databases, directory);
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

    @ParameterizedTest
    @ValueSource(ints = 18)
    void as_many_columns_as_postgresql_takes(int version) throws Exception {
        String columns = IntStream.range(1, 1600)
                .mapToObj(i -> "c" + i + (i % 8 == 0 ? " text" : " int"))
                .collect(Collectors.joining(", "));
        String values = IntStream.range(1, 1600)
                .mapToObj(i -> i % 8 == 0 ? "(i % 10)::text" : "i + " + i)
                .collect(Collectors.joining(", "));
        try (MirrorLab lab = lab(version)) {
            lab.sql(
                    "CREATE TABLE wide (id int PRIMARY KEY, " + columns + ")",
                    "INSERT INTO wide SELECT i, " + values + " FROM generate_series(1, 100) i");
            try (Pipeline pipeline = lab.pipeline("public.wide").start()) {
                MirrorLab.settle(pipeline);
                lab.sql(
                        "INSERT INTO wide SELECT i, " + values + " FROM generate_series(101, 200) i",
                        "UPDATE wide SET c1 = -1, c1599 = -1 WHERE id % 5 = 0",
                        "UPDATE wide SET c8 = NULL, id = id + 10000 WHERE id % 50 = 1",
                        "DELETE FROM wide WHERE id % 7 = 0");
                MirrorLab.settle(pipeline);
                lab.assertMirrored(table("wide"));
            }
            lab.sql("UPDATE wide SET c800 = 'x' WHERE id % 3 = 0");
            try (Pipeline pipeline = lab.pipeline("public.wide").start()) {
                MirrorLab.settle(pipeline);
                lab.assertMirrored(table("wide"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void a_table_that_is_all_key(int version) throws Exception {
        try (MirrorLab lab = lab(version)) {
            lab.sql(
                    "CREATE TABLE pairs (a int, b text, PRIMARY KEY (b, a))",
                    "INSERT INTO pairs SELECT i, i % 7 FROM generate_series(1, 100) i");
            try (Pipeline pipeline = lab.pipeline("public.pairs").start()) {
                MirrorLab.settle(pipeline);
                lab.sql(
                        "INSERT INTO pairs VALUES (1000, 'new')",
                        "DELETE FROM pairs WHERE a % 10 = 0",
                        "UPDATE pairs SET a = -a WHERE b = '3'",
                        "UPDATE pairs SET b = b");
                MirrorLab.settle(pipeline);
                lab.assertMirrored(table("pairs"));
            }
            lab.sql("UPDATE pairs SET a = a + 1", "DELETE FROM pairs WHERE b = '2'");
            try (Pipeline pipeline = lab.pipeline("public.pairs").start()) {
                MirrorLab.settle(pipeline);
                lab.assertMirrored(table("pairs"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void an_empty_table_has_its_target_after_the_start(int version) throws Exception {
        try (MirrorLab lab = lab(version)) {
            lab.sql("CREATE TABLE bare (id int PRIMARY KEY, name text, at timestamptz NOT NULL)");
            try (Pipeline pipeline = lab.pipeline("public.bare").start()) {
                MirrorLab.settle(pipeline);
                assertThat(lab.target(table("bare")).orElseThrow().schema().columns().stream()
                                .map(f -> f.name() + " " + f.type()))
                        .containsExactly("id int", "name string", "at timestamptz");
                lab.assertMirrored(table("bare"));
                lab.sql("INSERT INTO bare VALUES (1, 'one', now())");
                MirrorLab.settle(pipeline);
                lab.assertMirrored(table("bare"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void rows_older_than_a_column_show_its_default_letter_by_letter(int version) throws Exception {
        try (MirrorLab lab = lab(version)) {
            lab.sql(
                    "CREATE DOMAIN area AS box",
                    "CREATE TABLE aged (id int PRIMARY KEY)",
                    "INSERT INTO aged SELECT generate_series(1, 10)");
            try (Pipeline pipeline = lab.pipeline("public.aged").start()) {
                MirrorLab.settle(pipeline);
                lab.sql(
                        "ALTER TABLE aged ADD a box DEFAULT '(1,1),(0,0)', ADD b area DEFAULT '(2,2),(0,0)',"
                                + " ADD c text DEFAULT 'a,{b}\"c\"\\d', ADD d text DEFAULT '', ADD e text DEFAULT 'NULL',"
                                + " ADD f point DEFAULT '(1,2)'",
                        "INSERT INTO aged VALUES (11)",
                        "INSERT INTO aged VALUES (12, NULL, NULL, NULL, NULL, NULL, NULL)",
                        "UPDATE aged SET d = 'changed' WHERE id = 5");
                MirrorLab.settle(pipeline);
                lab.assertMirrored(table("aged"));
                assertThat(MirrorLab.status(pipeline, table("aged")).state()).isEqualTo(TableState.STREAMING);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void partitions_of_partitions_are_their_root(int version) throws Exception {
        try (MirrorLab lab = lab(version)) {
            lab.sql(
                    "CREATE TABLE root (id int, region text, name text, PRIMARY KEY (id, region)) PARTITION BY LIST (region)",
                    "CREATE TABLE eu PARTITION OF root FOR VALUES IN ('eu') PARTITION BY RANGE (id)",
                    "CREATE TABLE eu_low PARTITION OF eu FOR VALUES FROM (0) TO (100)",
                    "CREATE TABLE eu_high (name text, gone int, region text NOT NULL, id int NOT NULL)",
                    "ALTER TABLE eu_high DROP COLUMN gone",
                    "ALTER TABLE eu ATTACH PARTITION eu_high FOR VALUES FROM (100) TO (1000)",
                    "CREATE TABLE other PARTITION OF root DEFAULT",
                    "INSERT INTO root SELECT i, CASE i % 3 WHEN 0 THEN 'us' ELSE 'eu' END, 'n' || i"
                            + " FROM generate_series(1, 300) i");
            try (Pipeline pipeline = lab.pipeline("public.*").start()) {
                MirrorLab.settle(pipeline);
                assertThat(pipeline.status().tables())
                        .extracting(TableStatus::table)
                        .containsExactly(table("root"));
                lab.assertMirrored(table("root"));
                lab.sql(
                        "INSERT INTO eu_high (id, region, name) VALUES (900, 'eu', 'through the leaf')",
                        "INSERT INTO eu (id, region, name) VALUES (50 + 900, 'eu', 'through the middle')",
                        "UPDATE root SET region = 'eu' WHERE id = 3",
                        "UPDATE root SET id = id + 500 WHERE id < 20 AND region = 'eu'",
                        "UPDATE eu_low SET name = 'leaf' WHERE id < 30",
                        "DELETE FROM eu_high WHERE id % 10 = 1",
                        "CREATE TABLE asia PARTITION OF root FOR VALUES IN ('asia')",
                        "INSERT INTO root VALUES (1, 'asia', 'a new leaf')",
                        "INSERT INTO root VALUES (1, 'mars', 'the default')");
                MirrorLab.settle(pipeline);
                lab.assertMirrored(table("root"));
            }
            lab.sql(
                    "BEGIN; TRUNCATE root; INSERT INTO root VALUES (7, 'eu', 'after'); COMMIT",
                    "UPDATE root SET region = 'us' WHERE id = 7");
            try (Pipeline pipeline = lab.pipeline("public.*").start()) {
                MirrorLab.settle(pipeline);
                lab.assertMirrored(table("root"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void rows_without_a_key_are_matched_as_a_whole(int version) throws Exception {
        try (MirrorLab lab = lab(version)) {
            lab.sql(
                    "CREATE TABLE bag (a int, b text)",
                    "ALTER TABLE bag REPLICA IDENTITY FULL",
                    "INSERT INTO bag SELECT i % 3, NULLIF(i % 2, 1)::text FROM generate_series(1, 30) i");
            try (Pipeline pipeline = lab.pipeline("public.bag").start()) {
                MirrorLab.settle(pipeline);
                lab.sql(
                        "DELETE FROM bag WHERE ctid IN (SELECT min(ctid) FROM bag GROUP BY a, b)",
                        "UPDATE bag SET b = 'x' WHERE ctid IN (SELECT max(ctid) FROM bag GROUP BY a, b)");
                MirrorLab.settle(pipeline);
                lab.assertMirrored(table("bag"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void a_history_keeps_rows_that_have_neither_key_nor_columns(int version) throws Exception {
        try (MirrorLab lab = lab(version)) {
            lab.sql(
                    "CREATE TABLE none ()",
                    "INSERT INTO none DEFAULT VALUES",
                    "CREATE TABLE log (at int)",
                    "INSERT INTO log VALUES (1)");
            try (Pipeline pipeline = lab.pipeline(
                            lab.source("public.none", "public.log"), sink -> sink.mode(WriteMode.APPEND))
                    .start()) {
                MirrorLab.settle(pipeline);
                lab.sql("INSERT INTO none DEFAULT VALUES", "INSERT INTO log VALUES (2)");
                MirrorLab.settle(pipeline);
                assertThat(pipeline.status().tables())
                        .extracting(TableStatus::state)
                        .containsOnly(TableState.STREAMING);
                lab.assertMirrored(table("none"));
                lab.assertMirrored(table("log"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void stored_generated_columns_are_not_published_and_not_in_the_target(int version) throws Exception {
        try (MirrorLab lab = lab(version)) {
            lab.sql(
                    "CREATE TABLE gen (a int, twice int GENERATED ALWAYS AS (a * 2) STORED, id int PRIMARY KEY,"
                            + (version < 18 ? "" : " thrice int GENERATED ALWAYS AS (a * 3) VIRTUAL,") + " b text)",
                    "INSERT INTO gen (id, a, b) SELECT i, i, 'b' FROM generate_series(1, 10) i");
            try (Pipeline pipeline = lab.pipeline("public.gen").start()) {
                MirrorLab.settle(pipeline);
                lab.sql("INSERT INTO gen (id, a, b) VALUES (11, 11, 'x')", "UPDATE gen SET a = a + 1 WHERE id < 5");
                MirrorLab.settle(pipeline);
                lab.assertMirrored(table("gen"));
                assertThat(MirrorLab.targetColumns(lab.target(table("gen")).orElseThrow())
                                .values())
                        .containsExactly("a", "id", "b");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = 18)
    void generated_columns_that_are_published_arrive_by_copy_and_stream(int version) throws Exception {
        try (MirrorLab lab = lab(version)) {
            lab.sql(
                    "CREATE TABLE gen (a int, twice int GENERATED ALWAYS AS (a * 2) STORED, id int PRIMARY KEY,"
                            + " thrice int GENERATED ALWAYS AS (a * 3) VIRTUAL, b text)",
                    "INSERT INTO gen (id, a, b) SELECT i, i, 'b' FROM generate_series(1, 10) i",
                    "CREATE PUBLICATION kept FOR TABLE gen WITH (publish_via_partition_root,"
                            + " publish_generated_columns = stored)");
            try (Pipeline pipeline = lab.pipeline(lab.source("public.gen").existingPublication("kept"), sink -> sink)
                    .start()) {
                MirrorLab.settle(pipeline);
                lab.sql("INSERT INTO gen (id, a, b) VALUES (11, 11, 'x')", "UPDATE gen SET a = a + 1 WHERE id < 5");
                MirrorLab.settle(pipeline);
                assertThat(MirrorLab.targetColumns(lab.target(table("gen")).orElseThrow())
                                .values())
                        .containsExactly("a", "twice", "id", "b");
                lab.assertMirrored(table("gen"), 1, 2, 3, 5);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = 18)
    void a_kept_publication_filters_rows_and_columns_in_copy_and_stream_alike(int version) throws Exception {
        try (MirrorLab lab = lab(version)) {
            lab.sql(
                    "CREATE TABLE filtered (id int PRIMARY KEY, secret text, n int NOT NULL, b text)",
                    "ALTER TABLE filtered REPLICA IDENTITY FULL",
                    "INSERT INTO filtered SELECT i, 's', i % 3, 'b' FROM generate_series(1, 30) i",
                    "CREATE TABLE part (id int PRIMARY KEY, secret text, b text)",
                    "INSERT INTO part SELECT i, 's', 'b' FROM generate_series(1, 30) i",
                    "CREATE PUBLICATION kept FOR TABLE filtered WHERE (n = 1), TABLE part (id, b)"
                            + " WITH (publish_via_partition_root)");
            List<String> published = List.of("id", "secret", "n", "b");
            try (Pipeline pipeline = lab.pipeline(
                            lab.source("public.filtered", "public.part").existingPublication("kept"), sink -> sink)
                    .start()) {
                MirrorLab.settle(pipeline);
                assertThat(lab.rows(table("filtered"), published))
                        .containsExactlyInAnyOrderElementsOf(lab.sourceRows("SELECT * FROM filtered WHERE n = 1"));
                assertThat(lab.rows(table("part"), List.of("id", "b")))
                        .containsExactlyInAnyOrderElementsOf(lab.sourceRows("SELECT id, b FROM part"));
                lab.sql(
                        "UPDATE filtered SET n = 1 WHERE id % 6 = 0",
                        "UPDATE filtered SET n = 0 WHERE id % 6 = 1",
                        "UPDATE filtered SET secret = 'changed'",
                        "INSERT INTO filtered VALUES (100, 'x', 1, 'in'), (101, 'x', 2, 'out')",
                        "DELETE FROM filtered WHERE id % 5 = 0",
                        "UPDATE part SET secret = 'other'",
                        "UPDATE part SET b = 'other' WHERE id < 10",
                        "INSERT INTO part VALUES (100, 's', 'b')");
                MirrorLab.settle(pipeline);
                assertThat(lab.rows(table("filtered"), published))
                        .containsExactlyInAnyOrderElementsOf(lab.sourceRows("SELECT * FROM filtered WHERE n = 1"));
                assertThat(lab.rows(table("part"), List.of("id", "b")))
                        .containsExactlyInAnyOrderElementsOf(lab.sourceRows("SELECT id, b FROM part"));
            }
        }
    }
}
