// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import io.philotes.model.TableId;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.postgresql.PGConnection;

/**
 * F-04: a thousand rows of one COPY share a position in the WAL, and a long transaction's changes lie before those of short
 * ones that end earlier; the process dies somewhere in them. Nothing has a key, so that a row that came twice is there twice.
 */
final class SameLsn {

    private static final List<TableId> TABLES =
            List.of(new TableId("public", "copied"), new TableId("public", "interleaved"));
    private static final int ROWS = 1_000;
    private static final int FEW = 10;
    private static final int COPIES_PER_SECOND = 5;

    /** Enough COPYs of a thousand; a machine that is busy needs no more to do. */
    private static final int MOST_ROWS = 100_000;

    private SameLsn() {}

    static Finding run(Stage stage) throws Exception {
        for (TableId table : TABLES) {
            stage.postgres()
                    .executeIn(
                            stage.database(),
                            "CREATE TABLE " + table.name() + " (n bigint, pad text)",
                            "ALTER TABLE " + table.name() + " REPLICA IDENTITY FULL",
                            "INSERT INTO " + table.name() + " VALUES (0, 'first')");
        }
        ChildOptions options = stage.options().with("batchBytes", 2048).with("commitMillis", 40);
        AtomicLong next = new AtomicLong(1);
        return Load.during(
                        stage,
                        COPIES_PER_SECOND,
                        (connection, random) -> copy(connection, next),
                        copies -> Load.during(
                                stage,
                                (connection, random) -> interleave(stage, connection, random, next),
                                pairs -> killAgainAndAgain(stage, options)))
                .then(() -> new Judge(stage, options.with("batchBytes", 1 << 20), TABLES).afterAll());
    }

    private static Finding killAgainAndAgain(Stage stage, ChildOptions options) throws Exception {
        int kills = stage.effort().times(2, 50);
        Finding finding = Finding.OK;
        for (int kill = 0; kill < kills && finding.isOk() && !stage.isOver(); kill++) {
            Duration time = Duration.ofMillis(stage.random().nextInt(200));
            try (Child child = stage.start(options)) {
                finding = stage.commits(child, 1 + stage.random().nextInt(4))
                        .then(() -> stage.lasts(child, time))
                        .then(() -> stage.kill(child));
            }
        }
        return finding;
    }

    private static void copy(Connection connection, AtomicLong next) throws SQLException {
        int count = next.get() < MOST_ROWS ? ROWS : FEW;
        long first = next.getAndAdd(count);
        String rows = LongStream.range(first, first + count)
                .mapToObj(n -> n + "\tcopied " + n + "\n")
                .collect(Collectors.joining());
        try {
            connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY copied FROM STDIN", new StringReader(rows));
        } catch (IOException e) {
            throw new SQLException(e);
        }
    }

    /** The long one begins first and ends last, and some short ones are in between. */
    private static void interleave(Stage stage, Connection connection, Random random, AtomicLong next)
            throws SQLException {
        connection.setAutoCommit(false);
        try (Connection other = stage.postgres().connect(stage.database());
                Statement inLong = connection.createStatement();
                Statement inShort = other.createStatement()) {
            int steps = 2 + random.nextInt(6);
            for (int i = 0; i < steps; i++) {
                inLong.execute("INSERT INTO interleaved VALUES (" + next.getAndIncrement() + ", 'long')");
                inShort.execute("INSERT INTO interleaved VALUES (" + next.getAndIncrement() + ", 'short')");
            }
            connection.commit();
        }
    }
}
