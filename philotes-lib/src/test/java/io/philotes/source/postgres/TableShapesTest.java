// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.health.Finding;
import io.philotes.health.Finding.Severity;
import io.philotes.testkit.TestPostgres;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a check says of tables whose changes would not come whole, or that are none: which, why, and what to do. */
class TableShapesTest {

    private static final Map<Integer, TestPostgres> SERVERS = new HashMap<>();
    private static int databases;

    private static SourceLab lab(int version) throws Exception {
        TestPostgres server = SERVERS.computeIfAbsent(version, TestPostgres::start);
        return new SourceLab(server, "shapes" + ++databases);
    }

    @AfterAll
    static void stop() throws Exception {
        for (TestPostgres server : SERVERS.values()) {
            server.execute("CHECKPOINT");
            server.close();
        }
    }

    private static List<String> errors(PostgresSourceBuilder source) {
        return source.build().attach("shapes").check().stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .peek(finding -> assertThat(finding.fix().orElseThrow()).isNotBlank())
                .map(finding -> finding.subject() + " " + finding.code().orElseThrow() + " " + finding.message())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void leaves_that_would_lose_changes_in_silence(int version) throws Exception {
        SourceLab lab = lab(version);
        lab.sql(
                "CREATE TABLE good (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE good_full PARTITION OF good FOR VALUES FROM (0) TO (10)",
                "ALTER TABLE good_full REPLICA IDENTITY FULL",
                "CREATE TABLE good_low PARTITION OF good FOR VALUES FROM (10) TO (20)",
                "CREATE TABLE bad (id int PRIMARY KEY, other int NOT NULL) PARTITION BY RANGE (id)",
                "CREATE TABLE mid PARTITION OF bad FOR VALUES FROM (0) TO (1000) PARTITION BY RANGE (id)",
                "CREATE UNLOGGED TABLE bad_unlogged PARTITION OF mid FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE bad_index PARTITION OF mid FOR VALUES FROM (10) TO (20)",
                "CREATE UNIQUE INDEX by_other ON bad_index (other)",
                "ALTER TABLE bad_index REPLICA IDENTITY USING INDEX by_other",
                "CREATE TABLE bad_nothing PARTITION OF mid FOR VALUES FROM (20) TO (30)",
                "ALTER TABLE bad_nothing REPLICA IDENTITY NOTHING",
                "CREATE TABLE whole (id int) PARTITION BY RANGE (id)",
                "ALTER TABLE whole REPLICA IDENTITY FULL",
                "CREATE TABLE whole_leaf PARTITION OF whole FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE whole_full PARTITION OF whole FOR VALUES FROM (10) TO (20)",
                "ALTER TABLE whole_full REPLICA IDENTITY FULL");
        assertThat(errors(lab.builder("public.*")))
                .containsExactly(
                        "public.bad NO_IDENTITY its partition public.bad_index identifies its old rows by other instead of id",
                        "public.bad IDENTITY_NOTHING its partition public.bad_nothing has replica identity NOTHING:"
                                + " once it is published, its updates and deletes fail",
                        "public.bad UNLOGGED_TABLE its partition public.bad_unlogged is unlogged: its changes never reach"
                                + " the WAL",
                        "public.whole NO_IDENTITY its partition public.whole_leaf identifies its old rows by nothing instead"
                                + " of whole rows");
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void generated_columns_are_named_and_an_identity_that_needs_them_is_refused(int version) throws Exception {
        SourceLab lab = lab(version);
        String generated = "twice int GENERATED ALWAYS AS (id * 2) STORED";
        lab.sql(
                "CREATE TABLE plain (id int PRIMARY KEY, " + generated + ")",
                "CREATE TABLE whole (id int, " + generated + ")",
                "ALTER TABLE whole REPLICA IDENTITY FULL",
                "CREATE TABLE by_it (id int, " + generated + " PRIMARY KEY)");
        assertThat(lab.builder("public.plain").build().attach("shapes").check())
                .contains(Finding.ok("public.plain", "readable, rows have a key; not published: twice (generated)"));
        String byIt = "public.by_it NO_IDENTITY of its key these columns are not published: twice (generated)";
        String whole = "public.whole NO_IDENTITY its replica identity is FULL, and these columns are not published:"
                + " twice (generated); its updates and deletes fail at the source";
        assertThat(errors(lab.builder("public.*")))
                .containsExactlyElementsOf(version < 18 ? List.of(byIt) : List.of(byIt, whole));
    }

    @ParameterizedTest
    @ValueSource(ints = 18)
    void a_column_list_must_hold_the_identity(int version) throws Exception {
        SourceLab lab = lab(version);
        lab.sql(
                "CREATE TABLE t (id int PRIMARY KEY, a text, b text)",
                "CREATE TABLE f (id int PRIMARY KEY, a text, b text)",
                "ALTER TABLE f REPLICA IDENTITY FULL",
                "CREATE PUBLICATION kept FOR TABLE t (a, b), TABLE f (id, a) WITH (publish_via_partition_root)");
        assertThat(errors(lab.builder("public.t", "public.f").existingPublication("kept")))
                .containsExactly(
                        "public.f NO_IDENTITY its replica identity is FULL, and these columns are not published: b;"
                                + " its updates and deletes fail at the source",
                        "public.t NO_IDENTITY of its key these columns are not published: id");
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void what_is_no_table_is_told_by_its_kind(int version) throws Exception {
        SourceLab lab = lab(version);
        lab.sql(
                "CREATE TABLE t (id int PRIMARY KEY)",
                "CREATE VIEW v AS SELECT 1 AS id",
                "CREATE MATERIALIZED VIEW m AS SELECT 1 AS id",
                "CREATE SEQUENCE s",
                "CREATE EXTENSION file_fdw",
                "CREATE SERVER nowhere FOREIGN DATA WRAPPER file_fdw",
                "CREATE FOREIGN TABLE f (id int) SERVER nowhere OPTIONS (filename '/dev/null')");
        try (var session = lab.server.connect(lab.database);
                var statement = session.createStatement()) {
            statement.execute("CREATE TEMPORARY TABLE tmp (id int PRIMARY KEY)");
            String only = ": only ordinary and partitioned tables are published";
            assertThat(errors(lab.builder(
                            "t",
                            "v",
                            "m",
                            "s",
                            "f",
                            "tmp",
                            "pg_catalog.pg_class",
                            "absent",
                            "information_schema.tables")))
                    .containsExactlyInAnyOrder(
                            "public.v TABLE_MISSING it is a view" + only,
                            "public.m TABLE_MISSING it is a materialized view" + only,
                            "public.s TABLE_MISSING it is a sequence" + only,
                            "public.f TABLE_MISSING it is a foreign table" + only,
                            "public.tmp TABLE_MISSING it is a temporary table" + only,
                            "pg_catalog.pg_class TABLE_MISSING it is a system table" + only,
                            "information_schema.tables TABLE_MISSING it is a view" + only,
                            "public.absent TABLE_MISSING the table does not exist");
            assertThat(errors(lab.builder("public.*"))).isEmpty();
        }
    }
}
