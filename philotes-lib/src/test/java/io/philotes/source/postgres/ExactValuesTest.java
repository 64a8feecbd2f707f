// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeStream;
import io.philotes.source.TableCopy;
import io.philotes.testkit.TestPostgres;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A value has one form, whatever the role's defaults are, and copy and stream agree on it. */
class ExactValuesTest {

    private static final String[] HOSTILE = {
        "DateStyle = 'SQL, DMY'",
        "IntervalStyle = 'iso_8601'",
        "TimeZone = 'Asia/Kathmandu'",
        "bytea_output = 'escape'",
        "extra_float_digits = -10",
        "search_path = 'nowhere'",
        "row_security = on",
        "statement_timeout = '1ms'",
        "idle_in_transaction_session_timeout = '1ms'",
        "idle_session_timeout = '1ms'"
    };

    private static TestPostgres server;

    @BeforeAll
    static void start() {
        server = TestPostgres.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void hostile_role_defaults_change_no_value() throws Exception {
        SourceLab lab = new SourceLab(server, "hostile");
        lab.sql(
                "CREATE TYPE pair AS (a int, b int)",
                "CREATE DOMAIN secs AS interval",
                "CREATE TABLE t (id int PRIMARY KEY, ts timestamptz, i secs, r point, c pair, ir int4range, x xml,"
                        + " a interval[], f text)",
                "CREATE ROLE hostile LOGIN SUPERUSER REPLICATION");
        for (String setting : HOSTILE) {
            lab.sql("ALTER ROLE hostile SET " + setting);
        }
        String row = "'2024-02-01 03:04:05+00', '1 day 02:03:04', '(0.1,0.30000000000000004)', ROW(NULL, NULL),"
                + " '[1,3)', '<a/>', '{1 day,NULL}', 'f'";
        lab.sql("INSERT INTO t VALUES (1, " + row + "), (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)");
        AttachedSource source =
                lab.builder("t").credentials("hostile", "x").build().attach("hostile");
        source.preparePublication();
        Lsn from;
        String exact = "1 day 02:03:04,(0.1,0.30000000000000004),(,),[1,3),<a/>,{\"1 day\",NULL},f)";
        try (TableCopy copy = source.createSlot(Set.of(TableId.parse("t")))) {
            from = copy.consistentPoint();
            List<String> rows = SourceLab.copyAll(copy, TableId.parse("t"), 1);
            assertThat(rows.get(0)).startsWith("(1,").endsWith(exact);
            assertThat(rows.get(1)).isEqualTo("(2,null,null,null,null,null,null,null,null)");
        }
        try (ChangeStream stream = source.open(from)) {
            lab.sql("INSERT INTO t VALUES (3, " + row + ")");
            assertThat(ChangeLines.changes(lab.readAll(stream)))
                    .containsExactly("INSERT t (3,2024-02-01 03:04:05+00," + exact);
        }
    }

    @Test
    void row_security_stops_the_copy_instead_of_hiding_rows() throws Exception {
        SourceLab lab = new SourceLab(server, "rls");
        lab.sql(
                "CREATE TABLE t (id int PRIMARY KEY)",
                "INSERT INTO t VALUES (1), (2)",
                "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY one ON t USING (id = 1)",
                "CREATE ROLE guarded LOGIN REPLICATION",
                "GRANT SELECT ON t TO guarded",
                "CREATE PUBLICATION p FOR TABLE t WITH (publish_via_partition_root)");
        AttachedSource source = lab.builder("t")
                .credentials("guarded", "x")
                .existingPublication("p")
                .build()
                .attach("rls");
        assertThat(source.check()).anySatisfy(f -> assertThat(f.code()).contains(ErrorCode.ROW_SECURITY));
        try (TableCopy copy = source.createSlot(Set.of(TableId.parse("t")))) {
            assertThatThrownBy(() -> SourceLab.copyAll(copy, TableId.parse("t"), 1))
                    .isInstanceOfSatisfying(
                            PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ROW_SECURITY));
        }
        source.dropSlot();
    }

    @Test
    void a_table_rewritten_since_the_snapshot_is_not_taken_for_an_empty_one() throws Exception {
        SourceLab lab = new SourceLab(server, "rewritten");
        lab.sql("CREATE TABLE t (id int PRIMARY KEY, n int)", "INSERT INTO t VALUES (1, 1)");
        AttachedSource source = lab.started(lab.builder("t"));
        try (TableCopy copy = source.copy(Set.of(TableId.parse("t")))) {
            lab.sql("ALTER TABLE t ALTER n TYPE bigint");
            assertThatThrownBy(() -> SourceLab.copyAll(copy, TableId.parse("t"), 1))
                    .isInstanceOf(PhilotesException.class)
                    .hasMessageContaining("rewritten");
        }
        try (TableCopy copy = source.copy(Set.of(TableId.parse("t")))) {
            lab.sql("VACUUM FULL t");
            assertThatThrownBy(() -> SourceLab.copyAll(copy, TableId.parse("t"), 1))
                    .isInstanceOf(PhilotesException.class);
        }
        assertThat(lab.value("SELECT count(*) FROM pg_replication_slots WHERE temporary AND database = 'rewritten'"))
                .isNotNull();
        source.dropSlot();
    }

    /** As after a restart of the server, which counts from the beginning again. */
    @Test
    void another_snapshot_of_the_same_name_is_not_read() throws Exception {
        SourceLab lab = new SourceLab(server, "namesake");
        lab.sql("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        AttachedSource source = lab.started(lab.builder("t"));
        try (TableCopy copy = source.copy(Set.of(TableId.parse("t")));
                Connection other = server.connect("namesake")) {
            assertThat(SourceLab.copyAll(copy, TableId.parse("t"), 1)).containsExactly("(1)");
            String ours = lab.value("SELECT f FROM pg_ls_dir('pg_snapshots') f JOIN pg_replication_slots ON temporary"
                    + " AND database = current_database() WHERE pg_read_file('pg_snapshots/' || f, 0, 1000, true)"
                    + " LIKE '%\npid:' || active_pid || '\n%'");
            lab.sql("INSERT INTO t VALUES (2)");
            other.setAutoCommit(false);
            String theirs = Sql.query(other, "SELECT pg_export_snapshot()", row -> row.getString(1))
                    .get(0);
            assertThat(theirs).isNotEqualTo(ours);
            lab.sql(
                    "SELECT lo_from_bytea(1, pg_read_binary_file('pg_snapshots/" + theirs + "'))",
                    "SELECT lo_export(1, current_setting('data_directory') || '/pg_snapshots/" + ours + "')");
            assertThatThrownBy(() -> SourceLab.copyAll(copy, TableId.parse("t"), 1))
                    .isInstanceOf(PhilotesException.class)
                    .hasMessageContaining("another one has its name");
        }
        source.dropSlot();
    }

    @Test
    void a_closed_copy_ends_a_read_that_is_under_way() throws Exception {
        SourceLab lab = new SourceLab(server, "closing");
        lab.sql(
                "CREATE TABLE t (id int PRIMARY KEY, f text)",
                "INSERT INTO t SELECT g, repeat('x', 1000) FROM" + " generate_series(1, 20000) g");
        AttachedSource source = lab.started(lab.builder("t"));
        TableCopy copy = source.copy(Set.of(TableId.parse("t")));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        AtomicReference<Throwable> outcome = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            try {
                copy.read(copy.ranges(copy.tables().get(0).relation(), 1).get(0), row -> {
                    begun.countDown();
                    awaitQuietly(closed);
                });
            } catch (PhilotesException | InterruptedException e) {
                outcome.set(e);
            }
        });
        reader.start();
        begun.await();
        copy.close();
        copy.close();
        closed.countDown();
        reader.join();
        assertThat(outcome.get()).isInstanceOf(PhilotesException.class);
        source.dropSlot();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void inherited_rows_stay_out_and_names_may_be_odd() throws Exception {
        SourceLab lab = new SourceLab(server, "odd");
        lab.sql(
                "CREATE SCHEMA \"Odd.Schema\"",
                "CREATE TABLE \"Odd.Schema\".\"a \"\"b\"\" 'c'\" (\"İ D\" int PRIMARY KEY, \"select\" text)",
                "CREATE TABLE parent (id int PRIMARY KEY, f text)",
                "CREATE TABLE child () INHERITS (parent)",
                "CREATE TABLE nothing ()",
                "INSERT INTO parent VALUES (1, 'p')",
                "INSERT INTO child VALUES (2, 'c')",
                "INSERT INTO \"Odd.Schema\".\"a \"\"b\"\" 'c'\" VALUES (1, 's')",
                "INSERT INTO nothing DEFAULT VALUES");
        AttachedSource source =
                lab.builder("\"Odd.Schema\".*", "parent", "nothing").build().attach("odd");
        source.preparePublication();
        Lsn from;
        List<TableId> tables = new ArrayList<>();
        source.tables().forEach(t -> tables.add(t.relation().table()));
        try (TableCopy copy = source.createSlot(Set.copyOf(tables))) {
            from = copy.consistentPoint();
            assertThat(SourceLab.copyAll(copy, tables.get(0), 1)).containsExactly("(1,s)");
            assertThat(SourceLab.copyAll(copy, TableId.parse("parent"), 1)).containsExactly("(1,p)");
            assertThat(SourceLab.copyAll(copy, TableId.parse("nothing"), 1)).containsExactly("()");
        }
        lab.sql(
                "INSERT INTO child VALUES (3, 'c')",
                "INSERT INTO parent VALUES (4, 'p')",
                "INSERT INTO nothing" + " DEFAULT VALUES",
                "DELETE FROM \"Odd.Schema\".\"a \"\"b\"\" 'c'\"");
        try (ChangeStream stream = source.open(from)) {
            assertThat(ChangeLines.changes(lab.readAll(stream)))
                    .containsExactly("INSERT parent (4,p)", "INSERT nothing ()", "DELETE a \"b\" 'c' key(1,null)");
        }
        source.dropSlot();
    }
}
