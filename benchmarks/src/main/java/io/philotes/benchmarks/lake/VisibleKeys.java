// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.lake;

import io.philotes.benchmarks.workload.SourceTable;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotChanges;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;

/**
 * Follows how far a table goes whose rows come in the order of a bigint key: the greatest key in the files of each table snapshot,
 * which their metadata tells without reading them. For one thread.
 */
public final class VisibleKeys implements AutoCloseable {

    private final Lake lake;
    private final Table table;
    private final int keyId;
    private long lastSequence = -1;
    private long greatest;

    public VisibleKeys(Path directory, SourceTable table, String key) {
        this.lake = new Lake(directory);
        this.table = lake.table(table);
        this.keyId = this.table.schema().findField(key).fieldId();
    }

    /** Looks again; the greatest key that a reader finds now, 0 when there is none. */
    public long look() {
        table.refresh();
        long newest = lastSequence;
        for (Snapshot snapshot : table.snapshots()) {
            if (snapshot.sequenceNumber() > lastSequence) {
                newest = Math.max(newest, snapshot.sequenceNumber());
                SnapshotChanges.builderFor(table)
                        .snapshot(snapshot)
                        .build()
                        .addedDataFiles()
                        .forEach(this::note);
            }
        }
        lastSequence = newest;
        return greatest;
    }

    private void note(DataFile file) {
        ByteBuffer bound =
                file.upperBounds() == null ? null : file.upperBounds().get(keyId);
        if (bound != null) {
            Long key = Conversions.fromByteBuffer(Types.LongType.get(), bound);
            greatest = Math.max(greatest, key);
        }
    }

    @Override
    public void close() {
        lake.close();
    }
}
