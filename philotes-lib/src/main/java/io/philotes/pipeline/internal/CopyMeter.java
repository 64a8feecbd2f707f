// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.metrics.PipelineMetrics;
import io.philotes.model.TableId;
import io.philotes.source.AttachedSource;
import io.philotes.source.TableSize;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells how far one sink's table copies are, measured by what the source's planner thinks of its tables. Thread-safe. */
final class CopyMeter {

    private static final Logger LOG = LoggerFactory.getLogger(CopyMeter.class);

    /** What is not in the target yet is not done, whatever the estimate was. */
    private static final double ALMOST_ALL = 0.99;

    private final LaneName lane;
    private final PipelineMetrics metrics;
    private final Map<TableId, Long> expected = new ConcurrentHashMap<>();
    private final Map<TableId, Long> written = new ConcurrentHashMap<>();

    CopyMeter(LaneName lane, PipelineMetrics metrics) {
        this.lane = lane;
        this.metrics = metrics;
    }

    /** Asks the source how much there is; without an answer a copy seems to be at its beginning until it is done. */
    void expect(AttachedSource source, Set<TableId> tables) {
        if (tables.isEmpty()) {
            return;
        }
        try {
            source.estimates(tables).forEach(this::expect);
        } catch (RuntimeException e) {
            LOG.debug("Pipeline {}: the size of what is copied is not known", lane, e);
        }
    }

    private void expect(TableId table, TableSize size) {
        expected.put(table, size.rows());
    }

    /** Nothing of the table is written yet. */
    void begun(TableId table) {
        written.put(table, 0L);
        metrics.copyProgress(table, 0);
    }

    /** So many more rows are written. */
    void wrote(TableId table, long rows) {
        metrics.copied(table, rows);
        long all = written.merge(table, rows, Long::sum);
        long of = expected.getOrDefault(table, -1L);
        if (of > 0) {
            metrics.copyProgress(table, Math.min((double) all / of, ALMOST_ALL));
        }
    }

    /** It is in the target. */
    void done(TableId table) {
        metrics.copyProgress(table, 1);
    }
}
