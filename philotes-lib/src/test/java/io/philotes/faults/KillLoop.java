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
            int kills = stage.effort().times(3, 50);
            return Load.during(stage, MixedLoad::transaction, load -> {
                        Finding finding = Finding.OK;
                        for (int kill = 0; kill < kills && finding.isOk(); kill++) {
                            finding = runAndKill(
                                    stage, options.with("copyAfterCommits", copyAfterCommits), kill % 3 == 2, kills);
                        }
                        return finding;
                    })
                    .then(() -> Judge.of(stage, options).afterAll());
        };
    }

    /** Dies early, at any moment of its start, or some time after a few commits. */
    private static Finding runAndKill(Stage stage, ChildOptions options, boolean early, int kills) throws Exception {
        int most = stage.effort().isLong() ? (int) (stage.effort().length().toMillis() * 2 / kills) : 1_000;
        Duration time = Duration.ofMillis(stage.random().nextInt(early ? START_MILLIS : most));
        try (Child child = stage.start(options)) {
            return (early ? Finding.OK : stage.commits(child, 1 + stage.random().nextInt(3)))
                    .then(() -> stage.lasts(child, time))
                    .then(() -> stage.kill(child));
        }
    }
}
