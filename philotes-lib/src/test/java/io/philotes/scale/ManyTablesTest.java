// SPDX-License-Identifier: Apache-2.0
package io.philotes.scale;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.TableId;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.testkit.ChildProcess;
import io.philotes.testkit.Mirror;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many tables with a row a second each: 150 of them for three rounds, or 1 000 for sixty with {@code -Dphilotes.long=true}.
 * Memory, threads and connections stay within bounds, and every table is equal afterwards.
 */
class ManyTablesTest {

    private static final int TABLES = LongForm.choose(150, 1_000);
    private static final int ROUNDS = LongForm.choose(3, 60);
    private static final String HEAP = LongForm.isWanted() ? "1g" : "512m";
    private static final int MOST_THREADS = 40;
    private static final int MOST_CONNECTIONS = 16;
    private static final int MOST_RESIDENT_MIB = 2_048;

    @Test
    void many_tables_with_a_row_a_second_each_stay_within_bounds(@TempDir Path directory) throws Exception {
        try (TestPostgres postgres = TestPostgres.start()) {
            create(postgres);
            try (ChildProcess child = ChildProcess.start(
                    HEAP, HugeChild.class, postgres.url(), directory.toString(), "disk", "public.t*", "2")) {
                System.out.println("ManyTablesTest " + TABLES + " tables: " + child.line("STARTED"));
                System.out.println("ManyTablesTest " + TABLES + " tables: " + child.line("READY"));
                int connections = write(postgres);
                child.say("follow");
                String followed = child.line("FOLLOWED");
                System.out.println("ManyTablesTest " + TABLES + " tables, " + ROUNDS + " rounds: " + followed
                        + " connections=" + connections + " peakResidentMiB=" + child.peakResidentMiB());
                assertThat(followed).contains("retries=[] ");
                assertThat(threads(followed)).isLessThan(MOST_THREADS);
                assertThat(connections).isLessThan(MOST_CONNECTIONS);
                assertThat(child.peakResidentMiB()).isLessThan(MOST_RESIDENT_MIB);
            }
            assertEqual(postgres, directory);
        }
    }

    private static int threads(String line) {
        return Integer.parseInt(line.replaceAll(".*threads=([0-9]+).*", "$1"));
    }

    private static void create(TestPostgres postgres) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            for (int table = 0; table < TABLES; table++) {
                statement.execute("CREATE TABLE t" + table + " (id int PRIMARY KEY, at timestamptz)");
                statement.execute("INSERT INTO t" + table + " VALUES (0, now())");
            }
        }
    }

    /** A row into each table, round after round, each a transaction; the most connections that were seen. */
    private static int write(TestPostgres postgres) throws SQLException {
        int most = 0;
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            for (int round = 1; round <= ROUNDS; round++) {
                long next = System.nanoTime() + 1_000_000_000L;
                for (int table = 0; table < TABLES; table++) {
                    statement.execute("INSERT INTO t" + table + " VALUES (" + round + ", now())");
                }
                most = Math.max(most, connections(statement));
                statement.execute("SELECT pg_sleep(" + Math.max(0, next - System.nanoTime()) / 1e9 + ")");
            }
        }
        return most;
    }

    private static int connections(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'philotes%'")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void assertEqual(TestPostgres postgres, Path directory) throws Exception {
        try (Connection connection = postgres.connect();
                JdbcCatalog catalog = LocalCatalog.open(directory.resolve("lake"))) {
            for (int table = 0; table < TABLES; table++) {
                Mirror.assertEqual(
                        connection,
                        new TableId("public", "t" + table),
                        catalog.loadTable(TableIdentifier.of("huge", "t" + table)));
            }
        }
    }
}
