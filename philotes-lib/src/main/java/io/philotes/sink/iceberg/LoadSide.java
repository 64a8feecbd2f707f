// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.internal.value.RowLayout;
import java.util.Optional;
import org.apache.iceberg.Transaction;

/**
 * The commit side of a table copy: it has no index. In a mirror whatever others did is replaced; in a history it stays, and the
 * table then says so. Confined to one thread.
 */
final class LoadSide implements CommitSide {

    private final TargetTable target;
    private final LoadSchema change;
    private final LoadSchema.Planned planned;
    private final LoadParking parking;
    private final HistoryBefore before;
    private final LiveFiles files = new LiveFiles();
    private String batchId;
    private String divergence;

    LoadSide(
            TargetTable target,
            LoadSchema change,
            LoadSchema.Planned planned,
            LoadParking parking,
            HistoryBefore before) {
        this.parking = parking;
        this.target = target;
        this.change = change;
        this.planned = planned;
        this.before = before;
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

    HistoryBefore before() {
        return before;
    }

    /** What the copy's commit goes by; to be told before it. */
    void batchId(String id) {
        batchId = id;
    }

    @Override
    public LiveFiles files() {
        return files;
    }

    @Override
    public void follow(Ancestry ancestry) {
        if (!layout().mode().mirrors()) {
            ancestry.foreignChanges(target.context().pipelineId())
                    .forEach(operation -> divergence = "another writer changed the target: " + operation);
        }
        target.mirrors(target.table().currentSnapshot().snapshotId());
    }

    @Override
    public Optional<String> divergence() {
        return Optional.ofNullable(divergence);
    }

    @Override
    public Optional<Long> replaced() {
        return before.unheard();
    }

    @Override
    public void before(Transaction transaction) {
        change.apply(transaction, planned);
        parking.put(transaction);
        transaction.updateProperties().set(TargetProperties.COPY, batchId).commit();
    }
}
