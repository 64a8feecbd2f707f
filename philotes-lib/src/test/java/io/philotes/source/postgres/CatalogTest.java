// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.source.TableSize;
import io.philotes.testkit.TestPostgres;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CatalogTest {

    private static TestPostgres server;

    @BeforeAll
    static void start() {
        server = TestPostgres.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Before each statement the table gets one column more, which is its key from then on. */
    private static Connection alteringBetween(Connection connection, SourceLab lab) {
        AtomicInteger columns = new AtomicInteger();
        return (Connection) Proxy.newProxyInstance(
                CatalogTest.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        addKey(lab, "c" + columns.incrementAndGet());
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static void addKey(SourceLab lab, String column) throws SQLException {
        lab.sql("ALTER TABLE t DROP CONSTRAINT IF EXISTS k, ADD " + column + " int, ADD CONSTRAINT k PRIMARY KEY ("
                + column + ")");
    }

    @Test
    void a_table_that_is_altered_while_it_is_read_is_seen_as_of_one_moment() throws Exception {
        SourceLab lab = new SourceLab(server, "altered");
        lab.sql("CREATE TABLE t ()");
        int oid = Integer.parseUnsignedInt(lab.value("SELECT 't'::regclass::oid"));
        try (Connection connection = server.connect("altered")) {
            CatalogTable table = new Catalog(alteringBetween(connection, lab))
                    .tables(List.of(oid))
                    .get(0);
            String newest = "c" + table.columns().size();
            assertThat(FoundTable.of(table, new TableSize(0, 0)).key()).containsExactly(newest);
        }
    }

    @Test
    void tables_are_ordered_by_name_with_their_keys_in_the_order_of_the_index() throws Exception {
        SourceLab lab = new SourceLab(server, "ordered");
        lab.sql(
                "CREATE TABLE b (a int, gone int, c int, PRIMARY KEY (c, a))",
                "ALTER TABLE b DROP gone",
                "CREATE UNLOGGED TABLE \"a.b\" (id int NOT NULL)",
                "CREATE UNIQUE INDEX i ON \"a.b\" (id)",
                "ALTER TABLE \"a.b\" REPLICA IDENTITY USING INDEX i",
                "CREATE TABLE nothing ()");
        try (Connection connection = server.connect("ordered")) {
            Catalog catalog = new Catalog(connection);
            List<CatalogTable> tables =
                    catalog.tables(catalog.expand(new TableSelection(List.of(TablePattern.parse("*.*")), List.of())));
            assertThat(tables).extracting(table -> table.id().name()).containsExactly("a.b", "b", "nothing");
            assertThat(tables.get(0).unlogged()).isTrue();
            assertThat(tables.get(0).key()).containsExactly(1);
            assertThat(tables.get(1).key()).containsExactly(3, 1);
            assertThat(tables.get(1).columns())
                    .extracting(CatalogColumn::dropped)
                    .containsExactly(false, true, false);
            assertThat(tables.get(2).columns()).isEmpty();
            assertThat(catalog.tables(List.of())).isEmpty();
        }
    }
}
