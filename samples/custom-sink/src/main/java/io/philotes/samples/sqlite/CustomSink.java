// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples.sqlite;

import io.philotes.Philotes;
import io.philotes.checkpoint.file.FileCheckpointStore;
import io.philotes.pipeline.Pipeline;
import io.philotes.source.postgres.PostgresSource;
import io.philotes.source.postgres.SslMode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Brings an SQLite file up to now, and prints it: {@code CustomSink <url> <user> <password> <directory>}. */
public final class CustomSink {

    private CustomSink() {}

    /** See above; needs {@code public.customers} and {@code public.orders}. */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[3]);
        Path file = directory.resolve("shop.sqlite");
        var pg = PostgresSource.builder(args[0])
                .credentials(args[1], args[2])
                .sslMode(SslMode.PREFER)
                .tables("public.customers", "public.orders")
                .build();
        try (Pipeline pipeline = Philotes.source(pg)
                .checkpoints(FileCheckpointStore.at(directory.resolve("state"))) // the sink has none of its own
                .sink(SqliteSink.at(file))
                .start()) {
            pipeline.runUntilCaughtUp(Duration.ofMinutes(10));
        }
        print(file, "public.customers");
        print(file, "public.orders");
    }

    private static void print(Path file, String table) throws SQLException {
        System.out.println(table);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM \"" + table + "\" ORDER BY id")) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                StringBuilder line = new StringBuilder();
                for (int i = 1; i <= columns; i++) {
                    line.append("  ").append(rows.getString(i));
                }
                System.out.println(line);
            }
        }
    }
}
