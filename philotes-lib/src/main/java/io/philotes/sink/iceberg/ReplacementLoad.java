// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.sink.RangeWriter;
import io.philotes.sink.SinkContext;
import io.philotes.sink.TableLoad;
import io.philotes.sink.iceberg.internal.value.RowLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a table's whole content: range writers write data files, and one commit removes everything the table holds and
 * adds them. Until then readers see the old content, or an empty table that carries no position. Thread-safe in
 * {@link #writer()}; the rest belongs to the apply thread.
 */
final class ReplacementLoad implements TableLoad {

    private static final Logger LOG = LoggerFactory.getLogger(ReplacementLoad.class);

    private final TargetOpener opener;
    private final SinkSettings settings;
    private final TargetTable target;
    private final LoadSide side;
    private final CommitPool pool;
    private final RowLayout layout;
    private final Lsn consistentPoint;
    private final boolean created;
    private final Consumer<TargetTable> whenLoaded;
    private final List<LoadRangeWriter> writers = new ArrayList<>();
    private boolean sent;
    private boolean committed;
    private boolean closed;

    private ReplacementLoad(
            TargetOpener opener,
            SinkSettings settings,
            Opened opened,
            LoadSide side,
            CommitPool pool,
            Lsn consistentPoint,
            Consumer<TargetTable> whenLoaded) {
        this.opener = opener;
        this.settings = settings;
        this.target = opened.target();
        this.created = opened.created();
        this.side = side;
        this.pool = pool;
        this.layout = side.layout();
        this.consistentPoint = consistentPoint;
        this.whenLoaded = whenLoaded;
    }

    private record Opened(TargetTable target, boolean created) {}

    /** Opens the table, or creates it, and makes its schema fit. */
    static ReplacementLoad begin(
            TargetOpener opener,
            SinkSettings settings,
            SinkContext context,
            CommitPool pool,
            RelationSchema relation,
            Lsn consistentPoint,
            Consumer<TargetTable> whenLoaded) {
        Opened opened = opener.find(relation.table())
                .map(table -> new Opened(opener.open(relation.table(), table, context), false))
                .orElseGet(() -> new Opened(create(opener, context, relation), true));
        try {
            LoadSchema change =
                    new LoadSchema(opened.target(), relation, opener.rowMode(relation.table()), consistentPoint);
            LoadSide side = new LoadSide(opened.target(), change, change.planned());
            return new ReplacementLoad(opener, settings, opened, side, pool, consistentPoint, whenLoaded);
        } catch (RuntimeException e) {
            if (opened.created()) {
                drop(opener, opened.target());
            }
            throw e;
        }
    }

    private static TargetTable create(TargetOpener opener, SinkContext context, RelationSchema relation) {
        Table table = opener.create(relation, context);
        return opener.open(relation.table(), table, context);
    }

    @Override
    public RangeWriter writer() {
        LoadRangeWriter writer = new LoadRangeWriter(target, layout, settings, consistentPoint);
        synchronized (writers) {
            writers.add(writer);
        }
        return writer;
    }

    @Override
    public void commit() {
        List<DataFile> files = new ArrayList<>();
        long rows = 0;
        synchronized (writers) {
            for (LoadRangeWriter writer : writers) {
                files.addAll(writer.files());
                rows += writer.rows();
            }
        }
        Marker marker = new Marker(
                target.context().pipelineId(),
                target.context().epoch(),
                consistentPoint,
                0,
                layout.schema().schemaId(),
                UUID.randomUUID().toString());
        StagedCommit staged = new StagedCommit(marker, files, new StagedDeletes(), true, rows);
        sent = true;
        CommitReconciler.Landed landed =
                pool.await(target.source(), () -> new CommitReconciler(target, side).commit(staged));
        target.mirrors(landed.snapshotId());
        committed = true;
        target.context().metrics().copied(target.source(), rows);
        whenLoaded.accept(target);
    }

    @Override
    public void close() {
        if (closed || committed) {
            return;
        }
        closed = true;
        if (sent) {
            LOG.warn("A table copy's commit did not end well; its files stay. table={}", target.source());
            return;
        }
        synchronized (writers) {
            writers.forEach(LoadRangeWriter::abort);
        }
        if (created) {
            drop(opener, target);
        }
    }

    private static void drop(TargetOpener opener, TargetTable target) {
        try {
            opener.drop(target.source());
        } catch (RuntimeException e) {
            LOG.warn("Left the empty target {} behind: {}", target.name(), e.toString());
        }
    }
}
