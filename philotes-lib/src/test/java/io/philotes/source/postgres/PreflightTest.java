// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.model.TableId;
import io.philotes.source.AttachedSource;
import io.philotes.source.TableSize;
import io.philotes.testkit.TestPostgres;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PreflightTest {

    private static TestPostgres server;

    @BeforeAll
    static void start() {
        server = TestPostgres.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static List<ErrorCode> errors(AttachedSource source) {
        return codes(source, Finding.Severity.ERROR);
    }

    private static List<ErrorCode> codes(AttachedSource source, Finding.Severity severity) {
        return source.check().stream()
                .filter(f -> f.severity() == severity)
                .map(Finding::code)
                .flatMap(Optional::stream)
                .toList();
    }

    @Test
    void everything_that_is_wrong_with_tables_is_found_at_once() throws Exception {
        SourceLab lab = new SourceLab(server, "tables");
        lab.sql(
                "CREATE TABLE good (id int PRIMARY KEY)",
                "CREATE TABLE keyless (id int)",
                "CREATE TABLE keyless_full (id int)",
                "ALTER TABLE keyless_full REPLICA IDENTITY FULL",
                "CREATE TABLE nothing (id int PRIMARY KEY)",
                "ALTER TABLE nothing REPLICA IDENTITY NOTHING",
                "CREATE UNLOGGED TABLE unlogged (id int PRIMARY KEY)",
                "CREATE TABLE deferrable_key (id int PRIMARY KEY DEFERRABLE)");
        AttachedSource source = lab.builder(
                        "good", "keyless", "keyless_full", "nothing", "unlogged", "deferrable_key", "absent", "none_*")
                .build()
                .attach("tables");
        assertThat(errors(source))
                .containsExactlyInAnyOrder(
                        ErrorCode.TABLE_MISSING, ErrorCode.IDENTITY_NOTHING, ErrorCode.UNLOGGED_TABLE);
        assertThat(codes(source, Finding.Severity.WARN))
                .containsExactly(ErrorCode.NO_IDENTITY, ErrorCode.NO_IDENTITY, ErrorCode.NO_IDENTITY);
        assertThat(source.check())
                .filteredOn(f -> f.subject().equals("none_*"))
                .extracting(Finding::message)
                .containsExactly("adds no table now; one that comes later is picked up");
        assertThat(source.check())
                .allMatch(f -> f.severity() == Finding.Severity.OK
                        || !f.fix().orElseThrow().isBlank());
        assertThat(source.tables())
                .extracting(picture -> picture.relation().table().name())
                .containsExactly("deferrable_key", "good", "keyless", "keyless_full", "nothing", "unlogged");
        assertThat(lab.value("SELECT count(*) FROM pg_publication")).isEqualTo("0");
    }

    @Test
    void of_a_table_that_is_dropped_while_it_is_checked_nothing_is_said() throws Exception {
        SourceLab lab = new SourceLab(server, "dropped_meanwhile");
        lab.sql("CREATE TABLE gone (id int PRIMARY KEY)");
        try (Connection connection = server.connect("dropped_meanwhile")) {
            CatalogTable table = new Catalog(connection)
                    .tables(List.of(Integer.parseUnsignedInt(lab.value("SELECT 'gone'::regclass::oid"))))
                    .get(0);
            lab.sql("DROP TABLE gone");
            PublishedTable published = new PublishedTable(table.id(), Optional.empty(), Optional.empty());
            ColumnRules rules = new ColumnRules(Map.of());
            assertThat(new TableChecks(connection, "postgres", rules)
                            .findings(table, new PublishedChecks(table, published, TestPostgres.DEFAULT_VERSION)))
                    .isEmpty();
            Publication publication = new Publication("managed", true, rules);
            assertThat(new PublicationChecks(connection, publication, rules).findings(List.of(table)))
                    .allMatch(finding -> finding.severity() == Finding.Severity.OK);
        }
    }

    @Test
    void an_identity_that_may_hold_nulls_is_told_with_what_proves_that_it_does_not() throws Exception {
        try (TestPostgres newest = TestPostgres.start(18)) {
            SourceLab lab = new SourceLab(newest, "unproven");
            lab.sql(
                    "CREATE TABLE t (id int, other int)",
                    "CREATE UNIQUE INDEX t_id ON t (id)",
                    "ALTER TABLE t ADD CONSTRAINT \"known id\" NOT NULL id NOT VALID",
                    "ALTER TABLE t ADD NOT NULL other NOT VALID",
                    "ALTER TABLE t REPLICA IDENTITY USING INDEX t_id");
            AttachedSource source = lab.builder("t").build().attach("unproven");
            List<Finding> warnings = source.check().stream()
                    .filter(finding -> finding.severity() == Finding.Severity.WARN)
                    .toList();
            assertThat(warnings).singleElement().satisfies(finding -> {
                assertThat(finding.code()).contains(ErrorCode.NO_IDENTITY);
                assertThat(finding.subject()).isEqualTo("public.t");
            });
            lab.sql(warnings.get(0).fix().orElseThrow());
            assertThat(source.check()).allMatch(finding -> finding.severity() == Finding.Severity.OK);
        }
    }

    @Test
    void a_role_without_rights_is_told_which_ones_it_lacks() throws Exception {
        SourceLab lab = new SourceLab(server, "rights");
        lab.sql("CREATE TABLE t (id int PRIMARY KEY)", "CREATE ROLE weak LOGIN");
        AttachedSource source =
                lab.builder("t").credentials("weak", "x").build().attach("rights");
        assertThat(errors(source))
                .containsExactly(
                        ErrorCode.NO_REPLICATION_RIGHT, ErrorCode.PUBLICATION_MISSING, ErrorCode.NO_SELECT_RIGHT);
        assertThat(source.check()).anySatisfy(f -> assertThat(f.fix()).contains("ALTER ROLE \"weak\" REPLICATION;"));
        assertThatThrownBy(source::preparePublication).isInstanceOfSatisfying(PhilotesException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.PUBLICATION_MISSING);
            assertThat(e.hint()).contains("CREATE PUBLICATION \"philotes_rights\" FOR TABLE ONLY \"public\".\"t\"");
        });
        assertThatThrownBy(() -> source.createSlot(Set.of()))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_REPLICATION_RIGHT));
    }

    @Test
    void a_server_is_checked_whatever_its_tables_are() throws Exception {
        SourceLab lab = new SourceLab(server, "server_only");
        lab.sql("CREATE TABLE nothing (id int PRIMARY KEY)", "ALTER TABLE nothing REPLICA IDENTITY NOTHING");
        List<Finding> findings = lab.builder("absent").build().checkServer("server_only");
        assertThat(findings).allMatch(finding -> finding.severity() == Finding.Severity.OK);
        assertThat(findings)
                .extracting(Finding::subject)
                .contains("connect", "wal_level", "replication", "slot")
                .doesNotContain("public.nothing", "tables", "publication");
        PostgresSource kept =
                lab.builder("absent").existingPublication("kept_server").build();
        assertThat(kept.checkServer("x"))
                .filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
                .extracting(finding -> finding.code().orElseThrow())
                .containsExactly(ErrorCode.PUBLICATION_MISSING);
        lab.sql("CREATE PUBLICATION kept_server");
        assertThat(kept.checkServer("x")).noneMatch(finding -> finding.severity() == Finding.Severity.ERROR);
        assertThat(lab.builder("absent").credentials("nobody", "x").build().checkServer("x"))
                .extracting(Finding::severity)
                .containsExactly(Finding.Severity.ERROR);
    }

    @Test
    void a_kept_publication_must_exist_and_cover_everything() throws Exception {
        SourceLab lab = new SourceLab(server, "kept");
        lab.sql("CREATE TABLE a (id int PRIMARY KEY)", "CREATE TABLE b (id int PRIMARY KEY)");
        AttachedSource source =
                lab.builder("a", "b").existingPublication("kept").build().attach("kept");
        assertThat(errors(source)).containsExactly(ErrorCode.PUBLICATION_MISSING);
        lab.sql("CREATE PUBLICATION kept FOR TABLE a WITH (publish = 'insert')");
        assertThat(errors(source)).containsExactly(ErrorCode.PUBLICATION_INCOMPLETE, ErrorCode.PUBLICATION_INCOMPLETE);
        lab.sql("ALTER PUBLICATION kept SET (publish = 'insert, update, delete, truncate',"
                + " publish_via_partition_root = true)");
        assertThat(errors(source)).containsExactly(ErrorCode.PUBLICATION_INCOMPLETE);
        assertThatThrownBy(source::preparePublication).hasMessageContaining("lacks public.b");
        lab.sql("ALTER PUBLICATION kept ADD TABLE b");
        assertThat(errors(source)).isEmpty();
        source.preparePublication();
        lab.sql("DROP PUBLICATION kept");
        source.createSlot(Set.of()).close();
        assertThatThrownBy(() -> source.open(source.slot().orElseThrow().confirmed()))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PUBLICATION_MISSING));
        source.dropSlot();
    }

    @Test
    void a_managed_publication_follows_the_configuration() throws Exception {
        SourceLab lab = new SourceLab(server, "managed");
        lab.sql(
                "CREATE TABLE a (id int PRIMARY KEY)",
                "CREATE TABLE b (id int PRIMARY KEY)",
                "CREATE TABLE c (id int PRIMARY KEY)");
        lab.builder("a", "b").build().attach("managed").preparePublication();
        lab.builder("b", "c").build().attach("managed").preparePublication();
        assertThat(lab.value("SELECT string_agg(tablename, ',' ORDER BY tablename) FROM pg_publication_tables"))
                .isEqualTo("b,c");
    }

    @Test
    void sizes_come_for_all_tables_at_once_and_a_partitioned_one_is_its_leaves() throws Exception {
        SourceLab lab = new SourceLab(server, "sizes");
        lab.sql(
                "CREATE TABLE plain (id int PRIMARY KEY)",
                "INSERT INTO plain SELECT generate_series(1, 1000)",
                "CREATE TABLE whole (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE low PARTITION OF whole FOR VALUES FROM (0) TO (100)",
                "CREATE TABLE high PARTITION OF whole FOR VALUES FROM (100) TO (200)",
                "INSERT INTO whole SELECT generate_series(90, 119)",
                "ANALYZE plain",
                "ANALYZE whole",
                "CREATE TABLE fresh (id int PRIMARY KEY)");
        AttachedSource source = lab.started(lab.builder("plain", "whole", "fresh"));
        TableId plain = new TableId("public", "plain");
        TableId whole = new TableId("public", "whole");
        TableId fresh = new TableId("public", "fresh");
        Map<TableId, TableSize> sizes = source.estimates(List.of(plain, whole, fresh));
        assertThat(sizes.get(plain).rows()).isEqualTo(1000);
        assertThat(sizes.get(plain).bytes()).isGreaterThan(8_000);
        assertThat(sizes.get(whole).rows()).isEqualTo(30);
        assertThat(sizes.get(whole).bytes()).isGreaterThan(8_000);
        assertThat(sizes.get(fresh)).isEqualTo(new TableSize(-1, 0));
    }

    @Test
    void an_existing_slot_and_its_reader_are_seen() throws Exception {
        SourceLab lab = new SourceLab(server, "slots");
        lab.sql("CREATE TABLE t (id int PRIMARY KEY)", "ANALYZE t");
        AttachedSource source = lab.started(lab.builder("t"));
        assertThat(errors(source)).isEmpty();
        try (var stream = source.open(lab.confirmed(source))) {
            assertThat(errors(source)).as("a start would wait").isEmpty();
            assertThat(source.check())
                    .filteredOn(finding -> finding.code().equals(Optional.of(ErrorCode.SLOT_IN_USE)))
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.severity()).isEqualTo(Finding.Severity.WARN);
                        assertThat(finding.message()).contains("philotes", " as ", "STANDBY");
                    });
            assertThat(stream.walEnd()).isNotNull();
        }
        assertThat(source.identify().database()).isEqualTo("slots");
        assertThat(source.identify().version()).startsWith("17.");
        TableId table = source.tables().get(0).relation().table();
        TableId gone = new TableId("public", "gone");
        assertThat(source.estimates(List.of(table, gone)))
                .isEqualTo(Map.of(table, new TableSize(0, 0), gone, new TableSize(-1, 0)));
        assertThatThrownBy(() -> source.createSlot(Set.of()))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SLOT_IN_USE));
    }

    @Test
    void a_wrong_password_a_missing_database_and_a_dead_port_are_told_apart() throws Exception {
        SourceLab lab = new SourceLab(server, "auth");
        lab.sql("CREATE ROLE scram LOGIN PASSWORD 'right'");
        String hba = lab.value("SELECT current_setting('hba_file')");
        lab.sql(
                "COPY (SELECT unnest(ARRAY['host all scram all scram-sha-256', 'host all all all trust',"
                        + " 'local all all trust'])) TO '" + hba + "'",
                "SELECT pg_reload_conf()");
        AttachedSource wrong =
                lab.builder("t").credentials("scram", "wrong").build().attach("auth");
        assertThat(errors(wrong)).containsExactly(ErrorCode.SOURCE_AUTHENTICATION);
        assertThatThrownBy(wrong::identify).hasMessageNotContaining("wrong");
        AttachedSource absent = PostgresSource.builder(server.url("absent"))
                .credentials("postgres", "x")
                .sslMode(SslMode.DISABLE)
                .tables("t")
                .build()
                .attach("auth");
        assertThat(errors(absent)).containsExactly(ErrorCode.INVALID_CONFIGURATION);
        AttachedSource dead = PostgresSource.builder("jdbc:postgresql://localhost:1/x")
                .credentials("postgres", "x")
                .connectTimeout(Duration.ofSeconds(1))
                .tables("t")
                .build()
                .attach("auth");
        assertThat(errors(dead)).containsExactly(ErrorCode.SOURCE_UNREACHABLE);
        assertThat(dead.heartbeat()).isFalse();
    }

    @Test
    void wal_level_replica_is_found_before_and_told_at_slot_creation() throws Exception {
        try (TestPostgres replica = TestPostgres.start(TestPostgres.DEFAULT_VERSION, "replica")) {
            SourceLab lab = new SourceLab(replica, "wal");
            lab.sql("CREATE TABLE t (id int PRIMARY KEY)");
            AttachedSource source = lab.builder("t").build().attach("wal");
            assertThat(errors(source)).containsExactly(ErrorCode.WAL_LEVEL_NOT_LOGICAL);
            assertThatThrownBy(() -> source.createSlot(Set.of()))
                    .isInstanceOfSatisfying(
                            PhilotesException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.WAL_LEVEL_NOT_LOGICAL));
        }
    }
}
