// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import java.time.Duration;
import java.util.function.Predicate;

/** F-07: an instance is paused for so long that another takes over, and then wakes up. */
final class Zombie {

    private static final Predicate<String> RUNNING = line -> line.equals(FaultChild.STATE + "RUNNING");
    private static final Predicate<String> GIVES_WAY =
            line -> line.equals(FaultChild.STATE + "STANDBY") || line.startsWith(FaultChild.ENDED);

    private Zombie() {}

    static Finding run(Stage stage) throws Exception {
        MixedLoad.define(stage);
        ChildOptions options = stage.options();
        stage.startLoaded(options).close();
        int rounds = stage.effort().times(1, 10);
        return Load.during(stage, MixedLoad::transaction, load -> {
                    Finding finding = Finding.OK;
                    for (int round = 0; round < rounds && finding.isOk() && !stage.isOver(); round++) {
                        finding = round(stage, options);
                    }
                    return finding;
                })
                .then(() -> Judge.of(stage, options).afterAll());
    }

    private static Finding round(Stage stage, ChildOptions options) throws Exception {
        Duration pause = Duration.ofMillis(stage.random().nextInt(300));
        try (Child first = stage.start(options)) {
            return stage.commits(first, 2)
                    .then(() -> stage.lasts(first, pause))
                    .then(() -> {
                        first.signal("STOP");
                        stage.hurt();
                        return Finding.OK;
                    })
                    .then(() -> another(stage, options, first));
        }
    }

    private static Finding another(Stage stage, ChildOptions options, Child first) throws Exception {
        try (Child second = stage.start(options)) {
            if (second.await(0, RUNNING, Stage.PATIENCE).isEmpty()) {
                return second.isEnding() ? Judge.ended(second) : Judge.stuck("the second does not take over");
            }
            Finding finding = stage.commits(second, 2);
            int mark = first.mark();
            first.signal("CONT");
            return finding.then(() -> first.await(mark, GIVES_WAY, Stage.PATIENCE)
                            .map(line -> Finding.OK)
                            .orElseGet(() -> Judge.stuck("the first does not give way")))
                    .then(() -> stage.commits(second, 2))
                    .then(() -> runs(first) || !runs(second) ? Judge.stuck("not exactly one runs") : Finding.OK);
        }
    }

    private static boolean runs(Child child) {
        return child.status(Duration.ofSeconds(30)).orElse("").contains("state=RUNNING");
    }
}
