// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCatalogTest {

    private static final TableIdentifier TABLE = TableIdentifier.of("n", "t");

    private static final Schema SCHEMA = new Schema(Types.NestedField.optional(1, "id", Types.LongType.get()));

    @TempDir
    Path directory;

    @Test
    void a_table_is_there_after_reopening() {
        try (JdbcCatalog catalog = LocalCatalog.open(directory.resolve("new/lake"))) {
            catalog.createNamespace(Namespace.of("n"));
            catalog.createTable(TABLE, SCHEMA);
        }
        try (JdbcCatalog catalog = LocalCatalog.open(directory.resolve("new/lake"))) {
            Table table = catalog.loadTable(TABLE);
            assertThat(table.schema().sameSchema(SCHEMA)).isTrue();
            assertThat(table.io()).isInstanceOf(LocalFileIO.class);
            assertThat(table.location())
                    .startsWith(directory.resolve("new/lake/warehouse").toString());
            assertThat(catalog.name()).isEqualTo("philotes");
        }
    }

    @Test
    void catalogs_of_other_names_do_not_see_its_tables() {
        try (JdbcCatalog one = LocalCatalog.open(directory);
                JdbcCatalog other = LocalCatalog.open(directory, "other")) {
            one.createNamespace(Namespace.of("n"));
            one.createTable(TABLE, SCHEMA);
            assertThat(other.tableExists(TABLE)).isFalse();
        }
    }

    @Test
    void the_database_survives_a_power_loss_by_its_settings() throws Exception {
        try (JdbcCatalog catalog = LocalCatalog.open(directory)) {
            catalog.createNamespace(Namespace.of("n"));
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("catalog.db"));
                    Statement sql = connection.createStatement();
                    ResultSet mode = sql.executeQuery("PRAGMA journal_mode")) {
                assertThat(mode.getString(1)).isEqualTo("wal");
            }
        }
    }

    /** Two catalogs as two processes would have them; writers of different tables only meet in the database. */
    @Test
    void writers_wait_for_each_other() throws Exception {
        try (JdbcCatalog one = LocalCatalog.open(directory);
                JdbcCatalog other = LocalCatalog.open(directory)) {
            one.createNamespace(Namespace.of("n"));
            ExecutorService threads = Executors.newFixedThreadPool(2);
            List<Future<?>> writers = new ArrayList<>();
            for (JdbcCatalog catalog : List.of(one, other)) {
                String name = catalog == one ? "a" : "b";
                writers.add(threads.submit(() -> {
                    Table table = catalog.createTable(TableIdentifier.of("n", name), SCHEMA);
                    for (int i = 0; i < 30; i++) {
                        table.updateProperties().set("i", Integer.toString(i)).commit();
                    }
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
            threads.shutdown();
            assertThat(other.loadTable(TableIdentifier.of("n", "a")).properties())
                    .containsEntry("i", "29");
            assertThat(one.loadTable(TableIdentifier.of("n", "b")).properties()).containsEntry("i", "29");
        }
    }
}
