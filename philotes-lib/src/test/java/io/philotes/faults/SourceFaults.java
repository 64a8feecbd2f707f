// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import java.time.Duration;

/** F-03 and F-05: what happens to the source's server. */
final class SourceFaults {

    /** A few seconds, and what a busy machine adds; far less than it takes a catalog's silence to be noticed. */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(20);

    private final Stage stage;
    private final SourceServer server;

    private SourceFaults(Stage stage, SourceServer server) {
        this.stage = stage;
        this.server = server;
    }

    private interface Hurt {
        Finding by(SourceFaults faults) throws Exception;
    }

    private static Finding onItsOwnServer(Stage shared, Hurt hurt) throws Exception {
        try (SourceServer server = SourceServer.start()) {
            Stage stage = shared.on(server.postgres());
            try {
                return hurt.by(new SourceFaults(stage, server));
            } finally {
                shared.take(stage);
            }
        }
    }

    /** The server dies at random moments; its slot may go back, and what was acknowledged comes again. */
    static Scenario.Play crashes(String buffer) {
        return shared -> onItsOwnServer(shared, faults -> faults.crash(buffer));
    }

    private Finding crash(String buffer) throws Exception {
        ChildOptions options = stage.options().with("buffer", buffer);
        MixedLoad.define(stage);
        int crashes = stage.effort().times(2, 20);
        try (Child child = stage.startLoaded(options)) {
            return Load.during(stage, MixedLoad::transaction, load -> {
                        load.mayLoseTheSource();
                        Finding finding = Finding.OK;
                        for (int crash = 0; crash < crashes && finding.isOk() && !stage.isOver(); crash++) {
                            finding = crash(child, stage.pause(crash, crashes));
                        }
                        return finding;
                    })
                    .then(() -> Judge.of(stage, options).of(child));
        }
    }

    private Finding crash(Child child, Duration pause) throws Exception {
        Finding finding = stage.commits(child, 1 + stage.random().nextInt(3)).then(() -> stage.lasts(child, pause));
        if (finding.isOk()) {
            server.kill();
            stage.hurt();
            server.startAgain();
        }
        return finding;
    }

    /** An administrator stops the server while nothing of ours can be committed; the stop must not wait for us. */
    static Scenario.Play isStopped(String buffer) {
        return shared -> {
            try (Wire catalog = new Wire(shared.postgres().port())) {
                shared.postgres().createDatabase(shared.database() + "_catalog");
                return onItsOwnServer(shared, faults -> faults.stop(buffer, catalog));
            }
        };
    }

    private Finding stop(String buffer, Wire catalog) throws Exception {
        ChildOptions options = CatalogFaults.reachedBy(catalog, stage, buffer);
        MixedLoad.define(stage);
        try (Child child = stage.startLoaded(options)) {
            Finding finding = Load.during(stage, MixedLoad::transaction, load -> {
                load.mayLoseTheSource();
                return stage.commits(child, 2).then(() -> stopWhileBlocked(load, catalog));
            });
            server.startAgain();
            catalog.cut();
            catalog.turn(Wire.Weather.FAIR);
            return finding.and(
                    stage.commits(child, 1).then(() -> Judge.of(stage, options).of(child)));
        }
    }

    private Finding stopWhileBlocked(Load load, Wire catalog) throws Exception {
        catalog.turn(Wire.Weather.STALLED);
        load.await(load.transactions() + 100);
        Duration took = server.stopFast(Stage.PATIENCE);
        stage.hurt();
        String text = "stopped in " + took.toMillis() + " ms";
        return took.compareTo(LONGEST_STOP) > 0 ? Judge.stuck(text) : Finding.OK.and(text);
    }
}
