// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.philotes.health.Finding;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeStream;
import io.philotes.source.TableCopy;
import io.philotes.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The main road on each supported version: check, slot and copy, stream, restart. */
class EveryVersionTest {

    private static final String[] TABLES = {
        "CREATE TABLE orders (id int PRIMARY KEY, note text, big text)",
        "CREATE TABLE full_rows (id int PRIMARY KEY, note text, big text)",
        "CREATE TABLE many (id int PRIMARY KEY, filler text)",
        "CREATE TABLE parts (id int, region text, PRIMARY KEY (id, region)) PARTITION BY LIST (region)",
        "CREATE TABLE parts_nl PARTITION OF parts FOR VALUES IN ('nl')",
        "CREATE TABLE parts_de PARTITION OF parts FOR VALUES IN ('de')",
        "ALTER TABLE full_rows REPLICA IDENTITY FULL",
        "ALTER TABLE orders ALTER big SET STORAGE EXTERNAL",
        "ALTER TABLE full_rows ALTER big SET STORAGE EXTERNAL",
        "INSERT INTO many SELECT g, repeat('x', 500) FROM generate_series(1, 8000) g",
        "INSERT INTO parts VALUES (1, 'nl'), (2, 'de')",
        "INSERT INTO orders VALUES (1, NULL, ''), (2, 'two', 'b')"
    };

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void copies_and_streams_on_every_version(int version) throws Exception {
        try (TestPostgres server = TestPostgres.start(version)) {
            SourceLab lab = new SourceLab(server, "main");
            lab.sql(TABLES);
            for (boolean text :
                    version == TestPostgres.DEFAULT_VERSION ? new boolean[] {false, true} : new boolean[] {false}) {
                runThrough(lab, text);
            }
        }
    }

    private static void runThrough(SourceLab lab, boolean text) throws Exception {
        PostgresSourceBuilder builder = lab.builder("public.orders", "full_rows", "public.many", "public.parts*");
        AttachedSource source = (text ? builder.forceText() : builder).build().attach("Main-" + text);
        assertThat(source.check()).allMatch(f -> f.severity() == Finding.Severity.OK);
        source.preparePublication();
        source.preparePublication();
        assertThat(source.tables().stream().map(t -> t.relation().table().name()))
                .containsExactly("full_rows", "many", "orders", "parts");
        Lsn start = copy(lab, source);
        Lsn end = stream(lab, source, start);
        restart(lab, source, end);
        assertThat(source.check()).allMatch(f -> f.severity() == Finding.Severity.OK);
        source.dropSlot();
        assertThat(source.slot()).isEmpty();
    }

    private static Lsn copy(SourceLab lab, AttachedSource source) throws Exception {
        Set<TableId> all = Set.copyOf(
                source.tables().stream().map(t -> t.relation().table()).toList());
        try (TableCopy copy = source.createSlot(all)) {
            lab.sql("UPDATE orders SET note = 'later' WHERE id = 2");
            RelationSchema many = copy.tables().get(1).relation();
            assertThat(copy.ranges(many, 3)).hasSize(3);
            assertThat(SourceLab.copyAll(copy, many.table(), 3)).hasSize(8000).doesNotHaveDuplicates();
            assertThat(SourceLab.copyAll(copy, TableId.parse("public.orders"), 2))
                    .contains("(1,null,)", "(2,two,b)");
            assertThat(SourceLab.copyAll(copy, TableId.parse("public.parts"), 2))
                    .containsExactlyInAnyOrder("(1,nl)", "(2,de)");
            assertThat(source.slot().orElseThrow().confirmed()).isEqualTo(copy.consistentPoint());
            lab.sql("UPDATE orders SET note = 'two' WHERE id = 2");
            return copy.consistentPoint();
        }
    }

    private static Lsn stream(SourceLab lab, AttachedSource source, Lsn start) throws Exception {
        try (ChangeStream stream = source.open(start)) {
            assertThat(ChangeLines.changes(lab.readAll(stream)))
                    .containsExactly("UPDATE orders (2,later,b)", "UPDATE orders (2,two,b)");
            lab.sql(
                    "INSERT INTO orders VALUES (3, 'three', repeat('b', 5000))",
                    "UPDATE orders SET note = 'drei' WHERE id = 3",
                    "UPDATE orders SET id = 30 WHERE id = 3",
                    "DELETE FROM orders WHERE id = 30",
                    "INSERT INTO full_rows VALUES (1, 'a', repeat('b', 5000))",
                    "UPDATE full_rows SET note = 'b'",
                    "DELETE FROM full_rows",
                    "UPDATE parts SET region = 'de' WHERE id = 1",
                    "UPDATE parts SET region = 'nl' WHERE id = 1",
                    "TRUNCATE full_rows, parts",
                    "INSERT INTO parts VALUES (1, 'nl'), (2, 'de')");
            assertThat(ChangeLines.changes(lab.readAll(stream)))
                    .containsExactly(
                            "INSERT orders (3,three,bbb…5000)",
                            "UPDATE orders (3,drei,unchanged)",
                            "UPDATE orders key(3,null,null) (30,drei,unchanged)",
                            "DELETE orders key(30,null,null)",
                            "INSERT full_rows (1,a,bbb…5000)",
                            "UPDATE full_rows old(1,a,bbb…5000) (1,b,unchanged)",
                            "DELETE full_rows old(1,b,bbb…5000)",
                            "DELETE parts key(1,nl)",
                            "INSERT parts (1,de)",
                            "DELETE parts key(1,de)",
                            "INSERT parts (1,nl)",
                            "TRUNCATE full_rows parts",
                            "INSERT parts (1,nl)",
                            "INSERT parts (2,de)");
            interleaved(lab, stream);
            Lsn end = large(lab, stream);
            stream.acknowledge(end);
            return end;
        }
    }

    private static void interleaved(SourceLab lab, ChangeStream stream) throws SQLException, InterruptedException {
        try (Connection longOne = lab.server.connect(lab.database);
                Statement statement = longOne.createStatement()) {
            longOne.setAutoCommit(false);
            statement.execute("INSERT INTO orders VALUES (4, 'long, first', '')");
            lab.sql("INSERT INTO orders VALUES (5, 'short', '')", "DELETE FROM orders WHERE id = 5");
            statement.execute("INSERT INTO orders VALUES (6, 'long, last', '')");
            longOne.commit();
        }
        lab.sql("DELETE FROM orders WHERE id IN (4, 6)");
        assertThat(ChangeLines.changes(lab.readAll(stream)))
                .containsExactly(
                        "INSERT orders (5,short,)",
                        "DELETE orders key(5,null,null)",
                        "INSERT orders (4,long, first,)",
                        "INSERT orders (6,long, last,)",
                        "DELETE orders key(4,null,null)",
                        "DELETE orders key(6,null,null)");
    }

    private static Lsn large(SourceLab lab, ChangeStream stream) throws SQLException, InterruptedException {
        lab.sql(
                "INSERT INTO many SELECT g, repeat('y', 500) FROM generate_series(10001, 12000) g",
                "DELETE FROM many WHERE id > 10000");
        List<ChangeBatch> batches = lab.readAll(stream);
        List<String> lines = ChangeLines.changes(batches);
        assertThat(lines).hasSize(4000).doesNotHaveDuplicates();
        List<String> inserted = lines.subList(0, 2000);
        List<String> expected = new ArrayList<>();
        IntStream.rangeClosed(10001, 12000).forEach(i -> expected.add("INSERT many (" + i + ",yyy…500)"));
        assertThat(inserted).isEqualTo(expected);
        assertThat(batches.get(0).extent().endsInside()).isTrue();
        assertThat(batches.get(1).extent().startsInside()).isTrue();
        assertThat(batches.stream().filter(ChangeBatch::endsOnBoundary)).hasSizeGreaterThanOrEqualTo(2);
        return batches.get(batches.size() - 1).endLsn();
    }

    private static void restart(SourceLab lab, AttachedSource source, Lsn end) throws Exception {
        await().until(() -> lab.confirmed(source).equals(end));
        lab.sql("INSERT INTO orders VALUES (7, 'after', '')");
        Lsn next;
        try (ChangeStream stream = source.open(end)) {
            List<ChangeBatch> batches = lab.readAll(stream);
            assertThat(ChangeLines.changes(batches)).containsExactly("INSERT orders (7,after,)");
            next = batches.get(0).endLsn();
        }
        try (ChangeStream stream = source.open(next)) {
            lab.sql("DELETE FROM orders WHERE id = 7");
            assertThat(ChangeLines.changes(lab.readAll(stream))).containsExactly("DELETE orders key(7,null,null)");
        }
    }
}
