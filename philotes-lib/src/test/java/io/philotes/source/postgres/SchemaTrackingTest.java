// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.health.Finding;
import io.philotes.model.ChangeBatch;
import io.philotes.model.TablePicture;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeStream;
import io.philotes.source.SchemaTracking;
import io.philotes.testkit.TestPostgres;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the event triggers tell, on the oldest version and the newest. */
class SchemaTrackingTest {

    private static final Predicate<String> UNDECODABLE = line -> line.startsWith("UNDECODABLE ");
    private static final Map<Integer, TestPostgres> SERVERS = new HashMap<>();
    private static int databases;

    @AfterAll
    static void stop() throws SQLException {
        for (TestPostgres server : SERVERS.values()) {
            server.execute("CHECKPOINT");
            server.close();
        }
    }

    private static SourceLab lab(int version) throws SQLException {
        SourceLab lab = new SourceLab(SERVERS.computeIfAbsent(version, TestPostgres::start), "tracked" + ++databases);
        lab.sql(PostgresSource.schemaTrackingSql());
        return lab;
    }

    private static List<String> told(SourceLab lab, ChangeStream stream) throws Exception {
        return ChangeLines.numbered(lab.readAll(stream));
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void definitions_and_rows_of_one_transaction_come_in_their_order(int version) throws Exception {
        SourceLab lab = lab(version);
        lab.sql("CREATE TABLE t (id int PRIMARY KEY, a text, b text)");
        AttachedSource source = lab.started(lab.builder("t"));
        assertThat(source.look().tracking()).isEqualTo(SchemaTracking.EXACT);
        try (ChangeStream stream = source.open(lab.confirmed(source))) {
            told(lab, stream);
            lab.sql("BEGIN; INSERT INTO t VALUES (1, 'a', 'b'); ALTER TABLE t DROP a; ALTER TABLE t ADD a text;"
                    + " INSERT INTO t VALUES (2, 'b', 'new'); SAVEPOINT s; ALTER TABLE t DROP b; ROLLBACK TO s;"
                    + " INSERT INTO t VALUES (3, 'b', 'new'); ALTER TABLE t RENAME b TO x; ALTER TABLE t RENAME a TO b;"
                    + " ALTER TABLE t RENAME x TO a; INSERT INTO t VALUES (4, 'b', 'new'); SAVEPOINT s;"
                    + " ALTER TABLE t ADD c int DEFAULT 7; RELEASE s; INSERT INTO t VALUES (5, 'b', 'new', 1); COMMIT;"
                    + " ALTER TABLE t DROP c; ALTER TABLE t DROP b");
            assertThat(told(lab, stream))
                    .containsExactly(
                            "INSERT t (1,a,b) (id=1,a=2,b=3)",
                            "PICTURE t(id=1,b=3)",
                            "PICTURE t(id=1,b=3,a=4)",
                            "INSERT t (2,b,new) (id=1,b=3,a=4)",
                            "INSERT t (3,b,new) (id=1,b=3,a=4)",
                            "PICTURE t(id=1,x=3,a=4)",
                            "PICTURE t(id=1,x=3,b=4)",
                            "PICTURE t(id=1,a=3,b=4)",
                            "INSERT t (4,b,new) (id=1,a=3,b=4)",
                            "PICTURE t(id=1,a=3,b=4,c=5)",
                            "INSERT t (5,b,new,1) (id=1,a=3,b=4,c=5)",
                            "PICTURE t(id=1,a=3,b=4)",
                            "PICTURE t(id=1,a=3)");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void definitions_changed_while_nobody_reads_are_read_by_what_was_known(int version) throws Exception {
        SourceLab lab = lab(version);
        lab.sql("CREATE TABLE t (id int PRIMARY KEY, a text)");
        AttachedSource before = lab.started(lab.builder("t"));
        TablePicture known = before.tables().get(0);
        lab.sql(
                "INSERT INTO t VALUES (1, 'old')",
                "ALTER TABLE t DROP a",
                "ALTER TABLE t ADD a text",
                "INSERT INTO t VALUES (2, 'new')",
                "ALTER TABLE t DROP a",
                "ALTER TABLE t ADD a text");
        AttachedSource after = lab.builder("t").build().attach(lab.database);
        after.remember(known);
        try (ChangeStream stream = after.open(lab.confirmed(after))) {
            assertThat(told(lab, stream))
                    .contains("INSERT t (1,old) (id=1,a=2)", "INSERT t (2,new) (id=1,a=3)", "PICTURE t(id=1,a=4)");
        }
        lab.sql("INSERT INTO t VALUES (3, 'last')", "DROP TABLE t");
        try (ChangeStream stream = after.open(lab.confirmed(after))) {
            assertThat(told(lab, stream)).contains("INSERT t (3,last) (id=1,a=4)", "GONE t it was dropped");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void all_that_touches_a_table_is_told(int version) throws Exception {
        SourceLab lab = lab(version);
        lab.sql(
                "CREATE SCHEMA s",
                "CREATE TYPE mood AS ENUM ('sad')",
                "CREATE TYPE pair AS (m mood)",
                "CREATE TYPE lost AS ENUM ('x')",
                "CREATE TABLE s.t (id int PRIMARY KEY, p pair[], l lost)",
                "CREATE TABLE s.root (id int) PARTITION BY LIST (id)",
                "CREATE TABLE s.heir (x int)");
        AttachedSource source = lab.started(lab.builder("s.*", "public.*", "s2.*"));
        try (ChangeStream stream = source.open(lab.confirmed(source))) {
            told(lab, stream);
            lab.sql("ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'");
            assertThat(told(lab, stream)).containsExactly("PICTURE t(id=1,p=2,l=3)");
            lab.sql("ALTER TYPE pair ADD ATTRIBUTE n int");
            assertThat(told(lab, stream)).containsExactly("PICTURE t(id=1,p=2,l=3)");
            lab.sql("DROP TYPE lost CASCADE");
            assertThat(told(lab, stream)).containsExactly("PICTURE t(id=1,p=2)");
            lab.sql(
                    "CREATE TABLE s.leaf PARTITION OF s.root FOR VALUES IN (1)",
                    "ALTER TABLE s.leaf SET (fillfactor = 50)");
            List<ChangeBatch> batches = lab.readAll(stream);
            assertThat(ChangeLines.changes(batches)).containsExactly("PICTURE root(id=1)", "PICTURE root(id=1)");
            assertThat(ChangeLines.facts(batches, "root").leaves()).hasSize(1);
            lab.sql("ALTER SCHEMA s RENAME TO s2");
            assertThat(told(lab, stream))
                    .containsExactlyInAnyOrder(
                            "GONE t it was renamed to s2.t",
                            "PICTURE t(id=1,p=2)",
                            "GONE root it was renamed to s2.root",
                            "PICTURE root(id=1)",
                            "GONE heir it was renamed to s2.heir",
                            "PICTURE heir(x=1)");
            lab.sql("CREATE TABLE fresh (id int)", "CREATE TEMP TABLE mine (id int)", "CREATE VIEW v AS SELECT 1");
            assertThat(told(lab, stream)).containsExactly("PICTURE fresh(id=1)");
            lab.sql(
                    "CREATE TABLE child () INHERITS (fresh)",
                    "ALTER TABLE fresh ADD more text",
                    "DROP TABLE fresh CASCADE");
            assertThat(told(lab, stream))
                    .containsExactlyInAnyOrder(
                            "PICTURE fresh(id=1)",
                            "PICTURE child(id=1)",
                            "PICTURE fresh(id=1,more=2)",
                            "PICTURE child(id=1,more=2)",
                            "GONE fresh it was dropped",
                            "GONE child it was dropped");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void the_triggers_fail_no_statement_and_hide_no_failure(int version) throws Exception {
        SourceLab lab = lab(version);
        lab.sql("CREATE TABLE t (id int PRIMARY KEY)", "CREATE TABLE u (id int PRIMARY KEY)");
        AttachedSource source = lab.started(lab.builder("public.*"));
        try (ChangeStream stream = source.open(lab.confirmed(source))) {
            told(lab, stream);
            lab.sql(
                    "BEGIN ISOLATION LEVEL REPEATABLE READ; ALTER TABLE t ADD a int; INSERT INTO t VALUES (1, 1); COMMIT");
            assertThat(told(lab, stream))
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .startsWith("UNDECODABLE t ")
                                    .contains("repeatable read"),
                            line -> assertThat(line).isEqualTo("INSERT t (1,1) (id=1,a=2)"));
            lab.sql("CREATE OR REPLACE FUNCTION philotes.table_pictures(tables oid[])"
                    + " RETURNS TABLE (oid oid, picture text) LANGUAGE sql AS 'SELECT 1/0, NULL'");
            lab.sql("ALTER TABLE t ADD b int");
            assertThat(told(lab, stream))
                    .singleElement()
                    .asString()
                    .startsWith("UNDECODABLE t ")
                    .contains("zero");
            lab.sql("DROP FUNCTION philotes.tell(oid[])", "ALTER TABLE t ADD c int");
            assertThat(told(lab, stream)).hasSize(2).allMatch(line -> line.startsWith("UNDECODABLE "));
            assertThat(lab.value("SELECT count(*) FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0"))
                    .isEqualTo("4");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void a_pause_of_the_triggers_is_noticed(int version) throws Exception {
        SourceLab lab = lab(version);
        lab.sql("CREATE TABLE t (id int PRIMARY KEY, a text)");
        AttachedSource source = lab.started(lab.builder("t"));
        source.look();
        try (ChangeStream stream = source.open(lab.confirmed(source))) {
            told(lab, stream);
            lab.sql("ALTER EVENT TRIGGER philotes_ddl DISABLE");
            lab.sql("ALTER TABLE t DROP a", "ALTER TABLE t ADD a text");
            lab.sql("ALTER EVENT TRIGGER philotes_ddl ENABLE ALWAYS", "INSERT INTO t VALUES (1, 'new')");
            assertThat(told(lab, stream)).singleElement().asString().startsWith("UNDECODABLE t ");
            lab.sql("ALTER EVENT TRIGGER philotes_drop ENABLE");
            assertThat(source.look().tracking()).isEqualTo(SchemaTracking.INFERRED);
            lab.sql(PostgresSource.schemaTrackingSql());
            assertThat(source.look().tracking()).isEqualTo(SchemaTracking.EXACT);
            lab.sql("DROP EVENT TRIGGER philotes_ddl; DROP EVENT TRIGGER philotes_drop; DROP SCHEMA philotes CASCADE");
            assertThat(source.look().tracking()).isEqualTo(SchemaTracking.INFERRED);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void triggers_of_another_version_are_told_by_the_check(int version) throws Exception {
        SourceLab lab = lab(version);
        lab.sql("CREATE TABLE t (id int PRIMARY KEY)");
        AttachedSource source = lab.started(lab.builder("t"));
        assertThat(tracking(source)).extracting(Finding::severity).containsExactly(Finding.Severity.OK);
        lab.sql("CREATE OR REPLACE FUNCTION philotes.emit(what text, content json) RETURNS void LANGUAGE sql AS"
                + " $$SELECT pg_logical_emit_message(true, 'philotes_table', convert_to(json_build_object('writer',"
                + " NULL, what, content)::text, 'UTF8'))$$");
        assertThat(tracking(source)).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Finding.Severity.WARN);
            assertThat(finding.fix().orElseThrow()).contains("setup-sql --only schema-tracking");
        });
        lab.sql(PostgresSource.schemaTrackingSql());
        assertThat(tracking(source)).extracting(Finding::severity).containsExactly(Finding.Severity.OK);
        lab.sql("DROP EVENT TRIGGER philotes_ddl; DROP EVENT TRIGGER philotes_drop");
        assertThat(tracking(source)).isEmpty();
    }

    private static List<Finding> tracking(AttachedSource source) {
        return source.check().stream()
                .filter(finding -> finding.subject().equals("schema-tracking"))
                .toList();
    }

    /** PostgreSQL 17 and newer: a superuser may switch them off, and no row of the catalog shows it. */
    @Test
    void a_silence_that_left_no_mark_is_told_by_the_next_look() throws Exception {
        SourceLab lab = lab(18);
        lab.sql("CREATE TABLE t (id int PRIMARY KEY, a text)", "CREATE TABLE u (id int PRIMARY KEY, a text)");
        AttachedSource source = lab.started(lab.builder("t", "u"));
        source.look();
        try (ChangeStream stream = source.open(lab.confirmed(source))) {
            told(lab, stream);
            lab.sql("ALTER TABLE u DROP a", "ALTER TABLE u ADD a text");
            lab.sql("SET event_triggers = off; ALTER TABLE t DROP a; ALTER TABLE t ADD a text; RESET event_triggers");
            lab.sql("INSERT INTO t VALUES (1, 'new')", "INSERT INTO u VALUES (1, 'new')");
            assertThat(told(lab, stream))
                    .contains("INSERT u (1,new) (id=1,a=3)")
                    .noneMatch(UNDECODABLE);
            assertThat(source.look().tracking()).isEqualTo(SchemaTracking.EXACT);
            assertThat(told(lab, stream))
                    .filteredOn(UNDECODABLE)
                    .singleElement()
                    .asString()
                    .startsWith("UNDECODABLE t ")
                    .contains("the event trigger was silent");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void whoever_alters_a_table_has_his_own_settings_and_rights(int version) throws Exception {
        SourceLab lab = lab(version);
        lab.sql("CREATE ROLE builder" + databases + " LOGIN", "GRANT CREATE ON SCHEMA public TO builder" + databases);
        AttachedSource source = lab.builder("public.*").build().attach(lab.database);
        source.preparePublication();
        source.createSlot(Set.of()).close();
        try (ChangeStream stream = source.open(lab.confirmed(source))) {
            lab.sql("SET ROLE builder" + databases + "; CREATE TABLE t (id int PRIMARY KEY); DO $$ BEGIN"
                    + " SET datestyle = 'SQL, DMY'; SET timezone = 'Asia/Kathmandu'; SET bytea_output = 'escape';"
                    + " ALTER TABLE t ADD d timestamptz DEFAULT '01/02/2024 08:49:05', ADD b bytea DEFAULT '\\x00ff';"
                    + " RESET datestyle; RESET timezone; END $$");
            List<ChangeBatch> batches = lab.readAll(stream);
            assertThat(ChangeLines.changes(batches)).containsExactly("PICTURE t(id=1)", "PICTURE t(id=1,d=2,b=3)");
            assertThat(source.tables().get(0).relation().columns())
                    .extracting(column -> column.missingValue().orElse(""))
                    .containsExactly("", "2024-02-01 03:04:05+00", "\\x00ff");
            assertThat(batches.get(batches.size() - 1).relations())
                    .contains(source.tables().get(0).relation());
        }
        lab.sql("DROP OWNED BY builder" + databases);
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void a_schema_of_somebody_elses_is_not_built_on(int version) throws Exception {
        SourceLab lab = new SourceLab(SERVERS.computeIfAbsent(version, TestPostgres::start), "foreign" + ++databases);
        lab.sql("CREATE ROLE trapper" + databases, "CREATE SCHEMA philotes AUTHORIZATION trapper" + databases);
        assertThatThrownBy(() -> lab.sql(PostgresSource.schemaTrackingSql()))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("belongs to another role");
        assertThat(lab.value("SELECT count(*) FROM pg_event_trigger")).isEqualTo("0");
    }
}
