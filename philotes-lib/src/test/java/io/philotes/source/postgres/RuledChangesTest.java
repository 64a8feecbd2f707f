// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static io.philotes.source.postgres.RulesLab.assertNowhere;
import static io.philotes.source.postgres.RulesLab.sha256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeStream;
import io.philotes.source.TableCopy;
import io.philotes.testkit.TestPostgres;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes of a table with rules, and definitions that change under the rules. */
class RuledChangesTest {

    private static final String PEOPLE = "(id text PRIMARY KEY, name text, secret text, big text, note text, n int)";
    private static final TableRules RULES = TableRules.none()
            .mask("id", Mask.SHA256)
            .mask("name", Mask.PARTIAL)
            .exclude("secret")
            .mask("big", Mask.SHA256)
            .mask("note", Mask.NULL);
    private static final String BIG = "bigSecret".repeat(1000);
    private static final String[] CLEAR = {"idSecret", "nameSecret", "hiddenSecret", "bigSecret", "noteSecret"};
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static TestPostgres server;
    private SourceLab lab;

    @BeforeAll
    static void start() {
        server = TestPostgres.start();
    }

    @AfterAll
    static void stop() throws SQLException {
        server.execute("CHECKPOINT");
        server.close();
    }

    @BeforeEach
    void freshDatabase() throws SQLException {
        lab = new SourceLab(server, "ruled" + DATABASES.incrementAndGet());
    }

    private static void createPeople(SourceLab lab) throws SQLException {
        lab.sql(
                "CREATE TABLE people " + PEOPLE,
                "CREATE TABLE people_full " + PEOPLE,
                "ALTER TABLE people_full REPLICA IDENTITY FULL",
                "ALTER TABLE people ALTER big SET STORAGE EXTERNAL",
                "ALTER TABLE people_full ALTER big SET STORAGE EXTERNAL");
    }

    private static PostgresSourceBuilder people(SourceLab lab) {
        return lab.builder("people*").table("people", RULES).table("people_full", RULES);
    }

    private static String row(String id, String n) {
        return "(" + sha256(id) + ",n***t," + sha256(BIG) + ",null," + n + ")";
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 18})
    void inserts_updates_and_deletes_of_every_identity_are_masked_alike(int version) throws Exception {
        try (TestPostgres other = TestPostgres.start(version)) {
            for (boolean text : new boolean[] {false, true}) {
                SourceLab own = new SourceLab(other, "dml_" + text);
                createPeople(own);
                AttachedSource source = own.started(text ? people(own).forceText() : people(own));
                assertThat(source.check()).allMatch(f -> f.severity() == Finding.Severity.OK);
                try (ChangeStream stream = source.open(own.confirmed(source))) {
                    for (String table : List.of("people", "people_full")) {
                        change(own, table);
                    }
                    List<ChangeBatch> batches = own.readAll(stream);
                    assertThat(ChangeLines.changes(batches)).containsExactlyElementsOf(expectedChanges());
                    assertNowhere(batches, CLEAR);
                }
                RulesLab.drop(source);
            }
        }
    }

    private static void change(SourceLab lab, String table) throws SQLException {
        lab.sql(
                "INSERT INTO " + table + " VALUES ('idSecret1', 'nameSecret', 'hiddenSecret', '" + BIG
                        + "', 'noteSecret', 1)",
                "UPDATE " + table + " SET n = 2",
                "UPDATE " + table + " SET id = 'idSecret2', secret = NULL",
                "DELETE FROM " + table);
    }

    private static List<String> expectedChanges() {
        String one = row("idSecret1", "1");
        String two = row("idSecret1", "2");
        String three = row("idSecret2", "2");
        String unchanged = sha256(BIG);
        return List.of(
                "INSERT people " + one,
                "UPDATE people " + two.replace(unchanged, "unchanged"),
                "UPDATE people key(" + sha256("idSecret1") + ",null,null,null,null) "
                        + three.replace(unchanged, "unchanged"),
                "DELETE people key(" + sha256("idSecret2") + ",null,null,null,null)",
                "INSERT people_full " + one,
                "UPDATE people_full old" + one + " " + two.replace(unchanged, "unchanged"),
                "UPDATE people_full old" + two + " " + three.replace(unchanged, "unchanged"),
                "DELETE people_full old" + three);
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 18})
    void a_renamed_column_and_a_renamed_table_stay_under_their_rules(int version) throws Exception {
        try (TestPostgres other = TestPostgres.start(version)) {
            SourceLab own = new SourceLab(other, "renamed");
            createPeople(own);
            AttachedSource source = own.started(people(own));
            try (ChangeStream stream = source.open(own.confirmed(source))) {
                List<ChangeBatch> batches = new ArrayList<>();
                for (String step : steps()) {
                    own.sql(step);
                    batches.addAll(own.readAll(stream));
                }
                assertNowhere(batches, CLEAR);
                assertThat(ChangeLines.changes(batches))
                        .containsExactly(
                                "INSERT people " + row("idSecret1", "1"),
                                "INSERT people " + row("idSecret2", "2"),
                                "INSERT persons " + row("idSecret3", "3").replace(")", ",clear)"),
                                "INSERT persons " + row("idSecret4", "4").replace(")", ",clear)"));
                assertThat(lastNames(batches)).containsExactly("id", "hidden", "big", "note", "n", "added");
            }
            RulesLab.drop(source);
        }
    }

    private static List<String> steps() {
        return List.of(
                insert("people", 1),
                "ALTER TABLE people RENAME secret TO hidden; ALTER TABLE people RENAME name TO title",
                insert("people", 2),
                "ALTER TABLE people RENAME TO persons; ALTER TABLE persons ADD added text DEFAULT 'clear'",
                insert("persons", 3),
                "BEGIN; ALTER TABLE persons RENAME hidden TO x; ALTER TABLE persons RENAME title TO hidden;"
                        + " ALTER TABLE persons RENAME x TO title; " + insert("persons", 4) + "; COMMIT");
    }

    private static String insert(String table, int n) {
        return "INSERT INTO " + table + " VALUES ('idSecret" + n + "', 'nameSecret', 'hiddenSecret', '" + BIG
                + "', 'noteSecret', " + n + ")";
    }

    private static List<String> lastNames(List<ChangeBatch> batches) {
        List<RelationSchema> relations = batches.get(batches.size() - 1).relations();
        return relations.get(relations.size() - 1).columns().stream()
                .map(Column::name)
                .toList();
    }

    @Test
    void a_copy_after_a_rename_is_under_the_rules_too() throws Exception {
        createPeople(lab);
        AttachedSource source = lab.started(people(lab));
        source.tables();
        lab.sql(insert("people", 1), "ALTER TABLE people RENAME name TO title", "ALTER TABLE people RENAME id TO code");
        assertThat(RulesLab.copied(source, "people")).containsExactly(row("idSecret1", "1"));
        assertThat(source.check())
                .filteredOn(f -> f.severity() != Finding.Severity.OK)
                .hasSize(2)
                .allMatch(f -> f.severity() == Finding.Severity.WARN)
                .anySatisfy(f -> assertThat(f.message()).contains("\"name\" of the rules is \"title\" now"));
        RulesLab.drop(source);
    }

    @Test
    void who_never_saw_the_column_gives_nothing_of_the_table_on() throws Exception {
        createPeople(lab);
        AttachedSource before = lab.started(people(lab));
        Lsn from = lab.confirmed(before);
        lab.sql("ALTER TABLE people RENAME secret TO hidden", insert("people", 1));
        AttachedSource after = people(lab).build().attach(lab.database);
        assertThat(after.check())
                .filteredOn(f -> f.severity() == Finding.Severity.ERROR)
                .singleElement()
                .satisfies(f -> {
                    assertThat(f.code()).contains(ErrorCode.COLUMN_RULE);
                    assertThat(f.subject()).isEqualTo("public.people");
                    assertThat(f.message()).contains("\"secret\"");
                });
        assertThatThrownBy(() -> RulesLab.copied(after, "people")).satisfies(RuledChangesTest::isRefused);
        try (ChangeStream stream = after.open(from)) {
            assertUndecodable(lab.readAll(stream));
            after.look();
            assertUndecodable(lab.readAll(stream));
        }
        RulesLab.drop(after);
    }

    private static void assertUndecodable(List<ChangeBatch> batches) {
        assertThat(ChangeLines.changes(batches).stream().filter(line -> !line.startsWith("PICTURE people_full")))
                .singleElement()
                .satisfies(line ->
                        assertThat(line).startsWith("UNDECODABLE people ").contains("\"secret\""));
        assertNowhere(batches, CLEAR);
    }

    private static void isRefused(Throwable failure) {
        assertThat(failure).isInstanceOfSatisfying(PhilotesException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.COLUMN_RULE);
            assertThat(e.table()).contains(TableId.parse("people"));
            assertThat(e.getMessage()).contains("\"secret\"");
        });
    }

    @Test
    void who_is_told_what_was_known_goes_on_after_a_rename() throws Exception {
        createPeople(lab);
        AttachedSource before = lab.started(people(lab));
        Lsn from = lab.confirmed(before);
        TablePicture picture = before.tables().get(0);
        lab.sql("ALTER TABLE people RENAME secret TO hidden", insert("people", 1));
        AttachedSource after = people(lab).build().attach(lab.database);
        assertThat(picture.facts().rules()).contains("of public people\n", "\nexclude 3 public people secret\n");
        after.remember(picture);
        assertThat(RulesLab.copied(after, "people")).containsExactly(row("idSecret1", "1"));
        try (ChangeStream stream = after.open(from)) {
            List<ChangeBatch> batches = lab.readAll(stream);
            assertThat(ChangeLines.changes(batches)).containsExactly("INSERT people " + row("idSecret1", "1"));
            assertNowhere(batches, CLEAR);
        }
        RulesLab.drop(after);
    }

    @Test
    void changes_from_before_a_rename_of_column_and_rule_are_under_the_rule() throws Exception {
        lab.sql("CREATE TABLE t (id int PRIMARY KEY, secret text, n int)");
        AttachedSource before =
                lab.started(lab.builder("t").table("t", TableRules.none().exclude("secret")));
        lab.sql("INSERT INTO t VALUES (1, 'hiddenSecret', 1)", "ALTER TABLE t RENAME secret TO hidden");
        AttachedSource after = lab.builder("t")
                .table("t", TableRules.none().exclude("hidden"))
                .build()
                .attach(lab.database);
        try (ChangeStream stream = after.open(lab.confirmed(before))) {
            List<ChangeBatch> batches = lab.readAll(stream);
            assertThat(ChangeLines.changes(batches)).containsExactly("INSERT t (1,1)");
            assertNowhere(batches, CLEAR);
        }
        RulesLab.drop(after);
    }

    @Test
    void a_ruled_column_may_be_dropped_and_added_again() throws Exception {
        lab.sql("CREATE TABLE t (id int PRIMARY KEY, secret text, n int)");
        AttachedSource source =
                lab.started(lab.builder("t").table("t", TableRules.none().exclude("secret")));
        try (ChangeStream stream = source.open(lab.confirmed(source))) {
            List<ChangeBatch> batches = new ArrayList<>();
            for (String step : List.of(
                    "INSERT INTO t VALUES (1, 'hiddenSecret', 1)",
                    "ALTER TABLE t DROP secret; INSERT INTO t VALUES (2, 2)",
                    "ALTER TABLE t ADD secret text; INSERT INTO t VALUES (3, 3, 'hiddenSecret')")) {
                lab.sql(step);
                batches.addAll(lab.readAll(stream));
            }
            assertThat(ChangeLines.changes(batches))
                    .containsExactly("INSERT t (1,1)", "INSERT t (2,2)", "INSERT t (3,3)");
            assertNowhere(batches, CLEAR);
        }
        RulesLab.drop(source);
    }

    @Test
    void a_mask_that_needs_text_is_found_while_a_binary_stream_runs() throws Exception {
        lab.sql("CREATE TABLE t (id int PRIMARY KEY, pin text)");
        AttachedSource source =
                lab.started(lab.builder("t").table("t", TableRules.none().mask("pin", Mask.SHA256)));
        Lsn from = lab.confirmed(source);
        try (ChangeStream stream = source.open(from)) {
            lab.sql("ALTER TABLE t ALTER pin TYPE int USING pin::int", "INSERT INTO t VALUES (1, 1234)");
            assertThatThrownBy(() -> lab.readAll(stream))
                    .isInstanceOfSatisfying(
                            PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_QUERY));
        }
        try (ChangeStream stream = source.open(from)) {
            assertThat(ChangeLines.changes(lab.readAll(stream))).containsExactly("INSERT t (1," + sha256("1234") + ")");
        }
        RulesLab.drop(source);
    }

    @Test
    void a_key_that_comes_to_hold_an_excluded_column_stops_the_table() throws Exception {
        lab.sql("CREATE TABLE people (id int PRIMARY KEY, secret text NOT NULL, n int)");
        AttachedSource source = lab.started(
                lab.builder("people").table("people", TableRules.none().exclude("secret")));
        try (ChangeStream stream = source.open(lab.confirmed(source))) {
            lab.sql(
                    "ALTER TABLE people DROP CONSTRAINT people_pkey, ADD PRIMARY KEY (secret)",
                    "INSERT INTO people VALUES (1, 'hiddenSecret', 1)");
            assertUndecodable(lab.readAll(stream));
        }
        assertThat(source.check()).anySatisfy(f -> {
            assertThat(f.severity()).isEqualTo(Finding.Severity.ERROR);
            assertThat(f.message()).contains("\"secret\" is part of the key");
        });
        RulesLab.drop(source);
    }

    @Test
    void rules_for_a_table_that_is_not_there_are_an_error() throws Exception {
        lab.sql("CREATE TABLE clients (id int PRIMARY KEY, secret text)");
        AttachedSource source = lab.builder("public.*")
                .table("customers", TableRules.none().exclude("secret"))
                .build()
                .attach(lab.database);
        assertThat(source.check()).anySatisfy(f -> {
            assertThat(f.severity()).isEqualTo(Finding.Severity.ERROR);
            assertThat(f.subject()).isEqualTo("public.customers");
            assertThat(f.code()).contains(ErrorCode.COLUMN_RULE);
        });
    }

    @Test
    void excluded_tables_are_neither_published_nor_copied() throws Exception {
        lab.sql(
                "CREATE TABLE orders (id int PRIMARY KEY)",
                "CREATE TABLE audit_a (id int PRIMARY KEY)",
                "CREATE TABLE audit_b (id int PRIMARY KEY)",
                "CREATE TABLE events (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (9)",
                "CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE parts_old PARTITION OF parts FOR VALUES FROM (0) TO (9)");
        AttachedSource source = lab.started(lab.builder("public.*").exclude("audit_*", "public.events"));
        assertThat(source.tables().stream().map(t -> t.relation().table().name()))
                .containsExactly("orders", "parts");
        assertThat(lab.value("SELECT string_agg(tablename, ',' ORDER BY tablename) FROM pg_publication_tables"))
                .isEqualTo("orders,parts");
        lab.sql("INSERT INTO audit_a VALUES (1)", "INSERT INTO events VALUES (1)", "INSERT INTO orders VALUES (1)");
        try (ChangeStream stream = source.open(lab.confirmed(source))) {
            assertThat(ChangeLines.changes(lab.readAll(stream))).containsExactly("INSERT orders (1)");
        }
        try (TableCopy copy = source.copy(Set.of())) {
            assertThat(copy.tables()).isEmpty();
        }
        AttachedSource partition =
                lab.builder("public.*").exclude("*.*_old").build().attach(lab.database);
        assertThat(partition.check())
                .filteredOn(f -> f.severity() == Finding.Severity.ERROR)
                .singleElement()
                .satisfies(f -> assertThat(f.subject()).isEqualTo("public.parts_old"));
        RulesLab.drop(source);
    }
}
