// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.sink.DigestedRow;
import io.philotes.sink.RowAudit;
import io.philotes.sink.RowDigester;
import io.philotes.sink.iceberg.internal.call.BoundedCalls;
import io.philotes.sink.iceberg.internal.call.Worker;
import io.philotes.sink.iceberg.internal.value.RowLayout;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/** One table snapshot of a mirror, read with Iceberg's own generic reader, which knows nothing of how it was written. */
final class IcebergAudit implements RowAudit {

    private final Table table;
    private final SinkSettings settings;
    private final BoundedCalls calls;
    private final RelationSchema relation;
    private final long snapshotId;
    private final Lsn position;

    private IcebergAudit(
            Table table,
            SinkSettings settings,
            BoundedCalls calls,
            RelationSchema relation,
            long snapshotId,
            Lsn position) {
        this.table = table;
        this.settings = settings;
        this.calls = calls;
        this.relation = relation;
        this.snapshotId = snapshotId;
        this.position = position;
    }

    /** The newest table snapshot. */
    static IcebergAudit open(TargetOpener opener, SinkSettings settings, BoundedCalls calls, RelationSchema relation) {
        Table table = opener.find(relation.table())
                .filter(found -> TargetProperties.holdsRowsOf(relation, found.properties()))
                .orElseThrow(() -> cannot(relation, "the target does not exist, or holds another table's rows"));
        Marker marker = Marker.in(table.properties())
                .filter(there -> table.currentSnapshot() != null)
                .orElseThrow(() -> cannot(relation, "the target was never loaded"));
        return new IcebergAudit(
                table, settings, calls, relation, table.currentSnapshot().snapshotId(), marker.endLsn());
    }

    private static PhilotesException cannot(RelationSchema relation, String why) {
        return new PhilotesException(ErrorCode.TARGET_UNUSABLE, "Cannot compare the target: " + why)
                .inTable(relation.table());
    }

    @Override
    public Lsn position() {
        return position;
    }

    @Override
    public RowDigester digester(RelationSchema version) {
        return new IcebergDigester(layout(version));
    }

    private RowLayout layout(RelationSchema version) {
        Map<Integer, Integer> fieldIds = TargetProperties.columns(table.properties());
        for (Column column : version.columns()) {
            Integer fieldId = fieldIds.get(column.attnum());
            if (fieldId == null || table.schema().findField(fieldId) == null) {
                throw cannot(relation, "it has no column for " + column.name());
            }
        }
        return RowLayout.of(
                version,
                table.schema(),
                fieldIds,
                settings.rowMode(relation.table()),
                settings.policy(relation.table()));
    }

    @Override
    public void scan(Consumer<DigestedRow> rows) {
        calls.await(ErrorCode.STORAGE_FAILED, "read the target", () -> {
            read(rows);
            return true;
        });
    }

    private void read(Consumer<DigestedRow> rows) {
        RowLayout layout = layout(relation);
        IcebergDigester digester = new IcebergDigester(layout);
        TombstoneColumn tombstone = new TombstoneColumn(layout);
        List<Integer> fieldIds = layout.sourceFieldIds();
        Schema projection = tombstone.with(new Schema(fieldIds.stream()
                .map(id -> layout.schema().asStruct().field(id))
                .toList()));
        try (CloseableIterable<Record> records = IcebergGenerics.read(table)
                .useSnapshot(snapshotId)
                .project(projection)
                .reuseContainers()
                .build()) {
            for (Record record : records) {
                Worker.step();
                if (!tombstone.isSet(record)) {
                    rows.accept(digester.digest(fieldIds, record));
                }
            }
        } catch (PhilotesException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new PhilotesException(ErrorCode.STORAGE_FAILED, "Cannot read the target: " + e.getMessage(), e)
                    .inTable(relation.table());
        }
    }
}
