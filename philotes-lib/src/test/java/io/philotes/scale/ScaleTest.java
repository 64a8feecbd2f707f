// SPDX-License-Identifier: Apache-2.0
package io.philotes.scale;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.testkit.TestPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A million rows copied and a million changes followed, in a JVM with 256 MB of heap; prints the figures. */
class ScaleTest {

    private static final int ROWS = 1_000_000;

    /** Sums by which two tables of this size are compared. */
    private record Totals(long rows, long keys, long versions, long mixed) {}

    @Test
    void a_million_rows_and_a_million_changes_fit_256_megabytes(@TempDir Path lake) throws Exception {
        try (TestPostgres postgres = TestPostgres.start()) {
            postgres.execute(
                    "CREATE TABLE big (id bigint PRIMARY KEY, ver int NOT NULL, amount numeric(12,2), at timestamptz, name text)",
                    "INSERT INTO big SELECT i, 0, i / 100.0, now(), 'customer number ' || i FROM generate_series(1, "
                            + ROWS + ") i",
                    "ANALYZE big");
            Process child = child(postgres, lake);
            try (BufferedReader output =
                    new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
                System.out.println("ScaleTest " + ROWS + " rows: " + line(output, "COPIED"));
                change(postgres);
                child.getOutputStream().write('\n');
                child.getOutputStream().flush();
                System.out.println("ScaleTest " + ROWS + " changes: " + line(output, "FOLLOWED"));
                assertThat(child.waitFor()).isZero();
            } finally {
                child.destroyForcibly();
            }
            assertThat(target(lake)).isEqualTo(source(postgres));
        }
    }

    private static Process child(TestPostgres postgres, Path lake) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ScaleChild.class.getName(),
                        postgres.url(),
                        lake.toString())
                .redirectErrorStream(true)
                .start();
    }

    private static String line(BufferedReader output, String beginning) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(beginning)) {
                return line;
            }
            all.append(line).append('\n');
        }
        throw new AssertionError("the child ended without " + beginning + ":\n" + all);
    }

    /** About 600 000 updates, 200 000 deletes and 200 000 inserts, all over the table, in transactions of 20 000. */
    private static void change(TestPostgres postgres) throws SQLException {
        for (int part = 0; part < 50; part++) {
            postgres.execute(
                    "BEGIN",
                    "UPDATE big SET ver = ver + 1, name = name || '!' WHERE id % 50 = " + part
                            + " AND id % 5 <> 4 AND id % 500 < 375",
                    "DELETE FROM big WHERE id IN (SELECT id FROM big WHERE id <= " + ROWS + " AND id % 50 = " + part
                            + " ORDER BY id LIMIT 4000)",
                    "INSERT INTO big SELECT " + (ROWS + 1) + " + " + part + " * 4000 + i, 7, 1, now(), 'new' FROM"
                            + " generate_series(0, 3999) i",
                    "COMMIT");
        }
    }

    private static Totals source(TestPostgres postgres) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*), sum(id), sum(ver), sum(id * 31 + ver * 7 + length(name)) FROM big")) {
            row.next();
            return new Totals(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
        }
    }

    private static Totals target(Path lake) throws IOException {
        try (JdbcCatalog catalog = LocalCatalog.open(lake)) {
            Table table = catalog.loadTable(TableIdentifier.of("scale", "big"));
            try (CloseableIterable<Record> rows = IcebergGenerics.read(table).build()) {
                long count = 0;
                long keys = 0;
                long versions = 0;
                long mixed = 0;
                for (Record row : rows) {
                    long id = (Long) row.getField("id");
                    int version = (Integer) row.getField("ver");
                    count++;
                    keys += id;
                    versions += version;
                    mixed += id * 31
                            + version * 7
                            + row.getField("name").toString().length();
                }
                return new Totals(count, keys, versions, mixed);
            }
        }
    }
}
