// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import java.time.Duration;

/** F-08: the database of the buffer and the checkpoint is away for a while. */
final class BufferOutage {

    private BufferOutage() {}

    static Finding run(Stage stage) throws Exception {
        String database = stage.database() + "_state";
        stage.postgres().createDatabase(database);
        MixedLoad.define(stage);
        try (Wire wire = new Wire(stage.postgres().port())) {
            String url = "jdbc:postgresql://127.0.0.1:" + wire.port() + "/" + database
                    + "?socketTimeout=10&connectTimeout=5";
            ChildOptions options =
                    stage.options().with("buffer", ChildOptions.POSTGRES).with("state", url);
            try (Child child = stage.startLoaded(options)) {
                return Load.during(
                                stage,
                                MixedLoad::transaction,
                                load -> stage.commits(child, 2)
                                        .then(() -> away(stage, child, wire))
                                        .then(() -> stage.commits(child, 1)))
                        .then(() -> Judge.of(stage, options).of(child));
            }
        }
    }

    private static Finding away(Stage stage, Child child, Wire wire) throws Exception {
        wire.cut();
        stage.hurt();
        Finding finding = stage.lasts(child, stage.effort().lasting(Duration.ofSeconds(5)));
        wire.turn(Wire.Weather.FAIR);
        return finding;
    }
}
