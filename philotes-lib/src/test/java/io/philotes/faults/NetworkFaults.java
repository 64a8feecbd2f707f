// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import java.time.Duration;

/** F-06: the network between the pipeline and its source is bad in every way, one after the other. */
final class NetworkFaults {

    private static final Wire.Weather[] BAD = {
        Wire.Weather.SLOW, Wire.Weather.STALLED, Wire.Weather.DOWN, Wire.Weather.HALF_OPEN
    };

    private NetworkFaults() {}

    static Finding run(Stage stage) throws Exception {
        MixedLoad.define(stage);
        try (Wire wire = new Wire(stage.postgres().port())) {
            ChildOptions options = stage.options(wire).with("buffer", ChildOptions.DISK);
            try (Child child = stage.startLoaded(options)) {
                return Load.during(stage, MixedLoad::transaction, load -> {
                            Finding finding = Finding.OK;
                            for (int i = 0; i < BAD.length && finding.isOk(); i++) {
                                finding = through(BAD[i], stage, wire, child);
                            }
                            return finding;
                        })
                        .then(() -> Judge.of(stage, options).of(child));
            }
        }
    }

    /** Bad for a while, then fair again: commits must follow. What is half open is noticed by the server's timeout. */
    private static Finding through(Wire.Weather weather, Stage stage, Wire wire, Child child) throws Exception {
        Finding before = stage.commits(child, 2);
        wire.turn(weather);
        if (weather == Wire.Weather.DOWN) {
            wire.reset();
        }
        stage.hurt();
        Duration time =
                stage.effort().isLong() ? stage.effort().length().dividedBy(BAD.length + 1) : Duration.ofSeconds(2);
        Finding after = before.then(() -> stage.lasts(child, time)).then(() -> {
            wire.turn(Wire.Weather.FAIR);
            return stage.commits(child, 1);
        });
        return after.isOk() ? after : after.and("network " + weather);
    }
}
