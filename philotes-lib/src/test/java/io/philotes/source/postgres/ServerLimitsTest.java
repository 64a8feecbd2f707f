// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeStream;
import io.philotes.source.TableCopy;
import io.philotes.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the server limits or refuses: what must not be ended by it, and what its refusals are called. */
class ServerLimitsTest {

    private static final TableId T = TableId.parse("t");

    private static TestPostgres server;

    @BeforeAll
    static void start() {
        server = TestPostgres.start();
    }

    @AfterAll
    static void stop() throws SQLException {
        server.execute("CHECKPOINT");
        server.close();
    }

    private static SourceLab lab(String database) throws SQLException {
        SourceLab lab = new SourceLab(server, database);
        lab.sql("CREATE TABLE t (id int PRIMARY KEY, filler text)");
        return lab;
    }

    /** Until two seconds have passed at the server. */
    private static void awaitTwoSeconds(SourceLab lab, Runnable meanwhile) throws SQLException {
        String later = lab.value("SELECT now() + interval '2 s'");
        await().pollInSameThread().pollInterval(Duration.ofMillis(50)).until(() -> {
            meanwhile.run();
            return "t".equals(lab.value("SELECT now() > '" + later + "'"));
        });
    }

    @Test
    void a_limit_for_transactions_ends_neither_a_copy_nor_the_snapshot_that_is_kept_for_it() throws Exception {
        SourceLab lab = lab("limited_copy");
        lab.sql("INSERT INTO t VALUES (1, 'a')", "ALTER DATABASE limited_copy SET transaction_timeout = '1s'");
        AttachedSource source = lab.builder("t").build().attach(lab.database);
        source.preparePublication();
        try (TableCopy copy = source.createSlot(Set.of(T))) {
            awaitTwoSeconds(lab, () -> {});
            assertThat(SourceLab.copyAll(copy, T, 1)).containsExactly("(1,a)");
        }
        source.dropSlot();
    }

    @Test
    void a_limit_for_transactions_does_not_end_the_decoding_of_a_large_one() throws Exception {
        SourceLab lab = lab("limited_stream");
        lab.sql("ALTER DATABASE limited_stream SET transaction_timeout = '1s'");
        AttachedSource source = lab.started(lab.builder("t"));
        Lsn from = lab.confirmed(source);
        lab.sql(
                "SET transaction_timeout = 0",
                "INSERT INTO t SELECT g, repeat(md5(g::text), 30) FROM generate_series(1, 20000) g");
        try (ChangeStream stream = source.open(from)) {
            List<ChangeBatch> batches = new ArrayList<>(List.of(stream.poll(Duration.ofSeconds(30))));
            awaitTwoSeconds(lab, () -> stream.acknowledge(from));
            batches.addAll(lab.readAll(stream));
            assertThat(ChangeLines.changes(batches)).hasSize(20000);
        }
    }

    @Test
    void where_transactions_only_read_unless_they_say_otherwise_publication_and_mark_are_written() throws Exception {
        SourceLab lab = lab("reads_only");
        lab.sql("ALTER DATABASE reads_only SET default_transaction_read_only = on");
        AttachedSource source = lab.started(lab.builder("t"));
        assertThat(source.renewMark(source.identify().mark())).isPresent();
        assertThat(source.heartbeat()).isTrue();
        source.dropSlot();
        assertThat(source.dropPublication()).isEmpty();
    }

    @Test
    void a_database_that_does_not_let_the_role_in_is_no_lack_of_a_right_on_a_table() throws Exception {
        SourceLab lab = lab("kept_out");
        lab.sql("CREATE ROLE outside LOGIN REPLICATION", "REVOKE CONNECT ON DATABASE kept_out FROM PUBLIC");
        AttachedSource source =
                lab.builder("t").credentials("outside", "x").build().attach(lab.database);
        assertFails(ErrorCode.SOURCE_AUTHENTICATION, source::slot);
        assertFails(ErrorCode.SOURCE_AUTHENTICATION, source::identify);
    }

    @Test
    void a_slot_that_sends_transactions_before_they_commit_is_refused() throws Exception {
        SourceLab lab = lab("prepared");
        AttachedSource source = lab.builder("t").build().attach(lab.database);
        source.preparePublication();
        lab.sql("SELECT pg_create_logical_replication_slot('philotes_prepared', 'pgoutput', false, true)");
        Lsn from = lab.confirmed(source);
        assertThat(source.check())
                .filteredOn(f -> f.subject().equals("slot"))
                .singleElement()
                .satisfies(f -> {
                    assertThat(f.code()).contains(ErrorCode.INVALID_CONFIGURATION);
                    assertThat(f.message()).contains("two_phase");
                });
        assertFails(ErrorCode.INVALID_CONFIGURATION, () -> source.open(from));
        source.dropSlot();
        assertThat(source.slot()).isEmpty();
    }

    @Test
    void that_all_walsenders_are_taken_may_pass() throws Exception {
        SourceLab lab = lab("crowded");
        AttachedSource source = lab.started(lab.builder("t"));
        Lsn from = lab.confirmed(source);
        awaitNoWalsender(lab);
        List<Connection> others = takeAllWalsenders(lab);
        try {
            assertFails(ErrorCode.SOURCE_UNREACHABLE, source::identify);
            assertFails(ErrorCode.SOURCE_UNREACHABLE, () -> source.open(from));
            assertThat(source.check()).anySatisfy(f -> assertThat(f.code()).contains(ErrorCode.NO_FREE_SLOT));
        } finally {
            for (Connection other : others) {
                other.close();
            }
        }
        awaitNoWalsender(lab);
        source.open(from).close();
    }

    @Test
    void what_has_no_counterpart_in_utf_8_is_what_the_server_cannot_send() throws Exception {
        server.execute("CREATE DATABASE western TEMPLATE template0 ENCODING 'WIN1252' LOCALE 'C'");
        SourceLab lab = SourceLab.in(server, "western");
        lab.sql("CREATE TABLE t (id int PRIMARY KEY, letter text)");
        AttachedSource source = lab.started(lab.builder("t"));
        Lsn from = lab.confirmed(source);
        lab.sql("INSERT INTO t VALUES (1, chr(128))", "INSERT INTO t VALUES (2, chr(129))");
        assertFails(ErrorCode.SOURCE_POISON, () -> {
            try (ChangeStream stream = source.open(from)) {
                lab.readAll(stream);
            }
        });
        assertThatThrownBy(() -> RulesLab.copied(source, "t")).isInstanceOfSatisfying(PhilotesException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_POISON);
            assertThat(e.table()).contains(T);
            assertThat(e.hint()).contains("no character in UTF-8");
        });
    }

    @Test
    void a_database_that_takes_no_connections_has_not_lost_the_slot() throws Exception {
        SourceLab lab = lab("closed");
        AttachedSource source = lab.started(lab.builder("t"));
        server.execute("ALTER DATABASE closed ALLOW_CONNECTIONS false");
        assertFails(ErrorCode.SOURCE_QUERY, source::identify);
        server.execute("ALTER DATABASE closed ALLOW_CONNECTIONS true");
        assertThat(source.identify().database()).isEqualTo("closed");
        source.dropSlot();
    }

    private static void awaitNoWalsender(SourceLab lab) {
        await().until(() -> lab.value("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'walsender'")
                .equals("0"));
    }

    private static List<Connection> takeAllWalsenders(SourceLab lab) throws SQLException {
        Properties walsender = new Properties();
        walsender.setProperty("user", "postgres");
        walsender.setProperty("password", "postgres");
        walsender.setProperty("replication", "database");
        walsender.setProperty("preferQueryMode", "simple");
        walsender.setProperty("assumeMinServerVersion", "14");
        List<Connection> all = new ArrayList<>();
        for (int left = Integer.parseInt(lab.value("SHOW max_wal_senders")); left > 0; left--) {
            all.add(DriverManager.getConnection(server.url(lab.database), walsender));
        }
        return all;
    }

    private static void assertFails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
