// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.PipelineBuilder;
import io.philotes.checkpoint.TableState;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.source.postgres.PostgresSourceBuilder;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table that cannot be mirrored says so and why, and the others go on; one that was named is refused before the first start. */
class RefusedTablesTest {

    private static final Map<Integer, TestPostgres> SERVERS = new HashMap<>();
    private static final TableId GOOD = table("good");
    private static int databases;

    /** What makes a table that no mirror can follow, by what its reason must say. */
    private static final Map<String, String[]> BAD = Map.of(
            "it has no columns",
            new String[] {"CREATE TABLE bad0 ()", "INSERT INTO bad0 DEFAULT VALUES"},
            "it has no key and its replica identity is not FULL",
            new String[] {"CREATE TABLE bad1 (id int)", "INSERT INTO bad1 VALUES (1)"},
            "its replica identity is NOTHING",
            new String[] {"CREATE TABLE bad2 (id int PRIMARY KEY)", "ALTER TABLE bad2 REPLICA IDENTITY NOTHING"},
            "the table is unlogged",
            new String[] {"CREATE UNLOGGED TABLE bad3 (id int PRIMARY KEY)"},
            "these columns are not published: g",
            new String[] {"CREATE TABLE bad4 (id int, g int GENERATED ALWAYS AS (id) STORED PRIMARY KEY)"},
            "its partition public.leaf is unlogged",
            new String[] {
                "CREATE TABLE bad5 (id int PRIMARY KEY) PARTITION BY LIST (id)",
                "CREATE UNLOGGED TABLE leaf PARTITION OF bad5 DEFAULT"
            },
            "its target's name is the checkpoint's",
            new String[] {"CREATE TABLE philotes_progress (id int PRIMARY KEY)"});

    @TempDir
    Path directory;

    private MirrorLab lab(int version) throws Exception {
        TestPostgres server = SERVERS.computeIfAbsent(version, TestPostgres::start);
        MirrorLab lab = new MirrorLab(server, "refused" + ++databases, directory);
        lab.sql("CREATE TABLE good (id int PRIMARY KEY, name text)", "INSERT INTO good VALUES (1, 'one')");
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

    private static void assertFollows(MirrorLab lab, Pipeline pipeline, TableId table) throws Exception {
        lab.sql("INSERT INTO " + table.toSql() + " SELECT max(id) + 1 FROM " + table.toSql());
        Awaitility.await().atMost(MirrorLab.PATIENCE).untilAsserted(() -> {
            assertThat(MirrorLab.status(pipeline, table).state()).isEqualTo(TableState.STREAMING);
            lab.assertMirrored(table);
        });
    }

    private static void assertLeftOut(Pipeline pipeline, TableId table, String why) {
        Awaitility.await().atMost(MirrorLab.PATIENCE).untilAsserted(() -> {
            assertThat(MirrorLab.status(pipeline, table).reason()).contains(why);
            assertThat(MirrorLab.status(pipeline, table).state()).isEqualTo(TableState.NEEDS_RESYNC);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void of_those_that_a_pattern_names_the_good_ones_start(int version) throws Exception {
        try (MirrorLab lab = lab(version)) {
            for (String[] ddl : BAD.values()) {
                lab.sql(ddl);
            }
            try (Pipeline pipeline = lab.pipeline("public.*").start()) {
                MirrorLab.awaitRunning(pipeline);
                assertFollows(lab, pipeline, GOOD);
                for (String why : BAD.keySet()) {
                    assertThat(pipeline.status().tables()).anySatisfy(status -> {
                        assertThat(status.reason()).contains(why).contains(" -- ");
                        assertThat(status.state()).isEqualTo(TableState.NEEDS_RESYNC);
                    });
                }
                lab.sql("UPDATE bad1 SET id = 2", "DELETE FROM bad2");
                assertThat(lab.targets()).hasSize(1);
            }
            lab.sql(
                    "ALTER TABLE bad0 ADD id serial PRIMARY KEY",
                    "ALTER TABLE bad1 ADD PRIMARY KEY (id)",
                    "ALTER TABLE bad3 SET LOGGED",
                    "ALTER TABLE leaf SET LOGGED",
                    "INSERT INTO bad3 VALUES (3)",
                    "INSERT INTO bad5 VALUES (3)");
            try (Pipeline pipeline = lab.pipeline("public.*").start()) {
                for (String mended : new String[] {"bad0", "bad1", "bad3", "bad5", "good"}) {
                    assertFollows(lab, pipeline, table(mended));
                }
                assertLeftOut(pipeline, table("bad2"), "its replica identity is NOTHING");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void one_that_is_named_refuses_the_first_start_and_nothing_is_made(int version) throws Exception {
        try (MirrorLab lab = lab(version)) {
            lab.sql("CREATE UNLOGGED TABLE bad (id int PRIMARY KEY)", "CREATE VIEW seen AS SELECT * FROM good");
            assertRefused(lab.pipeline("public.good", "public.bad"), ErrorCode.UNLOGGED_TABLE, "public.bad");
            assertRefused(lab.pipeline("public.good", "public.seen"), ErrorCode.TABLE_MISSING, "it is a view");
            assertRefused(
                    lab.pipeline("public.good", "public.ba*", "public.bad"), ErrorCode.UNLOGGED_TABLE, "unlogged");
            assertRefused(lab.pipeline("public.b*"), ErrorCode.UNLOGGED_TABLE, "unlogged");
            assertThat(lab.value("SELECT (SELECT count(*) FROM pg_publication)"
                            + " + (SELECT count(*) FROM pg_replication_slots WHERE database = current_database())"))
                    .isEqualTo("0");
        }
    }

    private static void assertRefused(PipelineBuilder pipeline, ErrorCode code, String why) {
        assertThatThrownBy(pipeline::start)
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void two_that_want_one_target_are_refused_and_a_later_one_alone(int version) throws Exception {
        try (MirrorLab lab = lab(version)) {
            lab.sql("CREATE SCHEMA other", "CREATE TABLE other.\"GOOD\" (id int PRIMARY KEY)");
            assertThatThrownBy(() -> lab.pipeline("*.*").start())
                    .isInstanceOfSatisfying(PhilotesException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.MAPPED_TWICE);
                        assertThat(e.hint()).contains("target: …");
                    })
                    .hasMessageContaining("other.GOOD")
                    .hasMessageContaining("public.good");
            try (Pipeline pipeline = lab.pipeline("public.*").start()) {
                MirrorLab.settle(pipeline);
            }
            TableId later = new TableId("other", "GOOD");
            try (Pipeline pipeline = lab.pipeline("*.*").start()) {
                MirrorLab.awaitRunning(pipeline);
                assertLeftOut(pipeline, later, "its target lab.GOOD is that of [other.GOOD, public.good]");
                assertFollows(lab, pipeline, GOOD);
                lab.sql("CREATE TABLE other.good (id int PRIMARY KEY)", "INSERT INTO other.good VALUES (77)");
                assertLeftOut(pipeline, new TableId("other", "good"), "its target lab.good is that of");
                assertFollows(lab, pipeline, GOOD);
            }
            try (Pipeline pipeline = lab.pipeline("other.good").start()) {
                MirrorLab.awaitRunning(pipeline);
                assertLeftOut(pipeline, new TableId("other", "good"), "the target holds the rows of table public.good");
            }
            assertThat(lab.targets()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void one_that_went_bad_meanwhile_is_left_out_at_the_next_start(int version) throws Exception {
        try (MirrorLab lab = lab(version)) {
            String[] tables = {"public.good", "public.gone", "public.unlogged", "public.nothing", "public.shapeless"};
            for (String table : tables) {
                lab.sql("CREATE TABLE IF NOT EXISTS " + table + " (id int PRIMARY KEY)");
            }
            try (Pipeline pipeline = lab.pipeline(tables).start()) {
                MirrorLab.settle(pipeline);
            }
            lab.sql(
                    "DROP TABLE gone",
                    "ALTER PUBLICATION philotes_" + lab.database() + " DROP TABLE unlogged",
                    "ALTER TABLE unlogged SET UNLOGGED",
                    "INSERT INTO unlogged VALUES (1)",
                    "ALTER TABLE nothing REPLICA IDENTITY NOTHING",
                    "ALTER TABLE shapeless DROP COLUMN id");
            try (Pipeline pipeline = lab.pipeline(tables).start()) {
                assertFollows(lab, pipeline, GOOD);
                assertLeftOut(pipeline, table("gone"), "does not exist");
                assertLeftOut(pipeline, table("unlogged"), "the table is unlogged");
                assertLeftOut(pipeline, table("nothing"), "its replica identity is NOTHING");
                assertLeftOut(pipeline, table("shapeless"), "it has no columns");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void a_role_that_sees_only_some_rows_or_tables_copies_the_others(int version) throws Exception {
        try (MirrorLab lab = lab(version)) {
            String role = "reader_" + lab.database();
            lab.sql(
                    "CREATE ROLE " + role + " LOGIN REPLICATION",
                    "CREATE TABLE secret (id int PRIMARY KEY)",
                    "INSERT INTO secret SELECT generate_series(1, 10)",
                    "CREATE TABLE policed (id int PRIMARY KEY)",
                    "INSERT INTO policed SELECT generate_series(1, 10)",
                    "CREATE POLICY odd ON policed USING (id % 2 = 1)",
                    "ALTER TABLE policed ENABLE ROW LEVEL SECURITY",
                    "GRANT SELECT ON good, policed TO " + role,
                    "CREATE PUBLICATION kept FOR TABLE good, policed, secret WITH (publish_via_partition_root)");
            try (Pipeline pipeline = asReader(lab, role, "public.*").start()) {
                MirrorLab.awaitRunning(pipeline);
                assertFollows(lab, pipeline, GOOD);
                assertLeftOut(pipeline, table("secret"), "may not read the table");
                assertLeftOut(pipeline, table("policed"), "row security is active");
            }
            lab.sql("GRANT SELECT ON secret TO " + role, "ALTER ROLE " + role + " BYPASSRLS");
            try (Pipeline pipeline = asReader(lab, role, "public.*").start()) {
                assertFollows(lab, pipeline, table("secret"));
                assertFollows(lab, pipeline, table("policed"));
            }
            lab.sql("REVOKE SELECT ON secret FROM " + role, "ALTER ROLE " + role + " NOBYPASSRLS");
            try (Pipeline pipeline = asReader(lab, role, "public.*").start()) {
                assertFollows(lab, pipeline, table("secret"));
                assertFollows(lab, pipeline, table("policed"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void one_that_a_kept_publication_lacks_is_left_out(int version) throws Exception {
        try (MirrorLab lab = lab(version)) {
            lab.sql(
                    "CREATE TABLE lacking (id int PRIMARY KEY)",
                    "INSERT INTO lacking VALUES (1)",
                    "CREATE PUBLICATION kept FOR TABLE good WITH (publish_via_partition_root)");
            PostgresSourceBuilder source = lab.source("public.*").existingPublication("kept");
            try (Pipeline pipeline = lab.pipeline(source, sink -> sink).start()) {
                MirrorLab.awaitRunning(pipeline);
                assertFollows(lab, pipeline, GOOD);
                assertLeftOut(pipeline, table("lacking"), "publication kept lacks the table");
            }
            lab.sql("ALTER PUBLICATION kept ADD TABLE lacking");
            try (Pipeline pipeline = lab.pipeline(source, sink -> sink).start()) {
                assertFollows(lab, pipeline, table("lacking"));
            }
        }
    }

    private static PipelineBuilder asReader(MirrorLab lab, String role, String tables) {
        return lab.pipeline(lab.source(tables).credentials(role, "x").existingPublication("kept"), sink -> sink);
    }
}
