// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.internal.value.RowLayout;
import org.apache.iceberg.Transaction;

/** The commit side of a table copy: it has no index, and whatever others did is replaced. Confined to one thread. */
final class LoadSide implements CommitSide {

    private final TargetTable target;
    private final LoadSchema change;
    private final LoadSchema.Planned planned;
    private final LoadParking parking;
    private final LiveFiles files = new LiveFiles();

    LoadSide(TargetTable target, LoadSchema change, LoadSchema.Planned planned, LoadParking parking) {
        this.parking = parking;
        this.target = target;
        this.change = change;
        this.planned = planned;
    }

    TargetTable target() {
        return target;
    }

    RowLayout layout() {
        return change.layout(planned);
    }

    LoadParking parking() {
        return parking;
    }

    @Override
    public LiveFiles files() {
        return files;
    }

    @Override
    public void follow(Ancestry ancestry) {
        target.mirrors(target.table().currentSnapshot().snapshotId());
    }

    @Override
    public void before(Transaction transaction) {
        change.apply(transaction, planned);
        parking.put(transaction);
    }
}
