// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.dlq.DeadLetterState;
import io.philotes.dlq.file.FileDeadLetterQueue;
import io.philotes.model.TableId;
import io.philotes.testkit.Mirror;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Letters are asked to be applied again and again while the process dies: first none of the amounts fits, then, with a wider type,
 * all of them do. In the end no letter is left, and everything equals the source.
 */
final class ReplayedRows {

    private static final TableId TABLE = new TableId("public", "prices");
    private static final DeadLetterFilter OPEN = DeadLetterFilter.ALL.in(DeadLetterState.BLOCKING);
    private static final int KEYS = 60;
    private static final int ALL = 1_000_000;
    private static final int ROUNDS = 100;

    private ReplayedRows() {}

    static Finding run(Stage stage) throws Exception {
        stage.postgres()
                .executeIn(
                        stage.database(),
                        "CREATE TABLE prices (id int PRIMARY KEY, amount numeric, ver int NOT NULL)",
                        "INSERT INTO prices SELECT i, i, 0 FROM generate_series(1, " + KEYS / 2 + ") i");
        ChildOptions wide = stage.options().with("letters", "file").with("buffer", ChildOptions.DISK);
        ChildOptions narrow = wide.with("amount", "decimal(10,2)");
        stage.startLoaded(narrow).close();
        int kills = stage.effort().times(2, 15);
        return Load.during(
                        stage,
                        ReplayedRows::change,
                        load -> kill(stage, narrow, kills).then(() -> kill(stage, wide, kills)))
                .then(() -> judge(stage, wide));
    }

    private static void change(Connection connection, Random random) throws SQLException {
        int id = 1 + random.nextInt(KEYS);
        String amount = (random.nextInt(10) == 0 ? "9999999999" : "") + random.nextInt(1000) + ".25";
        try (Statement sql = connection.createStatement()) {
            switch (random.nextInt(10)) {
                case 0 -> sql.execute("DELETE FROM prices WHERE id = " + id);
                case 1 ->
                    sql.execute("UPDATE prices SET id = " + (id + KEYS) + ", ver = ver + 1 WHERE id = " + id
                            + " AND NOT EXISTS (SELECT FROM prices WHERE id = " + (id + KEYS) + ")");
                case 2 -> sql.execute("DELETE FROM prices WHERE id = " + (id + KEYS));
                default ->
                    sql.execute("INSERT INTO prices VALUES (" + id + ", " + amount
                            + ", 0) ON CONFLICT (id) DO UPDATE SET amount = EXCLUDED.amount, ver = prices.ver + 1");
            }
        }
    }

    private static Finding kill(Stage stage, ChildOptions options, int kills) throws Exception {
        Finding finding = Finding.OK;
        for (int kill = 0; kill < kills && finding.isOk() && !stage.isOver(); kill++) {
            Duration time = stage.pause(kill, kills);
            try (Child child = stage.start(options)) {
                ask(options);
                finding = stage.commits(child, 1 + stage.random().nextInt(4))
                        .then(() -> {
                            ask(options);
                            return stage.lasts(child, time);
                        })
                        .then(() -> stage.kill(child));
            }
        }
        return finding;
    }

    /** As another process does; how many letters wait. */
    private static int ask(ChildOptions options) {
        try (DeadLetterQueue queue = FileDeadLetterQueue.at(options.lettersDirectory())) {
            queue.open(options.text("name"));
            List<DeadLetter.Id> open = queue.list(OPEN, Optional.empty(), ALL).stream()
                    .map(DeadLetter::id)
                    .toList();
            if (!open.isEmpty()) {
                queue.move(open, DeadLetterMove.wanted(Instant.now()));
            }
            return open.size();
        }
    }

    private static Finding judge(Stage stage, ChildOptions options) throws Exception {
        try (Child child = stage.start(options)) {
            int before = 0;
            for (int round = 0; round < ROUNDS; round++) {
                int mark = child.mark();
                child.tell(FaultChild.CATCH_UP + Stage.PATIENCE.toSeconds());
                if (child.await(mark, FaultChild.CAUGHT_UP, Stage.PATIENCE).isEmpty()) {
                    return child.isEnding() ? Judge.ended(child) : Judge.stuck("does not catch up");
                }
                int open = ask(options);
                before = Math.max(before, open);
                if (open == 0) {
                    return compared(stage, options).and(before + " letters at the end");
                }
                Finding lives = stage.lasts(child, Duration.ofSeconds(1));
                if (!lives.isOk()) {
                    return lives;
                }
            }
            return Judge.stuck("letters that fit still wait");
        }
    }

    /** Nothing changes any more. */
    private static Finding compared(Stage stage, ChildOptions options) throws Exception {
        try (ChildTargets.Target target = ChildTargets.of(options).get(0);
                Connection source = stage.postgres().connect(stage.database())) {
            Markers.checkWithReplays(target.table(TABLE));
            Mirror.assertEqual(source, TABLE, target.table(TABLE));
            return Finding.OK;
        } catch (AssertionError e) {
            return new Finding(Verdict.SILENT, e.getMessage());
        }
    }
}
