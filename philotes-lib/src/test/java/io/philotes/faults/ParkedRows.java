// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.dlq.DeadLetterState;
import io.philotes.dlq.file.FileDeadLetterQueue;
import io.philotes.model.TableId;
import io.philotes.testkit.Lake;
import io.philotes.testkit.Mirror;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Rows that Iceberg cannot hold come among others, and the process dies while they are set aside: what no letter names equals
 * the source; and once the source is mended and the table copied again, everything does.
 */
final class ParkedRows {

    private static final TableId TABLE = new TableId("public", "picky");
    private static final List<String> COLUMNS = List.of("id", "at", "ver");
    private static final int KEYS = 200;
    private static final int ALL = 1_000_000;
    private static final Predicate<String> ANSWER =
            line -> line.startsWith(FaultChild.CAUGHT_UP) || line.startsWith(FaultChild.NOT_CAUGHT_UP);

    private ParkedRows() {}

    static Finding run(Stage stage) throws Exception {
        stage.postgres()
                .executeIn(
                        stage.database(),
                        "CREATE TABLE picky (id int PRIMARY KEY, at timestamp, ver int NOT NULL)",
                        "INSERT INTO picky SELECT i, '2026-01-01', 0 FROM generate_series(1, " + KEYS / 2 + ") i");
        ChildOptions options = stage.options().with("letters", "file").with("buffer", ChildOptions.DISK);
        stage.startLoaded(options).close();
        return Load.during(stage, ParkedRows::change, load -> kill(stage, options))
                .then(() -> judge(stage, options));
    }

    private static void change(Connection connection, Random random) throws SQLException {
        int id = 1 + random.nextInt(KEYS);
        String at = random.nextInt(15) == 0 ? "infinity" : "2026-01-01 00:00:" + (10 + random.nextInt(50));
        try (Statement sql = connection.createStatement()) {
            if (random.nextInt(8) == 0) {
                sql.execute("DELETE FROM picky WHERE id = " + id);
            } else {
                sql.execute("INSERT INTO picky VALUES (" + id + ", '" + at + "', 0)"
                        + " ON CONFLICT (id) DO UPDATE SET at = EXCLUDED.at, ver = picky.ver + 1");
            }
        }
    }

    private static Finding kill(Stage stage, ChildOptions options) throws Exception {
        int kills = stage.effort().times(2, 30);
        Finding finding = Finding.OK;
        for (int kill = 0; kill < kills && finding.isOk() && !stage.isOver(); kill++) {
            Duration time = stage.pause(kill, kills);
            try (Child child = stage.start(options)) {
                finding = stage.commits(child, 1 + stage.random().nextInt(4))
                        .then(() -> stage.lasts(child, time))
                        .then(() -> stage.kill(child));
            }
        }
        return finding;
    }

    private static Finding judge(Stage stage, ChildOptions options) throws Exception {
        try (Child child = stage.start(options)) {
            child.tell(FaultChild.CATCH_UP + Stage.PATIENCE.toSeconds());
            Optional<String> answer = child.await(0, ANSWER, Stage.PATIENCE.plusSeconds(30));
            if (answer.isEmpty() || answer.get().startsWith(FaultChild.NOT_CAUGHT_UP)) {
                return child.isEnding() ? Judge.ended(child) : Judge.stuck(answer.orElse("no answer"));
            }
            Finding without = withoutParked(stage, options);
            stage.postgres().executeIn(stage.database(), "UPDATE picky SET at = '2026-02-02' WHERE NOT isfinite(at)");
            child.tell(FaultChild.RESYNC);
            return without.and(new Judge(stage, options, List.of(TABLE)).of(child))
                    .then(() -> parkedKeys(options).isEmpty()
                            ? Finding.OK
                            : Judge.stuck("letters that a copy has overtaken still wait"));
        }
    }

    /** Everything but the rows that a letter names is as in the source, also their absence. */
    private static Finding withoutParked(Stage stage, ChildOptions options) throws Exception {
        Set<String> parked = parkedKeys(options);
        try (ChildTargets.Target target = ChildTargets.of(options).get(0);
                Connection source = stage.postgres().connect(stage.database())) {
            Set<List<String>> rows = new HashSet<>(Mirror.rows(source, TABLE, COLUMNS));
            List<List<String>> mirrored = Lake.rows(target.table(TABLE), COLUMNS);
            rows.removeIf(row -> parked.contains("[" + row.get(0) + "]"));
            List<List<String>> free = mirrored.stream()
                    .filter(row -> !parked.contains("[" + row.get(0) + "]"))
                    .toList();
            boolean equal = free.size() == rows.size() && rows.containsAll(free);
            String detail = parked.size() + " keys parked";
            return equal ? Finding.OK.and(detail) : new Finding(Verdict.SILENT, detail + ", others differ");
        }
    }

    private static Set<String> parkedKeys(ChildOptions options) {
        Set<String> keys = new HashSet<>();
        try (DeadLetterQueue queue = FileDeadLetterQueue.at(options.lettersDirectory())) {
            queue.open(options.text("name"));
            for (DeadLetter letter : queue.list(DeadLetterFilter.ALL, Optional.empty(), ALL)) {
                if (DeadLetterState.BLOCKING.contains(letter.state())) {
                    keys.addAll(letter.keys());
                }
            }
        }
        return keys;
    }
}
