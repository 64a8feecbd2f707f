// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.group;

import io.philotes.checkpoint.TableState;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineListener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the table copies that came to an end, well or not, for whoever waits for one. Thread-safe. */
final class CopyCounts implements PipelineListener {

    private final Map<String, Map<TableId, Long>> ended = new ConcurrentHashMap<>();

    @Override
    public void tableStateChanged(String pipeline, TableId table, TableState from, TableState to, String reason) {
        if (from == TableState.COPYING && to != TableState.PENDING) {
            ended.computeIfAbsent(pipeline, p -> new ConcurrentHashMap<>()).merge(table, 1L, Long::sum);
        }
    }

    Map<TableId, Long> of(String pipeline) {
        return Map.copyOf(ended.getOrDefault(pipeline, Map.of()));
    }
}
