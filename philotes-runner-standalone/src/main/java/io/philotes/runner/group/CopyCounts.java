// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.group;

import io.philotes.checkpoint.TableState;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineListener;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** Counts the table copies that came to an end, well or not, for whoever waits for one. Thread-safe. */
final class CopyCounts implements PipelineListener {

    /** By pipeline, table and sink; a sink that did not end a copy of the table has 0. Guarded by this: a table has a sink. */
    private final Map<String, Map<TableId, Map<String, Long>>> ended = new HashMap<>();

    @Override
    public synchronized void tableStateChanged(
            String pipeline, String sink, TableId table, TableState from, TableState to, String reason) {
        long one = from == TableState.COPYING && to != TableState.PENDING ? 1 : 0;
        ended.computeIfAbsent(pipeline, p -> new HashMap<>())
                .computeIfAbsent(table, t -> new HashMap<>())
                .merge(sink, one, Long::sum);
    }

    /** The copies of each table that ended in every sink. */
    synchronized Map<TableId, Long> of(String pipeline) {
        Map<TableId, Long> all = new HashMap<>();
        ended.getOrDefault(pipeline, Map.of())
                .forEach((table, sinks) -> all.put(table, Collections.min(sinks.values())));
        return Map.copyOf(all);
    }
}
