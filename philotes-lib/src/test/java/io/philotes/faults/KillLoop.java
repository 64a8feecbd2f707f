// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import java.time.Duration;

/** F-01: the process dies again and again at random moments while everything changes. */
final class KillLoop {

    private KillLoop() {}

    static Scenario.Play with(String buffer, int formatVersion, int copyAfterCommits) {
        return stage -> {
            ChildOptions options = stage.options()
                    .with("buffer", buffer)
                    .with("format", formatVersion)
                    .with("copyAfterCommits", copyAfterCommits);
            MixedLoad.define(stage);
            int kills = stage.effort().times(3, 50);
            long transactions;
            try (Load load = Load.on(stage, MixedLoad::transaction)) {
                for (int kill = 0; kill < kills; kill++) {
                    Finding finding = runAndKill(stage, options, kill, kills);
                    if (finding.verdict() != Verdict.OK) {
                        return finding;
                    }
                }
                transactions = load.transactions();
            }
            return Judge.of(stage, options.with("copyAfterCommits", 0))
                    .afterAll()
                    .and(transactions + " transactions");
        };
    }

    /** Every third process dies at any moment of its start, the others some time after a few commits. */
    private static Finding runAndKill(Stage stage, ChildOptions options, int kill, int kills)
            throws InterruptedException {
        long most = stage.effort().isLong() ? stage.effort().length().toMillis() * 2 / kills : 1_000;
        boolean early = kill % 3 == 2;
        try (Child child = stage.start(options)) {
            if (!early && !child.awaitCommits(1 + stage.random().nextInt(3), Stage.PATIENCE)) {
                return child.isAlive() ? Judge.stuck("no commit") : Judge.ended(child);
            }
            if (child.endsWithin(
                    Duration.ofMillis(stage.random().nextInt((int) Math.min(most, early ? 3_000 : most))))) {
                return Judge.ended(child);
            }
            child.kill();
            stage.hurt();
            return Finding.OK;
        }
    }
}
