// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** F-08: the catalog or the warehouse is away for a while. */
final class CatalogFaults {

    private static final Pattern HEAP = Pattern.compile("heapMiB=(\\d+)");

    /** Changes that wait do not wait on the heap. */
    private static final int MOST_GROWTH_MIB = 64;

    private static final Duration LOOK = Duration.ofSeconds(5);

    private CatalogFaults() {}

    /** A catalog in a database of the shared server, reached by way of the wire. */
    static ChildOptions reachedBy(Wire wire, Stage stage, String buffer) {
        return stage.options().with("buffer", buffer).with("catalog", catalogUrl(wire, stage));
    }

    static String catalogUrl(Wire wire, Stage stage) {
        return "jdbc:postgresql://127.0.0.1:" + wire.port() + "/" + stage.database() + "_catalog"
                + "?socketTimeout=10&connectTimeout=5";
    }

    /** No catalog for a while: with a durable buffer the slot moves all the same, and the heap does not grow. */
    static Scenario.Play outage(String buffer) {
        return stage -> {
            stage.postgres().createDatabase(stage.database() + "_catalog");
            try (Wire wire = new Wire(stage.postgres().port())) {
                ChildOptions options = reachedBy(wire, stage, buffer).with("bufferBytes", 4L << 30);
                MixedLoad.define(stage);
                try (Child child = stage.startLoaded(options)) {
                    Finding finding = Load.during(
                            stage,
                            MixedLoad::transaction,
                            load -> stage.commits(child, 2).then(() -> withoutCatalog(stage, child, wire)));
                    wire.turn(Wire.Weather.FAIR);
                    return finding.verdict() == Verdict.CRASH
                            ? finding
                            : finding.and(Judge.of(stage, options).of(child));
                }
            }
        };
    }

    private static Finding withoutCatalog(Stage stage, Child child, Wire wire) throws Exception {
        int heap = heap(child);
        wire.cut();
        stage.hurt();
        Duration lasts = stage.effort().lasting(Duration.ofSeconds(15));
        Finding finding = Finding.OK;
        for (long look = 0; look < lasts.dividedBy(LOOK) && finding.isOk(); look++) {
            String before = confirmed(stage);
            long number = look;
            finding = stage.lasts(child, LOOK)
                    .then(() -> confirmed(stage).equals(before)
                            ? Judge.stuck("the slot stands still at " + before + ", look " + number)
                            : Finding.OK);
        }
        int growth = heap(child) - heap;
        return finding.and("heap grew by " + growth + " MiB")
                .then(() -> growth > MOST_GROWTH_MIB ? Judge.stuck("heap grows with the lag") : Finding.OK);
    }

    private static int heap(Child child) {
        Optional<String> status = child.status(Duration.ofSeconds(30));
        Matcher matcher = HEAP.matcher(status.orElse("heapMiB=0"));
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private static String confirmed(Stage stage) throws SQLException {
        try (Connection connection = stage.postgres().connect(stage.database());
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE database ="
                                + " current_database() AND NOT temporary")) {
            row.next();
            return row.getString(1);
        }
    }

    /** The warehouse cannot be written to for a while. */
    static Scenario.Play readOnly(String buffer) {
        return stage -> {
            stage.postgres().createDatabase(stage.database() + "_catalog");
            try (Wire wire = new Wire(stage.postgres().port())) {
                ChildOptions options = reachedBy(wire, stage, buffer);
                Path readOnly = options.directory().resolve("read-only");
                MixedLoad.define(stage);
                try (Child child = stage.startLoaded(options)) {
                    Finding finding = Load.during(
                            stage,
                            MixedLoad::transaction,
                            load -> stage.commits(child, 2).then(() -> {
                                Files.createFile(readOnly);
                                stage.hurt();
                                return stage.lasts(child, stage.effort().lasting(LOOK));
                            }));
                    Files.deleteIfExists(readOnly);
                    Judge judge = Judge.of(stage, options);
                    return finding.verdict() == Verdict.LOUD
                            ? finding.and(judge.afterAll())
                            : finding.then(() -> judge.of(child));
                }
            }
        };
    }
}
