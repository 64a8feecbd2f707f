// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TablePicture;
import io.philotes.sink.ParkedRow;
import io.philotes.sink.RangeWriter;
import io.philotes.sink.SinkContext;
import io.philotes.sink.TableLoad;
import io.philotes.sink.iceberg.internal.call.BoundedCalls;
import io.philotes.sink.iceberg.internal.value.RowLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a table copy into a table: range writers write data files, and one commit adds them. In a mirror it removes everything
 * that the table holds; in a history that stays, and the copy goes behind it. Until then readers see the old content, or an
 * empty table that carries no position.
 *
 * <p>An empty table that was made for a copy which then failed stays for the next one: to drop it by name would race with
 * another instance that loads it at that moment. Thread-safe in {@link #writer()}; the rest belongs to the apply thread.
 */
final class ReplacementLoad implements TableLoad {

    private static final Logger LOG = LoggerFactory.getLogger(ReplacementLoad.class);

    private final SinkSettings settings;
    private final TargetTable target;
    private final LoadSide side;
    private final BoundedCalls calls;
    private final RowLayout layout;
    private final Lsn consistentPoint;
    private final BiConsumer<TargetTable, Map<SequenceNumber, SortedSet<String>>> whenLoaded;
    private final List<LoadRangeWriter> writers = new ArrayList<>();
    private boolean sent;
    private boolean committed;
    private boolean closed;

    private ReplacementLoad(
            SinkSettings settings,
            LoadSide side,
            BoundedCalls calls,
            Lsn consistentPoint,
            BiConsumer<TargetTable, Map<SequenceNumber, SortedSet<String>>> whenLoaded) {
        this.settings = settings;
        this.target = side.target();
        this.side = side;
        this.calls = calls;
        this.layout = side.layout();
        this.consistentPoint = consistentPoint;
        this.whenLoaded = whenLoaded;
    }

    /** Opens the table, or creates it, and finds the schema that it will have. */
    static ReplacementLoad begin(
            TargetOpener opener,
            SinkSettings settings,
            SinkContext context,
            BoundedCalls calls,
            TablePicture picture,
            Lsn consistentPoint,
            Lsn knownUpTo,
            BiConsumer<TargetTable, Map<SequenceNumber, SortedSet<String>>> whenLoaded) {
        RelationSchema relation = picture.relation();
        if (relation.columns().isEmpty() && opener.rowMode(relation.table()).mirrors()) {
            throw new PhilotesException(ErrorCode.NO_IDENTITY, "Cannot copy the table: it has no columns")
                    .inTable(relation.table());
        }
        LoadSide side = calls.await(ErrorCode.CATALOG_UNREACHABLE, "begin the table copy", () -> {
            Table table = opener.find(relation.table()).orElseGet(() -> opener.create(relation, context));
            TargetTable target = opener.openAnyRows(relation.table(), table, context);
            TargetTable.requireSource(relation, table.properties());
            HistoryBefore before = opener.rowMode(relation.table()).mirrors()
                    ? HistoryBefore.NONE
                    : HistoryBefore.of(target, relation, consistentPoint, knownUpTo);
            LoadSchema change = new LoadSchema(
                    target,
                    picture,
                    opener.rowMode(relation.table()),
                    settings.policy(relation.table()),
                    consistentPoint);
            LoadParking parking = new LoadParking(relation, consistentPoint, context.maxParkedRows());
            return new LoadSide(target, change, change.planned(), parking, before);
        });
        return new ReplacementLoad(settings, side, calls, consistentPoint, whenLoaded);
    }

    @Override
    public RangeWriter writer() {
        return newWriter();
    }

    private LoadRangeWriter newWriter() {
        LoadRangeWriter writer = new LoadRangeWriter(target, layout, settings, consistentPoint, side.parking());
        synchronized (writers) {
            writers.add(writer);
        }
        return writer;
    }

    @Override
    public List<ParkedRow> parked() {
        return side.parking().rows();
    }

    @Override
    public void commit() {
        endHistory();
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
        side.batchId(marker.batchId());
        StagedCommit staged = new StagedCommit(
                marker, files, new StagedDeletes(), layout.mode().mirrors(), rows);
        sent = true;
        CommitReconciler.Landed landed = calls.commit(target.source(), () -> {
            target.renewed();
            return new CommitReconciler(target, side, staged, settings.commitRetry()).commit();
        });
        target.mirrors(landed.snapshotId());
        committed = true;
        whenLoaded.accept(target, side.parking().open());
        LandedFiles.tell(target, staged, landed);
    }

    /** Of rows that were deleted while nobody looked a history knows nothing: what it has until now ends as a whole. */
    private void endHistory() {
        if (side.before().exists()) {
            LoadRangeWriter writer = newWriter();
            calls.awaitIn(target.source(), ErrorCode.STORAGE_FAILED, "write a row of the table copy", () -> {
                writer.writeEndOfBefore();
                writer.close();
                return writer;
            });
        }
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
        calls.quietly("remove the files of a table copy", () -> {
            synchronized (writers) {
                writers.forEach(LoadRangeWriter::abort);
            }
        });
    }
}
