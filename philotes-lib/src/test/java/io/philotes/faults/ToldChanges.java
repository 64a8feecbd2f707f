// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import io.philotes.model.Lsn;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import io.philotes.testkit.Mirror;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A consumer in the process hears changes while the process is killed: every change at least once, in order within each life, the
 * same thing each time; and what it heard, put together, is the source.
 */
final class ToldChanges {

    static final TableId TABLE = new TableId("public", "told");

    private static final int KEYS = 100;

    private ToldChanges() {}

    static Finding run(Stage stage) throws Exception {
        stage.postgres().executeIn(stage.database(), "CREATE TABLE told (id int PRIMARY KEY, ver int NOT NULL)");
        ChildOptions options = stage.options().with("buffer", ChildOptions.DISK).with("consumer", "file");
        stage.startLoaded(options).close();
        int kills = stage.effort().times(4, 40);
        return Load.during(stage, ToldChanges::change, load -> {
                    Finding finding = Finding.OK;
                    for (int kill = 0; kill < kills && finding.isOk() && !stage.isOver(); kill++) {
                        finding = runAndKill(stage, options, stage.pause(kill, kills));
                    }
                    return finding;
                })
                .then(() -> new Judge(stage, options, List.of(TABLE)).afterAll())
                .then(() -> compared(stage, options));
    }

    private static Finding runAndKill(Stage stage, ChildOptions options, Duration time) throws Exception {
        try (Child child = stage.start(options)) {
            return stage.commits(
                            child, ChildTargets.CONSUMER, 1 + stage.random().nextInt(3))
                    .then(() -> stage.lasts(child, time))
                    .then(() -> stage.kill(child));
        }
    }

    private static void change(Connection connection, Random random) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement sql = connection.createStatement()) {
            for (int i = random.nextInt(4); i >= 0; i--) {
                int id = 1 + random.nextInt(KEYS);
                sql.execute(
                        random.nextInt(8) == 0
                                ? "DELETE FROM told WHERE id = " + id
                                : "INSERT INTO told VALUES (" + id
                                        + ", 0) ON CONFLICT (id) DO UPDATE SET ver = told.ver + 1");
            }
        }
        connection.commit();
    }

    private static Finding compared(Stage stage, ChildOptions options) throws Exception {
        TreeMap<SequenceNumber, String> heard = new TreeMap<>();
        int repeated = read(options, heard);
        if (repeated < 0) {
            return new Finding(Verdict.SILENT, "heard out of order, or another change at the same place");
        }
        Map<String, Integer> rows = new TreeMap<>();
        for (String change : heard.values()) {
            String[] words = change.split(" ");
            Integer before = words[0].equals("delete") ? rows.remove(words[1]) : rows.get(words[1]);
            if (words[0].equals("put")) {
                int version = Integer.parseInt(words[2]);
                if (version != (before == null ? 0 : before + 1)) {
                    return new Finding(Verdict.SILENT, "a change was never heard, before: " + change);
                }
                rows.put(words[1], version);
            }
        }
        try (Connection source = stage.postgres().connect(stage.database())) {
            HashSet<List<String>> there = new HashSet<>(Mirror.rows(source, TABLE, List.of("id", "ver")));
            List<List<String>> here = new ArrayList<>();
            rows.forEach((id, version) -> here.add(List.of(id, Integer.toString(version))));
            String detail = heard.size() + " changes heard, " + repeated + " again";
            return there.size() == here.size() && there.containsAll(here)
                    ? Finding.OK.and(detail)
                    : new Finding(Verdict.SILENT, detail + ", the rows differ");
        }
    }

    /** How many were heard again; below zero when the order is wrong. */
    private static int read(ChildOptions options, Map<SequenceNumber, String> heard) throws IOException {
        int repeated = 0;
        SequenceNumber last = null;
        for (String line : Files.readAllLines(options.toldFile())) {
            if (line.equals(ToldFile.BEGINNING)) {
                last = null;
            } else if (line.endsWith(" .")) {
                String[] words = line.split(" ", 3);
                SequenceNumber at = new SequenceNumber(new Lsn(Long.parseLong(words[0])), Long.parseLong(words[1]));
                String before = heard.put(at, words[2]);
                repeated += before == null ? 0 : 1;
                boolean isOther = before != null && !before.equals(words[2]);
                if (isOther || (last != null && at.compareTo(last) <= 0)) {
                    return -1;
                }
                last = at;
            }
        }
        return repeated;
    }
}
