// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import io.philotes.model.TableId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** F-02: the process dies during the first copy, which must not begin from nothing each time. */
final class CopyKill {

    /** What a copy without faults reads, times this, is the most that may be read. */
    private static final int MOST_READS = 3;

    private static final int CHANGES_PER_SECOND = 30;

    private static final Predicate<String> COPIES_OR_HAS_COPIED =
            line -> line.equals(FaultChild.STATE + "COPYING") || line.equals(FaultChild.STATE + "RUNNING");

    private CopyKill() {}

    static Finding run(Stage stage) throws Exception {
        int tables = stage.effort().isLong() ? 20 : 6;
        int rows = stage.effort().isLong() ? 50_000 : 10_000;
        List<TableId> names = IntStream.range(0, tables)
                .mapToObj(i -> new TableId("public", "big_" + i))
                .toList();
        for (TableId table : names) {
            stage.postgres()
                    .executeIn(
                            stage.database(),
                            "CREATE TABLE " + table.name() + " (id int PRIMARY KEY, ver int, pad text)",
                            "INSERT INTO " + table.name() + " SELECT i, 0, repeat(md5(i::text), 4) FROM"
                                    + " generate_series(1, " + rows + ") i",
                            "ANALYZE " + table.name());
        }
        ChildOptions options = stage.options();
        long before = rowsRead(stage);
        int kills = stage.effort().isLong() ? 20 : 2;
        Finding killed = Load.during(
                stage, CHANGES_PER_SECOND, (connection, random) -> change(connection, random, tables, rows), load -> {
                    Finding finding = Finding.OK;
                    for (int kill = 0; kill < kills && finding.isOk(); kill++) {
                        finding = startAndKill(stage, options);
                    }
                    return finding;
                });
        Finding finding = killed.then(() -> new Judge(stage, options, names).afterAll());
        long read = rowsRead(stage) - before;
        String reads = "read " + read + " rows of " + (long) tables * rows;
        return read > (long) MOST_READS * tables * rows ? finding.and(Judge.stuck(reads)) : finding.and(reads);
    }

    private static Finding startAndKill(Stage stage, ChildOptions options) throws Exception {
        Duration time = Duration.ofMillis(stage.random().nextInt(2_000));
        try (Child child = stage.start(options)) {
            child.await(0, COPIES_OR_HAS_COPIED, Stage.PATIENCE);
            return stage.lasts(child, time).then(() -> stage.kill(child));
        }
    }

    private static void change(Connection connection, Random random, int tables, int rows)
            throws java.sql.SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("UPDATE big_" + random.nextInt(tables) + " SET ver = ver + 1 WHERE id = "
                    + (1 + random.nextInt(rows)));
        }
    }

    /** Counted by the server: rows of scans, by which nothing but a copy reads these tables. */
    private static long rowsRead(Stage stage) throws Exception {
        try (Connection connection = stage.postgres().connect(stage.database());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE relname LIKE 'big%'")) {
            row.next();
            return row.getLong(1);
        }
    }
}
