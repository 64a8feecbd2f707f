// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.source.AttachedSource;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.SslMode;
import io.philotes.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Where a table begins for a sink that wants no copies. */
class BareCopyTest {

    private static final TableId ITEMS = new TableId("public", "items");

    @Test
    void no_transaction_that_was_under_way_when_the_table_was_published_ends_behind_its_place() throws Exception {
        try (TestPostgres server = TestPostgres.start()) {
            server.createDatabase("bare");
            server.executeIn("bare", "CREATE TABLE items (id bigint PRIMARY KEY)");
            try (Connection writer = server.connect("bare");
                    Statement statement = writer.createStatement();
                    Connection other = server.connect("bare")) {
                writer.setAutoCommit(false);
                statement.execute("INSERT INTO items VALUES (1)");
                AttachedSource source = PostgresSource.builder(server.url("bare"))
                        .credentials("postgres", "postgres")
                        .tables("public.*")
                        .sslMode(SslMode.DISABLE)
                        .build()
                        .attach("bare");
                source.preparePublication();
                CompletableFuture<BareCopy> beginning =
                        CompletableFuture.supplyAsync(() -> BareCopy.now(source, Set.of(ITEMS)));
                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> beginning.isDone()
                                || ask(other, "SELECT count(*) FROM pg_replication_slots")
                                        .equals("1"));
                statement.execute("INSERT INTO items VALUES (2)");
                Lsn before = Lsn.parse(ask(other, "SELECT pg_current_wal_insert_lsn()"));
                writer.commit();
                BareCopy copy = beginning.join();
                assertThat(copy.consistentPoint()).isGreaterThan(before);
                assertThat(copy.tables()).extracting(p -> p.relation().table()).containsExactly(ITEMS);
            }
        }
    }

    private static String ask(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
