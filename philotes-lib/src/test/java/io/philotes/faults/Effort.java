// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * How long and how hard: bounded in the default build, long with {@code -Pfaults}. Immutable.
 *
 * @param isLong whether {@code -Pfaults} is on
 * @param length of a long scenario, {@code -Dphilotes.faults.minutes}
 * @param seed of everything random, {@code -Dphilotes.faults.seed}
 * @param only runs scenarios whose name contains it, or one of several with commas between, {@code -Dphilotes.faults.scenario}
 */
record Effort(boolean isLong, Duration length, long seed, Optional<String> only) {

    static Effort fromProperties() {
        return new Effort(
                Boolean.getBoolean("philotes.faults.long"),
                Duration.ofMinutes(Long.getLong("philotes.faults.minutes", 10)),
                Long.getLong("philotes.faults.seed", System.nanoTime() & 0xffff_ffffL),
                Optional.ofNullable(System.getProperty("philotes.faults.scenario")));
    }

    /** A number of hurts: few by default, and as many per ten minutes when long. */
    int times(int few, int perTenMinutes) {
        return isLong ? (int) Math.max(few, perTenMinutes * length.toSeconds() / 600) : few;
    }

    Duration lasting(Duration brief) {
        return isLong ? length : brief;
    }

    boolean wants(Scenario scenario) {
        return only.map(names -> Arrays.stream(names.split(","))
                        .anyMatch(part -> scenario.name().contains(part)))
                .orElse(isLong || scenario.isBrief());
    }
}
