// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.TableCommit;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.FileIO;

/**
 * One table's part of a commit of several: its manifests are in the storage, and nothing refers to them yet. Immutable.
 *
 * @param base the metadata that it was built on
 * @param updated the metadata that the table is to have
 */
record PreparedCommit(TableIdentifier name, TableMetadata base, TableMetadata updated) {

    /** The changes, and that they are to be refused when the table's head is not the one they were built on. */
    TableCommit toTableCommit() {
        return TableCommit.create(name, base, updated);
    }

    /** Deletes its manifests; only of what is known never to get into the table. Throws INTERRUPTED only. */
    void discard(FileIO io) {
        Snapshot snapshot = updated.currentSnapshot();
        List<String> files = new ArrayList<>();
        try {
            for (ManifestFile manifest : snapshot.allManifests(io)) {
                if (manifest.snapshotId() == snapshot.snapshotId()) {
                    files.add(manifest.path());
                }
            }
        } catch (RuntimeException e) {
            // What stays behind is removed as an orphan one day.
            return;
        }
        files.add(snapshot.manifestListLocation());
        StorageCleanup.delete(io, files);
    }
}
