// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import io.philotes.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** A thread that changes the source until it is told to end, and begins again when the source goes away under it. */
final class Load implements AutoCloseable {

    /** One random transaction. */
    interface Work {
        void transaction(Connection connection, Random random) throws SQLException;
    }

    /** What happens meanwhile. */
    interface Meanwhile {
        Finding find(Load load) throws Exception;
    }

    /** How long it waits for a source that is away. */
    private static final long PAUSE_MILLIS = 50;

    /** Enough to keep something under way at every moment, and no more than a busy machine can follow. */
    private static final int TRANSACTIONS_PER_SECOND = 100;

    private final TestPostgres postgres;
    private final String database;
    private final Random random;
    private final Work work;
    private final long pauseNanos;
    private final Thread thread;
    private final AtomicLong transactions = new AtomicLong();
    private final Object bell = new Object();
    private volatile boolean ended;
    private volatile boolean goesAway;
    private volatile Throwable failure;

    private Load(Stage stage, int perSecond, Work work) {
        this.postgres = stage.postgres();
        this.database = stage.database();
        this.random = new Random(stage.random().nextLong());
        this.pauseNanos = 1_000_000_000L / perSecond;
        this.work = work;
        this.thread = new Thread(this::run, "load-" + database);
        thread.setDaemon(true);
    }

    /** Runs while something else happens, and counts. */
    static Finding during(Stage stage, Work work, Meanwhile meanwhile) throws Exception {
        return during(stage, TRANSACTIONS_PER_SECOND, work, meanwhile);
    }

    /** The same with at most so many transactions in a second. */
    static Finding during(Stage stage, int perSecond, Work work, Meanwhile meanwhile) throws Exception {
        try (Load load = new Load(stage, perSecond, work)) {
            load.thread.start();
            Finding finding = meanwhile.find(load);
            return finding.and(load.transactions() + " transactions");
        }
    }

    /** From now on the source may go away, which is no failure of the load. */
    void mayLoseTheSource() {
        goesAway = true;
    }

    private void run() {
        while (!ended) {
            try (Connection connection = postgres.connect(database)) {
                while (!ended) {
                    long next = System.nanoTime() + pauseNanos;
                    work.transaction(connection, random);
                    transactions.incrementAndGet();
                    rest((next - System.nanoTime()) / 1_000_000);
                }
            } catch (SQLException e) {
                if (!goesAway) {
                    failure = e;
                    return;
                }
                rest(PAUSE_MILLIS);
            }
        }
    }

    private void rest(long millis) {
        try {
            synchronized (bell) {
                if (millis > 0 && !ended) {
                    bell.wait(millis);
                }
            }
        } catch (InterruptedException e) {
            ended = true;
        }
    }

    /** Waits until so many transactions are done. */
    void await(long count) throws InterruptedException {
        synchronized (bell) {
            while (transactions.get() < count && failure == null) {
                bell.wait(PAUSE_MILLIS);
            }
        }
    }

    long transactions() {
        return transactions.get();
    }

    /** Ends after the transaction that runs. */
    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw new AssertionError("the load broke", failure);
        }
    }
}
