// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.sink.iceberg.Standing.Proof;
import io.philotes.sink.iceberg.internal.call.Worker;
import java.util.List;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadata.MetadataLogEntry;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;

/**
 * Which table snapshots were a table's head, one after the other, as its older metadata files tell: each still knows the
 * parents that have expired since. Confined to one thread.
 */
final class HeadHistory {

    private final FileIO io;
    private final TableMetadata newest;

    HeadHistory(FileIO io, TableMetadata newest) {
        this.io = io;
        this.newest = newest;
    }

    /**
     * Walks back until the table snapshot was the head; lost when the head ever was moved elsewhere than forward. Throws
     * STORAGE_FAILED when a metadata file is there and cannot be read: it may tell of a rollback.
     */
    Proof proof(long snapshotId) {
        TableMetadata later = newest;
        List<MetadataLogEntry> older = newest.previousFiles();
        for (int i = older.size() - 1; i >= 0; i--) {
            Worker.step();
            TableMetadata earlier;
            try {
                earlier = TableMetadataParser.read(io, older.get(i).file());
            } catch (NotFoundException e) {
                // Metadata files go after a while; what they knew is lost.
                return Proof.UNKNOWN;
            } catch (RuntimeException e) {
                throw unreadable(older.get(i).file(), e);
            }
            if (!movedForward(earlier, later)) {
                return Proof.LOST;
            }
            if (earlier.currentSnapshot() != null && earlier.currentSnapshot().snapshotId() == snapshotId) {
                return Proof.STANDS;
            }
            later = earlier;
        }
        return Proof.UNKNOWN;
    }

    /** To be tried again: what does not answer now may tell of a rollback later. */
    private static PhilotesException unreadable(String metadataFile, RuntimeException cause) {
        return new PhilotesException(
                        ErrorCode.STORAGE_FAILED,
                        "Cannot tell whether the target was rolled back: its older metadata file " + metadataFile
                                + " cannot be read: " + cause.getMessage(),
                        cause)
                .hinting("make the file readable; where it is gone, let the storage say so, as S3 does only to who may"
                        + " list the bucket (s3:ListBucket); or bin/philotes resync <pipeline> <table> --offline");
    }

    private static boolean movedForward(TableMetadata earlier, TableMetadata later) {
        if (earlier.currentSnapshot() == null) {
            return true;
        }
        long before = earlier.currentSnapshot().snapshotId();
        Snapshot at = later.currentSnapshot();
        while (at != null && at.snapshotId() != before) {
            if (at.parentId() != null && at.parentId() == before) {
                return true;
            }
            at = at.parentId() == null ? null : later.snapshot(at.parentId());
        }
        return at != null;
    }
}
