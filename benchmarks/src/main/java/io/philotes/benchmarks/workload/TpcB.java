// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.workload;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The transactions of TPC-B, as pgbench runs them: three updates and an insert into a table without a key each, of four clients
 * at a time. Immutable.
 */
final class TpcB implements Workload {

    private static final int CLIENTS = 4;
    private static final int CHANGES = 4;
    private static final int MOST_ACCOUNTS = 1_000_000;
    private static final int BRANCHES = 10;
    private static final int TELLERS = 100;

    private static final SourceTable ACCOUNTS = keyed("accounts", "aid");
    private static final SourceTable TELLER_TABLE = keyed("tellers", "tid");
    private static final SourceTable BRANCH_TABLE = keyed("branches", "bid");
    private static final SourceTable HISTORY = new SourceTable(
            "history",
            "(tid int, bid int, aid int, delta int, mtime timestamp, filler char(22))",
            List.of(
                    new CheckedColumn("tid", ColumnKind.INTEGER),
                    new CheckedColumn("aid", ColumnKind.INTEGER),
                    new CheckedColumn("delta", ColumnKind.INTEGER),
                    new CheckedColumn("mtime", ColumnKind.TIMESTAMP)));

    private static SourceTable keyed(String name, String key) {
        return new SourceTable(
                name,
                "(" + key + " int PRIMARY KEY, branch int, balance int, filler char(84))",
                List.of(new CheckedColumn(key, ColumnKind.INTEGER), new CheckedColumn("balance", ColumnKind.INTEGER)));
    }

    @Override
    public String name() {
        return "tpcb";
    }

    @Override
    public long defaultRows() {
        return 1_000_000;
    }

    @Override
    public List<SourceTable> tables() {
        return List.of(ACCOUNTS, TELLER_TABLE, BRANCH_TABLE, HISTORY);
    }

    private static int accounts(long rows) {
        return (int) Math.min(MOST_ACCOUNTS, Math.max(TELLERS, rows * 2));
    }

    @Override
    public void load(SourceSession source, long rows) throws SQLException {
        source.execute(
                fill(ACCOUNTS, accounts(rows)),
                fill(TELLER_TABLE, TELLERS),
                fill(BRANCH_TABLE, BRANCHES),
                "ALTER TABLE " + HISTORY.qualified() + " REPLICA IDENTITY FULL");
    }

    private static String fill(SourceTable table, int rows) {
        return "INSERT INTO " + table.qualified() + " SELECT g, g % " + BRANCHES + ", 0, '' FROM generate_series(1, "
                + rows + ") g";
    }

    @Override
    public void touch(SourceSession source) throws SQLException {
        source.execute(transaction(new Random(CLIENTS), TELLERS));
    }

    @Override
    public long change(SourceSession source, long rows) throws SQLException {
        long each = Math.max(1, rows / CHANGES / CLIENTS);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Random random = new Random(i);
                running.add(clients.submit(() -> {
                    runClient(source, random, accounts(rows), each);
                    return null;
                }));
            }
            for (Future<?> client : running) {
                client.get();
            }
        } catch (ExecutionException e) {
            throw new SQLException("A client failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("Interrupted while clients ran", e);
        } finally {
            clients.shutdownNow();
        }
        return each * CLIENTS * CHANGES;
    }

    private static void runClient(SourceSession source, Random random, int accounts, long transactions)
            throws SQLException {
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement()) {
            for (long i = 0; i < transactions; i++) {
                statement.execute(transaction(random, accounts));
            }
        }
    }

    /** One round trip: how fast it is made is not what is measured. */
    private static String transaction(Random random, int accounts) {
        int account = 1 + random.nextInt(accounts);
        int teller = 1 + random.nextInt(TELLERS);
        int branch = 1 + random.nextInt(BRANCHES);
        int delta = random.nextInt(10_001) - 5_000;
        return "BEGIN;" + add(ACCOUNTS, "aid", account, delta) + add(TELLER_TABLE, "tid", teller, delta)
                + add(BRANCH_TABLE, "bid", branch, delta) + "INSERT INTO " + HISTORY.qualified() + " VALUES (" + teller
                + ", " + branch + ", " + account + ", " + delta + ", now(), '');COMMIT";
    }

    private static String add(SourceTable table, String key, int row, int delta) {
        return "UPDATE " + table.qualified() + " SET balance = balance + " + delta + " WHERE " + key + " = " + row
                + ";";
    }
}
