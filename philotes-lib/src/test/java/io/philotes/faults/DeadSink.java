// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import java.time.Duration;

/** F-13: of three sinks one is away, and the process dies meanwhile. */
final class DeadSink {

    private static final Duration BRIEF = Duration.ofSeconds(10);
    private static final int COMMITS = 3;

    private DeadSink() {}

    static Finding run(Stage stage) throws Exception {
        stage.postgres().createDatabase(stage.database() + "_catalog");
        MixedLoad.define(stage);
        try (Wire wire = new Wire(stage.postgres().port())) {
            ChildOptions options = stage.options()
                    .with("buffer", ChildOptions.DISK)
                    .with("bufferBytes", 4L << 30)
                    .with("sinks", 3)
                    .with("away", CatalogFaults.catalogUrl(wire, stage));
            Duration half = stage.effort().lasting(BRIEF).dividedBy(2);
            Finding finding = Load.during(stage, MixedLoad::transaction, load -> {
                try (Child first = stage.startLoaded(options)) {
                    wire.cut();
                    stage.hurt();
                    Finding before = others(stage, first, half);
                    return before.then(() -> stage.kill(first)).then(() -> again(stage, options, half));
                }
            });
            wire.turn(Wire.Weather.FAIR);
            return finding.then(() -> Judge.of(stage, options).afterAll());
        }
    }

    /** Started while one is away: the other two go on. */
    private static Finding again(Stage stage, ChildOptions options, Duration half) throws Exception {
        try (Child second = stage.start(options)) {
            return others(stage, second, half).then(() -> stage.kill(second));
        }
    }

    private static Finding others(Stage stage, Child child, Duration half) throws Exception {
        return stage.commits(child, ChildTargets.LAKE, COMMITS)
                .then(() -> stage.commits(child, ChildTargets.SECOND, COMMITS))
                .then(() -> stage.lasts(child, half))
                .then(() -> stage.commits(child, ChildTargets.LAKE, COMMITS))
                .then(() -> stage.commits(child, ChildTargets.SECOND, COMMITS));
    }
}
