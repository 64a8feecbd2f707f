// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import java.time.Duration;

/** F-01: the process dies again and again at random moments while everything changes. */
final class KillLoop {

    /** A start and a first commit. */
    private static final int START_MILLIS = 4_000;

    private KillLoop() {}

    static Scenario.Play with(String buffer, int formatVersion, int copyAfterCommits) {
        return stage -> {
            ChildOptions options = stage.options().with("buffer", buffer).with("format", formatVersion);
            MixedLoad.define(stage);
            stage.startLoaded(options).close();
            ChildOptions killed = options.with("copyAfterCommits", copyAfterCommits);
            int kills = stage.effort().times(10, 50);
            return Load.during(stage, MixedLoad::transaction, load -> {
                        Finding finding = Finding.OK;
                        for (int kill = 0; kill < kills && finding.isOk() && !stage.isOver(); kill++) {
                            boolean early = kill % 3 == 2;
                            Duration time = early
                                    ? Duration.ofMillis(stage.random().nextInt(START_MILLIS))
                                    : stage.pause(kill, kills);
                            finding = runAndKill(stage, killed, early, time);
                        }
                        return finding;
                    })
                    .then(() -> Judge.of(stage, options).afterAll());
        };
    }

    /** Dies early, at any moment of its start, or some time after a few commits. */
    private static Finding runAndKill(Stage stage, ChildOptions options, boolean early, Duration time)
            throws Exception {
        int commits = 1 + stage.random().nextInt(3);
        try (Child child = stage.start(options)) {
            return (early ? Finding.OK : stage.commits(child, commits))
                    .then(() -> stage.lasts(child, time))
                    .then(() -> stage.kill(child));
        }
    }
}
