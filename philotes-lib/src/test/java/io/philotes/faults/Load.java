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

    private static final long PAUSE_MILLIS = 50;

    private final TestPostgres postgres;
    private final String database;
    private final Random random;
    private final Work work;
    private final Thread thread;
    private final AtomicLong transactions = new AtomicLong();
    private final Object bell = new Object();
    private volatile boolean ended;
    private volatile boolean goesAway;
    private volatile Throwable failure;

    private Load(TestPostgres postgres, String database, long seed, Work work) {
        this.postgres = postgres;
        this.database = database;
        this.random = new Random(seed);
        this.work = work;
        this.thread = new Thread(this::run, "load-" + database);
        thread.setDaemon(true);
    }

    /** Runs while something else happens, and counts. */
    static Finding during(Stage stage, Work work, Meanwhile meanwhile) throws Exception {
        try (Load load = on(stage, work)) {
            Finding finding = meanwhile.find(load);
            return finding.and(load.transactions() + " transactions");
        }
    }

    static Load on(Stage stage, Work work) {
        Load load = new Load(stage.postgres(), stage.database(), stage.random().nextLong(), work);
        load.thread.start();
        return load;
    }

    /** From now on the source may go away, which is no failure of the load. */
    void mayLoseTheSource() {
        goesAway = true;
    }

    private void run() {
        while (!ended) {
            try (Connection connection = postgres.connect(database)) {
                while (!ended) {
                    work.transaction(connection, random);
                    transactions.incrementAndGet();
                }
            } catch (SQLException e) {
                if (!goesAway) {
                    failure = e;
                    return;
                }
                rest();
            }
        }
    }

    private void rest() {
        try {
            synchronized (bell) {
                bell.wait(PAUSE_MILLIS);
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
