// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.TableId;
import io.philotes.sink.Divergence;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Signs that source and target of one table differ; each reason is told once per commit. Confined to one thread. */
final class Divergences {

    private final TableId table;
    private final Set<String> told = new LinkedHashSet<>();
    private final List<Divergence> pending = new ArrayList<>();
    private boolean ignored;

    Divergences(TableId table) {
        this.table = table;
    }

    /** While something runs, what is added is no sign. */
    void ignoring(Runnable task) {
        ignored = true;
        try {
            task.run();
        } finally {
            ignored = false;
        }
    }

    void add(String reason) {
        if (!ignored && told.add(reason)) {
            pending.add(new Divergence(table, reason));
        }
    }

    /** What was added since the last call. */
    List<Divergence> take() {
        List<Divergence> taken = List.copyOf(pending);
        pending.clear();
        return taken;
    }

    /** The first reason since the last commit. */
    Optional<String> first() {
        return told.stream().findFirst();
    }

    /** A new commit begins: reasons may be told again; what was not taken stays. */
    void clear() {
        told.clear();
    }
}
