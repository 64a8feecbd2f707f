// SPDX-License-Identifier: Apache-2.0
package io.philotes.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.testkit.TestDataSource;
import io.philotes.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MigratorTest {

    private static final String DATABASE = "migrations";

    private static TestPostgres postgres;

    @BeforeAll
    static void start() throws Exception {
        postgres = TestPostgres.start();
        postgres.createDatabase(DATABASE);
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    private static StateDatabase database(String schema) {
        return StateDatabase.of(TestDataSource.of(postgres, DATABASE), schema);
    }

    private static List<String> rows(String query) throws Exception {
        try (Connection connection = postgres.connect(DATABASE);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> all = new ArrayList<>();
            while (rows.next()) {
                all.add(rows.getString(1));
            }
            return all;
        }
    }

    private static List<String> columns(String schema) throws Exception {
        return rows("SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable"
                + " FROM information_schema.columns WHERE table_schema = '" + schema.replace("'", "''")
                + "' ORDER BY 1");
    }

    private static List<String> applied(String schema) throws Exception {
        return rows("SELECT name FROM " + database(schema).table("cdc_schema_version") + " ORDER BY step");
    }

    private static void refused(ErrorCode code, String says, Initialize initialize, StateDatabase database) {
        assertThatThrownBy(() -> database.prepare(initialize))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(says);
    }

    @Test
    void steps_are_numbered_without_a_gap_and_have_a_file() {
        List<Migrations.Step> steps = Migrations.steps();
        for (int i = 0; i < steps.size(); i++) {
            assertThat(steps.get(i).number()).isEqualTo(i + 1);
            assertThat(steps.get(i).sql("s")).contains("CREATE").doesNotContain("${");
        }
    }

    @Test
    void an_empty_database_gets_every_table_once() throws Exception {
        database("fresh").prepare(Initialize.ALWAYS);
        database("fresh").prepare(Initialize.ALWAYS);
        assertThat(applied("fresh"))
                .isEqualTo(
                        Migrations.steps().stream().map(Migrations.Step::name).toList());
        assertThat(columns("fresh")).anyMatch(column -> column.startsWith("cdc_events."));
    }

    @Test
    void a_schema_may_have_any_name() throws Exception {
        String odd = "Odd \"schema\"'s; . $1 %s ümlaut";
        database(odd).prepare(Initialize.ALWAYS);
        assertThat(columns(odd)).isNotEmpty();
        assertThatThrownBy(() -> database("x".repeat(64)))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION));
    }

    @Test
    void the_printed_ddl_makes_the_same_tables() throws Exception {
        database("made").prepare(Initialize.ALWAYS);
        postgres.executeIn(DATABASE, Migrations.ddl("printed"));
        assertThat(columns("printed")).isEqualTo(columns("made"));
        database("printed").prepare(Initialize.NEVER);
    }

    @Test
    void what_must_not_be_created_is_asked_for_with_the_ddl() throws Exception {
        assertThatThrownBy(() -> database("absent").prepare(Initialize.NEVER))
                .isInstanceOfSatisfying(PhilotesException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.STATE_NOT_PREPARED);
                    assertThat(e.hint()).endsWith(Migrations.ddl("absent"));
                });
        assertThat(rows("SELECT nspname FROM pg_namespace WHERE nspname = 'absent'"))
                .isEmpty();
    }

    @Test
    void only_the_missing_steps_are_asked_for_and_applied() throws Exception {
        Migrations.Step first = Migrations.steps().get(0);
        postgres.executeIn(DATABASE, Migrations.ddl("older", List.of(first)));
        assertThatThrownBy(() -> database("older").prepare(Initialize.NEVER))
                .isInstanceOfSatisfying(
                        PhilotesException.class,
                        e -> assertThat(e.hint())
                                .contains("CREATE TABLE \"older\".cdc_checkpoints")
                                .doesNotContain("CREATE TABLE \"older\".cdc_events"));
        database("older").prepare(Initialize.ALWAYS);
        assertThat(columns("older")).anyMatch(column -> column.startsWith("cdc_checkpoints."));
    }

    @Test
    void tables_of_a_newer_version_are_refused_and_left_alone() throws Exception {
        database("newer").prepare(Initialize.ALWAYS);
        postgres.executeIn(DATABASE, "INSERT INTO newer.cdc_schema_version (step, name) VALUES (99, '0099_future')");
        refused(ErrorCode.FORMAT_TOO_NEW, "step 99", Initialize.ALWAYS, database("newer"));
        refused(ErrorCode.FORMAT_TOO_NEW, "step 99", Initialize.NEVER, database("newer"));
    }

    @Test
    void many_processes_at_once_migrate_once() throws Exception {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(CompletableFuture.runAsync(() -> database("busy").prepare(Initialize.ALWAYS)));
        }
        for (CompletableFuture<Void> one : all) {
            one.get(60, TimeUnit.SECONDS);
        }
        assertThat(applied("busy")).hasSameSizeAs(Migrations.steps());
    }

    @Test
    void a_step_that_fails_leaves_nothing_behind() throws Exception {
        postgres.executeIn(
                DATABASE, "CREATE SCHEMA occupied", "CREATE TABLE occupied.cdc_checkpoints (something text)");
        refused(ErrorCode.STATE_NOT_PREPARED, "cdc_checkpoints", Initialize.ALWAYS, database("occupied"));
        assertThat(rows("SELECT tablename FROM pg_tables WHERE schemaname = 'occupied'"))
                .containsExactly("cdc_checkpoints");
    }

    @Test
    void a_role_without_rights_is_told_so_and_one_with_rights_in_the_schema_alone_suffices() throws Exception {
        postgres.executeIn(
                DATABASE,
                "CREATE ROLE keeper LOGIN PASSWORD 'k33per'",
                "CREATE SCHEMA granted AUTHORIZATION keeper",
                "CREATE SCHEMA denied");
        StateDatabase denied =
                StateDatabase.of(TestDataSource.of(postgres.url(DATABASE), "keeper", "k33per"), "denied");
        refused(ErrorCode.STATE_REFUSED, "permission denied", Initialize.ALWAYS, denied);
        StateDatabase.of(TestDataSource.of(postgres.url(DATABASE), "keeper", "k33per"), "granted")
                .prepare(Initialize.ALWAYS);
        assertThat(applied("granted")).isNotEmpty();
    }

    @Test
    void a_wrong_password_and_an_absent_server_are_told_apart_without_the_password() {
        StateDatabase wrong = StateDatabase.of(TestDataSource.of(postgres.url(DATABASE), "nobody", "s3cret"), "any");
        assertThatThrownBy(() -> wrong.prepare(Initialize.ALWAYS))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STATE_REFUSED))
                .hasMessageNotContaining("s3cret");
        StateDatabase absent =
                StateDatabase.of(TestDataSource.of("jdbc:postgresql://127.0.0.1:1/x", "nobody", "s3cret"), "any");
        refused(ErrorCode.STATE_UNREACHABLE, "Connection", Initialize.ALWAYS, absent);
    }

    @Test
    void a_connection_is_given_back_as_it_was() throws Exception {
        try (Connection kept = postgres.connect(DATABASE);
                Statement statement = kept.createStatement()) {
            statement.execute("SET transaction_timeout = '1h'");
            String before = settings(statement);
            HeldSession session = HeldSession.open(new OneConnection(kept), "test");
            assertThat(settings(statement)).contains("15s").contains("test").doesNotContain("1h");
            session.close();
            assertThat(settings(statement)).isEqualTo(before);
        }
    }

    private static String settings(Statement statement) throws Exception {
        try (ResultSet row = statement.executeQuery("SELECT concat_ws(' ', current_setting('statement_timeout'),"
                + " current_setting('application_name'), current_setting('search_path'),"
                + " current_setting('synchronous_commit'), current_setting('lock_timeout'),"
                + " current_setting('transaction_timeout'))")) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void the_oldest_server_has_fewer_settings_and_serves_too() throws Exception {
        try (TestPostgres oldest = TestPostgres.start(14)) {
            StateDatabase database = StateDatabase.of(TestDataSource.of(oldest, "postgres"), "philotes");
            database.prepare(Initialize.ALWAYS);
            assertThat(database.place().schema()).isEqualTo("philotes");
        }
    }

    @Test
    void commits_are_durable_whatever_the_role_says() throws Exception {
        postgres.executeIn(
                DATABASE,
                "CREATE ROLE careless LOGIN SUPERUSER PASSWORD 'c'",
                "ALTER ROLE careless SET synchronous_commit = off",
                "CREATE ROLE careful LOGIN SUPERUSER PASSWORD 'c'",
                "ALTER ROLE careful SET synchronous_commit = remote_apply");
        assertThat(synchronousCommitOf("careless")).isEqualTo("on");
        assertThat(synchronousCommitOf("careful")).isEqualTo("remote_apply");
    }

    private static String synchronousCommitOf(String role) {
        return StateDatabase.of(TestDataSource.of(postgres.url(DATABASE), role, "c"), "any")
                .call(ErrorCode.DEFECT, "look", connection -> {
                    try (Statement statement = connection.createStatement();
                            ResultSet row = statement.executeQuery("SHOW synchronous_commit")) {
                        row.next();
                        return row.getString(1);
                    }
                });
    }
}
