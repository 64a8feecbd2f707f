// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.TableFacts;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeStream;
import io.philotes.source.SchemaTracking;
import io.philotes.source.SourceLook;
import io.philotes.source.TableCopy;
import io.philotes.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What looks write into the WAL, and how it comes back, without the event trigger. */
class TablePicturesTest {

    private static TestPostgres server;
    private static int databases;
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
        lab = new SourceLab(server, "pictures" + ++databases);
    }

    /** What the stream says after a look. */
    private List<ChangeBatch> looked(AttachedSource source, ChangeStream stream) throws Exception {
        assertThat(source.look().untold()).isEmpty();
        return lab.readAll(stream);
    }

    @Test
    void a_look_tells_every_table_once_and_then_only_what_changed() throws Exception {
        lab.sql("CREATE TABLE a (id int PRIMARY KEY, note text)", "CREATE TABLE b (id int PRIMARY KEY)");
        AttachedSource source = lab.started(lab.builder("public.*"));
        try (ChangeStream stream = source.open(lab.confirmed(source))) {
            SourceLook first = source.look();
            assertThat(first.tracking()).isEqualTo(SchemaTracking.INFERRED);
            assertThat(first.present()).containsExactlyInAnyOrder(TableId.parse("a"), TableId.parse("b"));
            assertThat(first.unpublished()).isEmpty();
            List<ChangeBatch> batches = lab.readAll(stream);
            assertThat(ChangeLines.changes(batches))
                    .containsExactlyInAnyOrder("PICTURE a(id=1,note=2)", "PICTURE b(id=1)");
            assertThat(source.tables())
                    .extracting(TablePicture::facts)
                    .containsExactly(ChangeLines.facts(batches, "a"), ChangeLines.facts(batches, "b"));
            source.look();
            lab.sql("ALTER TABLE a DROP note", "ALTER TABLE a ADD note text DEFAULT 'x'", "INSERT INTO b VALUES (1)");
            source.look();
            source.look();
            assertThat(ChangeLines.changes(lab.readAll(stream)))
                    .containsExactly("INSERT b (1)", "PICTURE a(id=1,note=3)");
        }
        try (ChangeStream again = source.open(lab.confirmed(source))) {
            lab.readAll(again);
            assertThat(ChangeLines.changes(looked(source, again))).hasSize(2);
        }
    }

    @Test
    void a_partition_between_two_looks_is_told_with_its_first_row_and_the_table_anew_by_the_next_look()
            throws Exception {
        lab.sql(
                "CREATE TABLE root (id int PRIMARY KEY, a text) PARTITION BY LIST (id)",
                "CREATE TABLE p1 PARTITION OF root FOR VALUES IN (1)",
                "CREATE TABLE other (id int PRIMARY KEY, a text)");
        AttachedSource source = lab.started(lab.builder("public.*"));
        try (ChangeStream stream = source.open(lab.confirmed(source))) {
            assertThat(looked(source, stream)).isNotEmpty();
            lab.sql(
                    "INSERT INTO root VALUES (1, 'known')",
                    "CREATE TABLE p2 PARTITION OF root FOR VALUES IN (2, 3)",
                    "INSERT INTO root VALUES (2, 'new')",
                    "INSERT INTO other VALUES (1, 'of its own')",
                    "INSERT INTO root VALUES (3, 'more')",
                    "DROP TABLE p2");
            assertThat(ChangeLines.changes(lab.readAll(stream)))
                    .containsExactly(
                            "INSERT root (1,known)",
                            "LEAF root public.p2",
                            "INSERT root (2,new)",
                            "INSERT other (1,of its own)",
                            "INSERT root (3,more)");
            List<ChangeBatch> anew = looked(source, stream);
            assertThat(ChangeLines.changes(anew)).containsExactly("PICTURE root(id=1,a=2)");
            assertThat(ChangeLines.facts(anew, "root").leaves()).hasSize(1);
            assertThat(ChangeLines.changes(looked(source, stream))).isEmpty();
        }
    }

    @Test
    void a_copys_pictures_are_those_of_its_snapshot() throws Exception {
        lab.sql("CREATE TABLE t (id int PRIMARY KEY, note text)");
        AttachedSource source = lab.builder("t").build().attach(lab.database);
        source.preparePublication();
        List<TablePicture> before = source.tables();
        try (TableCopy copy = source.createSlot(Set.of(TableId.parse("t")))) {
            lab.sql("ALTER TABLE t ADD more int DEFAULT 7");
            assertThat(copy.tables()).isEqualTo(before);
        }
        TablePicture now = source.tables().get(0);
        assertThat(now.facts().highestAttnum()).isEqualTo(3);
        assertThat(now.relation().columns().get(2).missingValue()).contains("7");
        assertThat(now.facts().columns().get(1))
                .isEqualTo(before.get(0).facts().columns().get(1));
    }

    @Test
    void facts_move_with_what_the_stream_does_not_tell() throws Exception {
        lab.sql(
                "CREATE TYPE mood AS ENUM ('sad', 'glad')",
                "CREATE TYPE pair AS (one int, other mood)",
                "CREATE DOMAIN pairs AS pair[]",
                "CREATE TABLE t (id int PRIMARY KEY, note text, p pairs)");
        AttachedSource source = lab.started(lab.builder("t"));
        TableFacts first = source.tables().get(0).facts();
        assertThat(first.types().values())
                .extracting(TableFacts.DefinedType::name)
                .containsExactlyInAnyOrder("public.mood", "public.pair");
        lab.sql("ALTER TYPE mood ADD VALUE 'so-so'", "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue; =\"'");
        TableFacts renamed = source.tables().get(0).facts();
        assertThat(renamed.types().values())
                .filteredOn(TableFacts.DefinedType::open)
                .singleElement()
                .satisfies(mood -> assertThat(mood.parts().values()).containsExactly("blue; =\"", "glad", "so-so"));
        assertThat(TableFacts.parse(renamed.text())).isEqualTo(renamed);
        lab.sql("ALTER TYPE pair ADD ATTRIBUTE third text");
        assertThat(source.tables().get(0).facts().types()).isNotEqualTo(renamed.types());
        lab.sql("TRUNCATE t");
        TableFacts truncated = source.tables().get(0).facts();
        assertThat(truncated.file()).isNotEqualTo(first.file());
        assertThat(truncated.columns()).isEqualTo(first.columns());
        lab.sql(
                "ALTER TABLE t ALTER note TYPE varchar(10) USING left(note, 10)",
                "ALTER PUBLICATION \"philotes_" + lab.database + "\" DROP TABLE t",
                "ALTER TABLE t SET UNLOGGED");
        TableFacts altered = source.tables().get(0).facts();
        assertThat(altered.columns().get(2)).isNotEqualTo(first.columns().get(2));
        assertThat(altered.columns().get(1)).isEqualTo(first.columns().get(1));
        assertThat(altered.logged()).isFalse();
        assertThat(source.look().unpublished()).containsExactly(TableId.parse("t"));
    }

    @Test
    void a_column_altered_twice_in_a_transaction_has_two_versions() throws Exception {
        lab.sql("CREATE TABLE t (id int PRIMARY KEY, a int)");
        AttachedSource source = lab.started(lab.builder("t"));
        try (Connection connection = server.connect(lab.database);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            String version =
                    "SELECT xmin::text, ctid::text FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum = 2";
            statement.execute("ALTER TABLE t ALTER a TYPE bigint");
            Map<Integer, CatalogPicture> first = CatalogPictures.read(connection, List.of(oid(connection)));
            statement.execute("ALTER TABLE t ALTER a TYPE text");
            Map<Integer, CatalogPicture> second = CatalogPictures.read(connection, List.of(oid(connection)));
            connection.commit();
            CatalogPicture one = first.values().iterator().next();
            CatalogPicture other = second.values().iterator().next();
            assertThat(one.facts().columns().get(2))
                    .as(version)
                    .isNotEqualTo(other.facts().columns().get(2));
            assertThat(source.tables().get(0).facts().columns())
                    .isEqualTo(other.facts().columns());
        }
    }

    private static int oid(Connection connection) throws SQLException {
        return Sql.query(connection, "SELECT 't'::regclass::oid::int8", row -> (int) row.getLong(1))
                .get(0);
    }

    @Test
    void partitions_are_seen_however_they_come_and_go() throws Exception {
        lab.sql(
                "CREATE TABLE p (id int) PARTITION BY LIST (id)",
                "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
                "CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2) PARTITION BY LIST (id)",
                "CREATE TABLE p22 PARTITION OF p2 FOR VALUES IN (2)");
        AttachedSource source = lab.started(lab.builder("public.*"));
        try (ChangeStream stream = source.open(lab.confirmed(source))) {
            TableFacts first = ChangeLines.facts(looked(source, stream), "p");
            assertThat(first.leaves().values())
                    .extracting(TableFacts.Leaf::name)
                    .containsExactlyInAnyOrder("public.p1", "public.p22");
            assertThat(first.leaves().values()).allMatch(TableFacts.Leaf::born);
            lab.sql(
                    "TRUNCATE p22",
                    "CREATE TABLE late (id int)",
                    "ALTER TABLE p ATTACH PARTITION late FOR VALUES IN (3)",
                    "ALTER TABLE p DETACH PARTITION p1");
            List<ChangeBatch> batches = looked(source, stream);
            assertThat(ChangeLines.changes(batches)).containsExactlyInAnyOrder("PICTURE p(id=1)", "PICTURE p1(id=1)");
            assertThat(ChangeLines.facts(batches, "p").leaves().values())
                    .satisfiesExactlyInAnyOrder(
                            leaf -> assertThat(leaf.file()).isNotEqualTo(file(first, "public.p22")), leaf -> {
                                assertThat(leaf.name()).isEqualTo("public.late");
                                assertThat(leaf.born()).isFalse();
                            });
        }
    }

    private static String file(TableFacts facts, String leaf) {
        return facts.leaves().values().stream()
                .filter(l -> l.name().equals(leaf))
                .findFirst()
                .orElseThrow()
                .file();
    }

    @Test
    void a_table_that_is_gone_is_told_once_with_what_became_of_it() throws Exception {
        lab.sql(
                "CREATE TABLE dropped (id int PRIMARY KEY)",
                "CREATE TABLE renamed (id int PRIMARY KEY)",
                "CREATE TABLE again (id int PRIMARY KEY)",
                "CREATE TABLE stays (id int PRIMARY KEY)");
        AttachedSource source = lab.started(lab.builder("dropped", "renamed", "again", "stays"));
        try (ChangeStream stream = source.open(lab.confirmed(source))) {
            looked(source, stream);
            lab.sql(
                    "DROP TABLE dropped",
                    "ALTER TABLE renamed RENAME TO other",
                    "DROP TABLE again",
                    "CREATE TABLE again (id int PRIMARY KEY, more text)");
            List<ChangeBatch> batches = looked(source, stream);
            assertThat(ChangeLines.changes(batches))
                    .containsExactlyInAnyOrder(
                            "GONE dropped it was dropped",
                            "GONE renamed it was renamed to public.other",
                            "GONE again it was dropped",
                            "PICTURE again(id=1,more=2)");
            assertThat(ChangeLines.changes(looked(source, stream))).isEmpty();
            assertThat(source.look().present())
                    .containsExactlyInAnyOrder(TableId.parse("again"), TableId.parse("stays"));
            assertThat(source.tables()).hasSize(2);
            assertThatThrownBy(() -> source.copy(Set.of(TableId.parse("dropped"))))
                    .isInstanceOfSatisfying(
                            PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TABLE_MISSING));
        }
    }

    @Test
    void a_table_that_bears_another_covered_name_goes_and_comes() throws Exception {
        lab.sql("CREATE TABLE t (id int PRIMARY KEY)");
        AttachedSource source = lab.started(lab.builder("public.*"));
        try (ChangeStream stream = source.open(lab.confirmed(source))) {
            looked(source, stream);
            lab.sql("ALTER TABLE t RENAME TO u", "INSERT INTO u VALUES (1)");
            assertThat(ChangeLines.changes(looked(source, stream)))
                    .containsExactly("INSERT u (1)", "GONE t it was renamed to public.u", "PICTURE u(id=1)");
        }
    }

    @Test
    void a_table_gone_while_nobody_looked_is_known_from_before() throws Exception {
        lab.sql("CREATE TABLE t (id int PRIMARY KEY)", "CREATE TABLE u (id int PRIMARY KEY)");
        AttachedSource before = lab.started(lab.builder("t", "u"));
        List<TablePicture> pictures = before.tables();
        lab.sql("DROP TABLE t");
        AttachedSource after = lab.builder("t", "u").build().attach(lab.database);
        pictures.forEach(after::remember);
        after.preparePublication();
        try (ChangeStream stream = after.open(lab.confirmed(after))) {
            assertThat(ChangeLines.changes(looked(after, stream)))
                    .containsExactlyInAnyOrder("GONE t it was dropped", "PICTURE u(id=1)");
        }
    }

    @Test
    void a_table_under_a_lock_waits_for_the_next_look_and_keeps_nobody_waiting() throws Exception {
        lab.sql("CREATE TABLE busy (id int PRIMARY KEY)", "CREATE TABLE idle (id int PRIMARY KEY)");
        AttachedSource source = lab.started(lab.builder("public.*"));
        try (ChangeStream stream = source.open(lab.confirmed(source));
                Connection connection = server.connect(lab.database);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("ALTER TABLE busy ADD note text");
            assertThat(ChangeLines.changes(looked(source, stream))).containsExactly("PICTURE idle(id=1)");
            connection.commit();
            assertThat(ChangeLines.changes(looked(source, stream))).containsExactly("PICTURE busy(id=1,note=2)");
        }
    }

    @Test
    void a_change_that_cannot_be_told_is_answered() throws Exception {
        lab.sql("CREATE TABLE t (id int PRIMARY KEY)", "CREATE ROLE onlooker LOGIN REPLICATION PASSWORD 'x'");
        lab.sql(
                "GRANT SELECT ON t TO onlooker",
                "ALTER TABLE t OWNER TO onlooker",
                "GRANT CREATE ON DATABASE \"" + lab.database + "\" TO onlooker");
        AttachedSource source = lab.started(lab.builder("t").credentials("onlooker", "x"));
        assertThat(source.look().untold()).isEmpty();
        lab.sql("ALTER TABLE t OWNER TO postgres", "REVOKE ALL ON t FROM onlooker");
        assertThat(source.look().untold()).isEmpty();
        lab.sql("ALTER TABLE t ADD note text");
        assertThat(source.look().untold()).containsOnlyKeys(TableId.parse("t"));
        assertThat(source.look().untold().get(TableId.parse("t"))).contains("permission denied");
        lab.sql("GRANT SELECT ON t TO onlooker");
        assertThat(source.look().untold()).isEmpty();
        source.dropSlot();
        lab.sql("DROP OWNED BY onlooker");
    }

    @Test
    void each_pipeline_hears_its_own_looks_and_nobody_hears_nonsense() throws Exception {
        lab.sql("CREATE TABLE t (id int PRIMARY KEY)");
        AttachedSource one = lab.started(lab.builder("t"));
        AttachedSource other = lab.builder("t").build().attach("other" + databases);
        other.preparePublication();
        other.createSlot(Set.of(TableId.parse("t"))).close();
        try (ChangeStream stream = one.open(lab.confirmed(one));
                ChangeStream otherStream = other.open(lab.confirmed(other))) {
            other.look();
            lab.sql(
                    "SELECT pg_logical_emit_message(true, 'philotes_table', 'nonsense')",
                    "SELECT pg_logical_emit_message(true, 'philotes_table', '{\"writer\": null}')",
                    "SELECT pg_logical_emit_message(true, 'philotes_table', '{\"writer\": null, \"table\": {}}')",
                    "SELECT pg_logical_emit_message(true, 'elsewhere', '')",
                    "INSERT INTO t VALUES (1)");
            assertThat(ChangeLines.changes(lab.readAll(stream))).containsExactly("INSERT t (1)");
            assertThat(ChangeLines.changes(lab.readAll(otherStream)))
                    .containsExactly("PICTURE t(id=1)", "INSERT t (1)");
        }
        other.dropSlot();
    }

    @Test
    void a_table_in_trouble_is_read_again_after_its_copy() throws Exception {
        lab.sql("CREATE TABLE t (id int PRIMARY KEY, a text)");
        AttachedSource source = lab.started(lab.builder("t"));
        try (ChangeStream stream = source.open(lab.confirmed(source))) {
            lab.sql("ALTER TABLE t DROP a", "ALTER TABLE t ADD a text", "INSERT INTO t VALUES (1, 'a')");
            assertThat(ChangeLines.changes(lab.readAll(stream)))
                    .singleElement()
                    .asString()
                    .startsWith("UNDECODABLE t ");
            lab.sql("INSERT INTO t VALUES (2, 'b'), (3, 'c')");
            assertThat(ChangeLines.changes(lab.readAll(stream)))
                    .singleElement()
                    .asString()
                    .startsWith("UNDECODABLE t ");
            source.copy(Set.of(TableId.parse("t"))).close();
            lab.sql("INSERT INTO t VALUES (4, 'd')");
            assertThat(ChangeLines.numbered(lab.readAll(stream))).containsExactly("INSERT t (4,d) (id=1,a=3)");
        }
    }
}
