// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import java.util.Set;

/**
 * One way to hurt a pipeline. Immutable.
 *
 * @param isBrief whether every build plays it; the others come with {@code -Pfaults}, or when they are named
 * @param name what {@code -Dphilotes.faults.scenario} names, and the table prints
 * @param allowed what a run may come out with
 * @param play hurts, and looks
 */
record Scenario(boolean isBrief, String name, Set<Verdict> allowed, Play play) {

    /** Hurts a pipeline on its stage and finds out how it stood it. */
    interface Play {
        Finding run(Stage stage) throws Exception;
    }

    /** The same, not played by every build. */
    Scenario onRequest() {
        return new Scenario(false, name, allowed, play);
    }

    static Scenario survives(String name, Play play) {
        return new Scenario(true, name, Set.of(Verdict.OK), play);
    }

    static Scenario survivesOrTells(String name, Play play) {
        return new Scenario(true, name, Set.of(Verdict.OK, Verdict.LOUD), play);
    }
}
