// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import java.time.Duration;

/** F-12: SIGTERM while it commits. */
final class OrderlyStops {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private OrderlyStops() {}

    static Finding run(Stage stage) throws Exception {
        ChildOptions options = stage.options().with("buffer", ChildOptions.DISK).with("commitMillis", 20);
        MixedLoad.define(stage);
        stage.startLoaded(options).close();
        int stops = stage.effort().times(2, 30);
        return Load.during(stage, MixedLoad::transaction, load -> {
                    Finding finding = Finding.OK;
                    for (int i = 0; i < stops && finding.isOk() && !stage.isOver(); i++) {
                        finding = startAndStop(stage, options);
                    }
                    return finding;
                })
                .then(() -> Judge.of(stage, options).afterAll());
    }

    private static Finding startAndStop(Stage stage, ChildOptions options) throws Exception {
        try (Child child = stage.start(options)) {
            return stage.commits(child, 1 + stage.random().nextInt(5)).then(() -> {
                child.signal("TERM");
                stage.hurt();
                return child.endsWithin(LIMIT) ? Finding.OK : Judge.stuck("does not end");
            });
        }
    }
}
