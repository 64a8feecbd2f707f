// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import io.philotes.model.Lsn;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The thread that keeps the shop changing: one random step after another, and a few special ones at their time, but not while
 * tables are copied. Others may call {@link #stop} and {@link #failure}.
 */
final class ShopWriter implements Runnable {

    /** Some hundred transactions a second leave a small machine room for everything else. */
    private static final int PAUSE_MILLIS = 3;

    private static final String POSITION = "SELECT pg_current_wal_insert_lsn()";

    private final DemoPostgres postgres;
    private final LagSamples lag;
    private final Duration length;
    private final Random random = new Random();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Deque<Special> specials = new ArrayDeque<>();
    private final Thread thread = new Thread(this, "philotes-demo-writer");
    private volatile SQLException failure;
    private volatile long transactions;

    private record Special(double at, List<String> statements) {}

    ShopWriter(DemoPostgres postgres, LagSamples lag, Duration length) {
        this.postgres = postgres;
        this.lag = lag;
        this.length = length;
        specials.add(new Special(1 / 3.0, List.of("ALTER TABLE customers ADD COLUMN loyalty text")));
        specials.add(new Special(0.4, List.of("UPDATE customers SET loyalty = 'gold ' || id WHERE id % 9 = 0")));
        specials.add(new Special(2 / 3.0, List.of("TRUNCATE carts", "INSERT INTO carts VALUES (7, 'after')")));
    }

    void start() {
        thread.start();
    }

    /** Ends after the transaction that is under way. Idempotent. */
    void stop() throws InterruptedException {
        stopped.countDown();
        thread.join();
    }

    /** Why it ended before it was told to. */
    Optional<SQLException> failure() {
        return Optional.ofNullable(failure);
    }

    long transactions() {
        return transactions;
    }

    @Override
    public void run() {
        try (Connection connection = postgres.connect()) {
            ShopSql sql = new ShopSql(connection);
            long began = System.nanoTime();
            do {
                if (lag.hasBegun()) {
                    runSpecials(sql, (System.nanoTime() - began) / (double) length.toNanos());
                }
                transact(sql, ShopSteps.ALL.get(random.nextInt(ShopSteps.ALL.size())));
            } while (!stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
            runSpecials(sql, 1);
        } catch (SQLException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void runSpecials(ShopSql sql, double elapsed) throws SQLException {
        while (!specials.isEmpty() && specials.peek().at() <= elapsed) {
            List<String> statements = specials.remove().statements();
            transact(sql, same -> same.run(statements.toArray(String[]::new)));
        }
    }

    /** The position is taken before the commit, so whatever covers more than it covers the commit. */
    private void transact(ShopSql sql, ShopStep step) throws SQLException {
        step.run(sql);
        Lsn before = Lsn.parse(sql.value(POSITION));
        sql.commit();
        lag.sourceCommitted(before);
        transactions++;
    }
}
