// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeStream;
import io.philotes.testkit.TestPostgres;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowFilterTest {

    private static AttachedSource filtered(SourceLab lab, String where) {
        return builder(lab, where).build().attach(lab.database);
    }

    private static PostgresSourceBuilder builder(SourceLab lab, String where) {
        return lab.builder("t", "other").table("t", TableRules.none().where(where));
    }

    private static List<Finding> errors(AttachedSource source) {
        return source.check().stream()
                .filter(f -> f.severity() == Finding.Severity.ERROR)
                .toList();
    }

    private static void isRefused(Throwable failure) {
        assertThat(failure).isInstanceOfSatisfying(PhilotesException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.ROW_FILTER);
            assertThat(e.table()).contains(TableId.parse("t"));
        });
    }

    private static String filter(SourceLab lab) throws SQLException {
        return lab.value("SELECT rowfilter FROM pg_publication_tables WHERE tablename = 't'");
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void rows_move_in_and_out_and_a_filter_can_be_changed(int version) throws Exception {
        try (TestPostgres server = TestPostgres.start(version)) {
            moves(new SourceLab(server, "moves"));
            changes(new SourceLab(server, "changes"));
            harm(new SourceLab(server, "harm"));
            partitions(new SourceLab(server, "partitions"));
            kept(new SourceLab(server, "kept"));
            ofWholeSchema(new SourceLab(server, "schema"));
        }
    }

    private static void create(SourceLab lab) throws SQLException {
        lab.sql(
                "CREATE TABLE t (id int, region text, secret int, PRIMARY KEY (id, region))",
                "CREATE TABLE other (id int PRIMARY KEY)",
                "INSERT INTO t VALUES (1, 'nl', 1), (2, 'de', 2)");
    }

    private static void moves(SourceLab lab) throws Exception {
        create(lab);
        AttachedSource first = filtered(lab, "region = 'nl' AND id > 0");
        assertThat(errors(first)).isEmpty();
        assertThat(lab.value("SELECT count(*) FROM pg_publication")).isEqualTo("0");
        AttachedSource source = lab.started(lab.builder("t", "other")
                .table("t", TableRules.none().exclude("secret").where("region = 'nl' AND id > 0")));
        assertThat(RulesLab.copied(source, "t")).containsExactly("(1,nl)");
        try (ChangeStream stream = source.open(lab.confirmed(source))) {
            lab.sql(
                    "INSERT INTO t VALUES (3, 'nl', 3), (4, 'de', 4)",
                    "UPDATE t SET region = 'nl' WHERE id = 4",
                    "UPDATE t SET region = 'de' WHERE id = 3",
                    "UPDATE t SET secret = 5",
                    "DELETE FROM t",
                    "INSERT INTO other VALUES (1)");
            assertThat(ChangeLines.changes(lab.readAll(stream)))
                    .containsExactlyInAnyOrder(
                            "INSERT t (3,nl)",
                            "INSERT t (4,nl)",
                            "DELETE t key(3,nl)",
                            "UPDATE t (1,nl)",
                            "UPDATE t (4,nl)",
                            "DELETE t key(1,nl)",
                            "DELETE t key(4,nl)",
                            "INSERT other (1)");
        }
        RulesLab.drop(source);
    }

    private static void changes(SourceLab lab) throws Exception {
        create(lab);
        AttachedSource source = lab.started(builder(lab, "region = 'nl'"));
        String member = "SELECT oid FROM pg_publication_rel WHERE prrelid = 't'::regclass";
        String before = lab.value(member);
        filtered(lab, "(region) = 'nl'::text").preparePublication();
        assertThat(lab.value(member)).as("the same condition is left alone").isEqualTo(before);
        String publication = lab.value("SELECT oid FROM pg_publication");
        lab.sql("INSERT INTO t VALUES (10, 'nl', 1), (11, 'de', 1)");
        AttachedSource changed = filtered(lab, "region = 'de'");
        assertThat(errors(changed)).isEmpty();
        assertThat(filter(lab)).contains("'nl'");
        changed.preparePublication();
        assertThat(filter(lab)).contains("'de'");
        assertThat(errors(changed)).isEmpty();
        lab.sql("INSERT INTO t VALUES (12, 'nl', 1), (13, 'de', 1)");
        AttachedSource open = lab.builder("t", "other").build().attach(lab.database);
        open.preparePublication();
        assertThat(filter(lab)).isNull();
        lab.sql("INSERT INTO t VALUES (14, 'nl', 1), (15, 'de', 1)");
        assertThat(lab.value("SELECT oid FROM pg_publication")).isEqualTo(publication);
        try (ChangeStream stream = open.open(lab.confirmed(source))) {
            assertThat(ChangeLines.changes(lab.readAll(stream)))
                    .containsExactly(
                            "INSERT t (10,nl,1)", "INSERT t (13,de,1)", "INSERT t (14,nl,1)", "INSERT t (15,de,1)");
        }
        RulesLab.drop(source);
    }

    private static void harm(SourceLab lab) throws Exception {
        create(lab);
        AttachedSource harmful = filtered(lab, "secret > 1 OR region = 'nl'");
        assertThat(errors(harmful)).singleElement().satisfies(f -> {
            assertThat(f.code()).contains(ErrorCode.ROW_FILTER);
            assertThat(f.subject()).isEqualTo("public.t");
            assertThat(f.message()).contains("\"secret\"");
            assertThat(f.fix()).hasValueSatisfying(fix -> assertThat(fix).contains("REPLICA IDENTITY FULL"));
        });
        assertThatThrownBy(harmful::preparePublication).satisfies(RowFilterTest::isRefused);
        assertThat(lab.value("SELECT count(*) FROM pg_publication")).isEqualTo("0");
        filtered(lab, "region = 'nl'").preparePublication();
        assertThatThrownBy(harmful::preparePublication).satisfies(RowFilterTest::isRefused);
        assertThat(filter(lab)).contains("'nl'");
        lab.sql("UPDATE t SET secret = 9", "ALTER TABLE t REPLICA IDENTITY FULL");
        harmful.preparePublication();
        lab.sql("UPDATE t SET secret = 10");
        lab.sql("ALTER TABLE t REPLICA IDENTITY DEFAULT");
        assertThatThrownBy(() -> lab.sql("UPDATE t SET secret = 11")).hasMessageContaining("replica identity");
        assertThat(errors(harmful))
                .singleElement()
                .satisfies(f -> assertThat(f.code()).contains(ErrorCode.ROW_FILTER));
        for (String nonsense : List.of(
                "no_such > 1",
                "region >",
                "region",
                "random() > 0.5",
                "EXISTS (SELECT FROM other)",
                "t IS NOT NULL",
                "tableoid > 0::oid",
                "1 / 0 = 1")) {
            AttachedSource source = filtered(lab, nonsense);
            assertThat(errors(source)).as(nonsense).isNotEmpty();
            assertThatThrownBy(source::preparePublication).as(nonsense).satisfies(RowFilterTest::isRefused);
        }
        assertThat(filter(lab)).contains("secret");
    }

    private static void partitions(SourceLab lab) throws Exception {
        lab.sql(
                "CREATE TABLE t (id int PRIMARY KEY, region text) PARTITION BY RANGE (id)",
                "CREATE TABLE t_1 (region text, id int PRIMARY KEY)",
                "ALTER TABLE t ATTACH PARTITION t_1 FOR VALUES FROM (0) TO (9)",
                "ALTER TABLE t REPLICA IDENTITY FULL",
                "CREATE TABLE other (id int PRIMARY KEY)",
                "INSERT INTO t VALUES (1, 'nl'), (2, 'de')");
        AttachedSource source = filtered(lab, "region = 'nl'");
        assertThatThrownBy(source::preparePublication)
                .satisfies(RowFilterTest::isRefused)
                .hasMessageContaining("public.t_1");
        lab.sql("ALTER TABLE t_1 REPLICA IDENTITY FULL");
        AttachedSource started = lab.started(builder(lab, "region = 'nl'"));
        assertThat(RulesLab.copied(started, "t")).containsExactly("(1,nl)");
        try (ChangeStream stream = started.open(lab.confirmed(started))) {
            lab.sql("UPDATE t SET region = 'nl' WHERE id = 2", "DELETE FROM t WHERE id = 1");
            assertThat(ChangeLines.changes(lab.readAll(stream)))
                    .containsExactly("INSERT t (2,nl)", "DELETE t old(1,nl)");
        }
        RulesLab.drop(started);
    }

    private static void kept(SourceLab lab) throws Exception {
        create(lab);
        lab.sql("CREATE PUBLICATION hand FOR TABLE t WHERE (region = 'nl'), other WITH (publish_via_partition_root)");
        AttachedSource same = builder(lab, "'nl' = region")
                .existingPublication("hand")
                .build()
                .attach(lab.database);
        assertThat(errors(same)).singleElement().satisfies(f -> {
            assertThat(f.code()).contains(ErrorCode.ROW_FILTER);
            assertThat(f.fix()).hasValueSatisfying(fix -> assertThat(fix).contains("WHERE ('nl' = region)"));
        });
        assertThatThrownBy(same::preparePublication).satisfies(RowFilterTest::isRefused);
        AttachedSource fits =
                builder(lab, "region='nl'").existingPublication("hand").build().attach(lab.database);
        assertThat(errors(fits)).isEmpty();
        fits.preparePublication();
        AttachedSource silent =
                lab.builder("t", "other").existingPublication("hand").build().attach(lab.database);
        assertThat(errors(silent)).isEmpty();
        silent.preparePublication();
        assertThat(filter(lab)).contains("'nl'");
    }

    /** The server sends every row then, whatever filter the table has for itself. */
    private static void ofWholeSchema(SourceLab lab) throws Exception {
        create(lab);
        lab.sql("CREATE PUBLICATION hand FOR TABLES IN SCHEMA public, TABLE t WHERE (region = 'nl')"
                + " WITH (publish_via_partition_root)");
        AttachedSource source = lab.started(lab.builder("t", "other").existingPublication("hand"));
        assertThat(RulesLab.copied(source, "t")).containsExactlyInAnyOrder("(1,nl,1)", "(2,de,2)");
        try (ChangeStream stream = source.open(lab.confirmed(source))) {
            lab.sql("INSERT INTO t VALUES (3, 'de', 3)");
            assertThat(ChangeLines.changes(lab.readAll(stream))).containsExactly("INSERT t (3,de,3)");
        }
        RulesLab.drop(source);
    }

    @Test
    void a_filter_that_fails_for_a_row_stops_the_stream_for_good_and_says_what_to_do() throws Exception {
        try (TestPostgres server = TestPostgres.start()) {
            SourceLab lab = new SourceLab(server, "fails");
            create(lab);
            AttachedSource source = lab.started(builder(lab, "10 / (id - 5) > 0"));
            Lsn from = lab.confirmed(source);
            lab.sql("INSERT INTO t VALUES (6, 'nl', 1)", "INSERT INTO t VALUES (5, 'nl', 1)");
            assertThatThrownBy(() -> RulesLab.copied(source, "t")).satisfies(RowFilterTest::isRefused);
            assertThatThrownBy(() -> read(lab, source, from)).satisfies(RowFilterTest::isPoison);
            AttachedSource corrected = filtered(lab, "id > 5");
            corrected.preparePublication();
            assertThat(RulesLab.copied(corrected, "t")).containsExactly("(6,nl,1)");
            await().untilAsserted(() ->
                    assertThatThrownBy(() -> read(lab, corrected, from)).satisfies(RowFilterTest::isPoison));
        }
    }

    private static void read(SourceLab lab, AttachedSource source, Lsn from) throws Exception {
        try (ChangeStream stream = source.open(from)) {
            lab.readAll(stream);
        }
    }

    private static void isPoison(Throwable failure) {
        assertThat(failure).isInstanceOfSatisfying(PhilotesException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_POISON);
            assertThat(e.hint()).contains("row filter").contains("--offline");
        });
    }

    @Test
    void postgresql_14_has_no_row_filters_and_says_so() throws Exception {
        try (TestPostgres server = TestPostgres.start(14)) {
            SourceLab lab = new SourceLab(server, "old");
            create(lab);
            AttachedSource source = filtered(lab, "region = 'nl'");
            assertThat(errors(source)).singleElement().satisfies(f -> {
                assertThat(f.code()).contains(ErrorCode.ROW_FILTER);
                assertThat(f.subject()).isEqualTo("public.t");
                assertThat(f.message()).contains("PostgreSQL 15");
            });
            assertThatThrownBy(source::preparePublication).satisfies(RowFilterTest::isRefused);
            assertThat(lab.value("SELECT count(*) FROM pg_publication")).isEqualTo("0");
        }
    }
}
