// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.sink.iceberg.local.LocalCatalog;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainJavaTest {

    @Test
    void the_sample_copies_and_then_follows(@TempDir Path lake) throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setServerConfig("wal_level", "logical")
                .start()) {
            execute(
                    postgres,
                    "CREATE TABLE customers (id int PRIMARY KEY, name text)",
                    "CREATE TABLE orders (id int PRIMARY KEY, customer int, amount numeric(10,2))",
                    "INSERT INTO customers VALUES (1, 'Ada'), (2, 'Bob')",
                    "INSERT INTO orders VALUES (1, 1, 9.99), (2, 2, 5.00)");
            String url = postgres.getJdbcUrl("postgres", "postgres").replaceAll("\\?.*", "");
            PlainJava.main(new String[] {url, "postgres", "postgres", lake.toString()});
            assertThat(count(lake, "orders")).isEqualTo(2);

            execute(postgres, "INSERT INTO orders VALUES (3, 1, 1.50)", "DELETE FROM orders WHERE id = 1");
            execute(postgres, "INSERT INTO orders VALUES (4, 1, 1.50)", "UPDATE orders SET amount = 6 WHERE id = 2");
            PlainJava.main(new String[] {url, "postgres", "postgres", lake.toString()});
            assertThat(count(lake, "orders")).isEqualTo(3);
            assertThat(count(lake, "customers")).isEqualTo(2);
        }
    }

    private static void execute(EmbeddedPostgres postgres, String... statements) throws Exception {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static long count(Path lake, String name) throws Exception {
        try (var catalog = LocalCatalog.open(lake)) {
            Table table = catalog.loadTable(TableIdentifier.of("shop", name));
            try (CloseableIterable<?> rows = IcebergGenerics.read(table).build()) {
                long count = 0;
                for (Object ignored : rows) {
                    count++;
                }
                return count;
            }
        }
    }
}
