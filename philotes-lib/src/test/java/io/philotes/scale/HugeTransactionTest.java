// SPDX-License-Identifier: Apache-2.0
package io.philotes.scale;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.testkit.ChildProcess;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One transaction far larger than the heap: 300 000 rows in 96 MB, or 5 000 000 in 512 MB with {@code -Dphilotes.long=true}.
 * The server ends a walsender that hears nothing for ten seconds, and the same walsender must be there at the end.
 */
class HugeTransactionTest {

    private static final int ROWS = LongForm.choose(300_000, 5_000_000);
    private static final String HEAP = LongForm.isWanted() ? "512m" : "96m";

    /** Sums by which two tables of this size are compared. */
    private record Totals(long rows, long keys, long mixed) {}

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"memory", "disk", "memory-streaming"})
    void one_transaction_larger_than_the_heap_is_followed(String buffer) throws Exception {
        try (TestPostgres postgres = TestPostgres.start()) {
            postgres.execute(
                    "ALTER SYSTEM SET wal_sender_timeout = '10s'",
                    "ALTER SYSTEM SET max_wal_size = '8GB'",
                    "ALTER SYSTEM SET logical_decoding_work_mem = '4MB'",
                    "SELECT pg_reload_conf()",
                    "CREATE TABLE huge (id bigint PRIMARY KEY, ver int NOT NULL, name text NOT NULL)");
            follow(postgres, buffer);
        }
    }

    private void follow(TestPostgres postgres, String buffer) throws Exception {
        try (ChildProcess child = ChildProcess.start(
                HEAP, HugeChild.class, postgres.url(), directory.toString(), buffer, "public.huge", "2")) {
            child.line("READY");
            Awaitility.await().until(() -> walsenders(postgres).size() == 1);
            List<String> walsender = walsenders(postgres);
            postgres.execute("INSERT INTO huge SELECT i, 0, 'the name of the customer with number ' || i"
                    + " FROM generate_series(1, " + ROWS + ") i");
            child.say("insert");
            System.out.println("HugeTransactionTest " + buffer + ", " + ROWS + " inserts: " + child.line("FOLLOWED"));
            postgres.execute("UPDATE huge SET ver = ver + 1 WHERE id % 5 = 0");
            child.say("update");
            String updated = child.line("FOLLOWED");
            System.out.println("HugeTransactionTest " + buffer + ", " + ROWS / 5 + " updates: " + updated
                    + " peakResidentMiB=" + child.peakResidentMiB());
            assertThat(updated).contains("retries=[] ");
            assertThat(walsenders(postgres)).isEqualTo(walsender);
        }
        assertThat(target()).isEqualTo(source(postgres));
    }

    /** Who reads now, so that one who had to come again is told from one who stayed. */
    private static List<String> walsenders(TestPostgres postgres) throws SQLException {
        List<String> all = new ArrayList<>();
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT pid || ' ' || backend_start FROM pg_stat_replication")) {
            while (rows.next()) {
                all.add(rows.getString(1));
            }
        }
        return all;
    }

    private static Totals source(TestPostgres postgres) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*), sum(id), sum(id * 31 + ver * 7 * (id % 1000) + length(name)) FROM huge")) {
            row.next();
            return new Totals(row.getLong(1), row.getLong(2), row.getLong(3));
        }
    }

    private Totals target() throws Exception {
        long count = 0;
        long keys = 0;
        long mixed = 0;
        try (JdbcCatalog catalog = LocalCatalog.open(directory.resolve("lake"))) {
            Table table = catalog.loadTable(TableIdentifier.of("huge", "huge"));
            try (CloseableIterable<Record> rows = IcebergGenerics.read(table).build()) {
                for (Record row : rows) {
                    long id = (Long) row.getField("id");
                    int version = (Integer) row.getField("ver");
                    count++;
                    keys += id;
                    mixed += id * 31
                            + version * 7 * (id % 1000)
                            + row.getField("name").toString().length();
                }
            }
        }
        return new Totals(count, keys, mixed);
    }
}
