// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.time.Clock;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.util.PropertyUtil;

/**
 * Takes a table's old table snapshots out of the metadata that a commit of ours is about to send. So the expiry is made or
 * refused together with the commit, which is refused unless the head is what it was planned on: whoever rolled the table back
 * in between is met before anything that they rolled back to is gone. An expiry alone has no such condition in a REST catalog.
 *
 * <p>What goes are ancestors of the commit, never the commit itself; so the newest marker in the table's snapshots, and
 * {@link Standing}'s proof, are not touched. And own commits that nothing leads to any more, because the tag that kept one is
 * gone or the table was rolled back: with age alone, for nobody replaced them. What others staged or had on a branch is theirs.
 * Belongs to one commit, with all its attempts; confined to one thread.
 */
final class SnapshotExpiry {

    private final Optional<SnapshotRetention> retention;
    private final Clock clock;
    private final Map<Long, ExpiredSnapshot> removed = new LinkedHashMap<>();

    /** @param retention empty when nothing expires */
    SnapshotExpiry(Optional<SnapshotRetention> retention, Clock clock) {
        this.retention = retention;
        this.clock = clock;
    }

    /** The metadata without what expires; its head is the commit that is about to be sent. */
    TableMetadata trim(TableMetadata sending) {
        Set<Long> expired = retention.map(keep -> expired(sending, keep)).orElse(Set.of());
        if (expired.isEmpty()) {
            return sending;
        }
        expired.forEach(id -> removed.put(id, ExpiredSnapshot.of(sending, id)));
        return TableMetadata.buildFrom(sending).removeSnapshots(expired).build();
    }

    private Set<Long> expired(TableMetadata metadata, SnapshotRetention keep) {
        Map<String, String> properties = metadata.properties();
        if (!PropertyUtil.propertyAsBoolean(
                properties, TableProperties.GC_ENABLED, TableProperties.GC_ENABLED_DEFAULT)) {
            return Set.of();
        }
        long keepFor = PropertyUtil.propertyAsLong(
                properties, TableProperties.MAX_SNAPSHOT_AGE_MS, keep.keepFor().toMillis());
        int atLeast = Math.max(
                SnapshotRetention.KEEP_AT_LEAST,
                PropertyUtil.propertyAsInt(properties, TableProperties.MIN_SNAPSHOTS_TO_KEEP, 0));
        long before = clock.millis() - keepFor;
        Set<Long> expired = new HashSet<>();
        Snapshot next = metadata.currentSnapshot();
        for (int newer = 1; next != null; newer++) {
            Snapshot at = next.parentId() == null ? null : metadata.snapshot(next.parentId());
            boolean tooMany = newer >= keep.keepAtMost();
            boolean tooOld = next.timestampMillis() < before;
            if (at != null && newer >= atLeast && (tooMany || tooOld)) {
                expired.add(at.snapshotId());
            }
            next = at;
        }
        metadata.refs().values().stream().map(SnapshotRef::snapshotId).forEach(expired::remove);
        expired.addAll(unreached(metadata, before));
        return expired;
    }

    private static Set<Long> unreached(TableMetadata metadata, long before) {
        Set<Long> found = metadata.snapshots().stream()
                .filter(snapshot -> snapshot.timestampMillis() < before && isOurs(snapshot))
                .map(Snapshot::snapshotId)
                .collect(Collectors.toCollection(HashSet::new));
        for (SnapshotRef ref : metadata.refs().values()) {
            Snapshot at = found.isEmpty() ? null : metadata.snapshot(ref.snapshotId());
            while (at != null) {
                found.remove(at.snapshotId());
                at = at.parentId() == null ? null : metadata.snapshot(at.parentId());
            }
        }
        return found;
    }

    /** Nobody stages such a one: it was the head. */
    private static boolean isOurs(Snapshot snapshot) {
        return snapshot.summary().containsKey(Marker.BATCH_ID);
    }

    /** What is known to have gone, in whichever attempt. */
    List<ExpiredSnapshot> gone(Table now) {
        return removed.entrySet().stream()
                .filter(expired -> now.snapshot(expired.getKey()) == null)
                .map(Map.Entry::getValue)
                .toList();
    }
}
