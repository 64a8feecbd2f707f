// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import java.util.List;

/** Everything that the suite does to a pipeline. */
final class Scenarios {

    private Scenarios() {}

    static List<Scenario> all() {
        return List.of(
                Scenario.survives("kill-memory", KillLoop.with(ChildOptions.MEMORY, 2, 0)),
                Scenario.survives("kill-disk", KillLoop.with(ChildOptions.DISK, 3, 0)),
                Scenario.survives("kill-copies", KillLoop.with(ChildOptions.MEMORY, 3, 3)));
    }
}
