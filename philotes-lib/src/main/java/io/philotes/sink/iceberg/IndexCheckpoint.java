// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.sink.iceberg.internal.call.Worker;
import io.philotes.sink.iceberg.internal.index.IndexInput;
import io.philotes.sink.iceberg.internal.index.IndexOutput;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file from which the key index of one table is read after a restart, so that only data files that are newer must be
 * scanned. It is a copy: the table is the truth, and whatever does not fit makes the index be built from the table. A file is
 * in place as a whole or not at all, and holds for any head that descends from the table snapshot it was made at: each live
 * row was there then, and so is its entry, or is in a file that came later. When that table snapshot has expired nobody can
 * tell; what proves an index in any case is the count in {@link KeyLearner}. Confined to one thread.
 *
 * <pre>
 * int64 magic | int64 format | text byte order | text table uuid | int64 table snapshot id
 * int64 n, n times int64 field id of a key column | int64 1 when keys are the integers themselves, else 0
 * int64 next ordinal | int64 n, n times: text location | int64 ordinal | int64 m, m times int64 position of a deleted row
 * entries, see {@link io.philotes.sink.iceberg.internal.index.KeyIndex#save}
 * int32 CRC-32C
 * </pre>
 */
final class IndexCheckpoint {

    private static final Logger LOG = LoggerFactory.getLogger(IndexCheckpoint.class);

    static final long MAGIC = 0x5048494C4F494458L;

    /** To be raised with any change of this file, of the tables' slots and pages, or of how keys are encoded. */
    private static final long FORMAT = 1;

    private final TargetTable target;
    private final Path file;
    private final List<Integer> keyFieldIds;
    private final boolean isLong;

    /** @param isLong whether keys are integers, which the index has as they are */
    IndexCheckpoint(Path directory, TargetTable target, List<Integer> keyFieldIds, boolean isLong) {
        this.target = target;
        this.isLong = isLong;
        this.keyFieldIds = keyFieldIds;
        this.file = directory.resolve(target.table().uuid() + ".index");
    }

    /** Puts a new file in the place of the old one. Throws only INTERRUPTED: without it, the next start takes longer. */
    void save(LiveFiles files, KeyLocator locator) {
        if (target.head() == null) {
            return;
        }
        Path temporary = null;
        try {
            Files.createDirectories(file.getParent());
            removeUnfinished();
            temporary = Files.createTempFile(file.getParent(), unfinished(), ".tmp");
            try (IndexOutput out = new IndexOutput(temporary, Worker::step)) {
                writeHead(out);
                writeFiles(out, files);
                locator.save(out);
                out.end();
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            ForgottenIndexes.removeBeside(file);
        } catch (IOException | RuntimeException e) {
            remove(temporary);
            if (e instanceof PhilotesException known && known.code() == ErrorCode.INTERRUPTED) {
                throw known;
            }
            LOG.warn("Cannot save the row index: {}; table={}, path={}", e.toString(), target.source(), file);
        }
    }

    /** What a process left that was killed while it saved: as much as an index each time. */
    private void removeUnfinished() throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(file.getParent(), unfinished() + "*.tmp")) {
            left.forEach(IndexCheckpoint::remove);
        }
    }

    /** How the names of files begin that are to become this one. */
    private String unfinished() {
        return file.getFileName() + "-";
    }

    private static void remove(Path temporary) {
        try {
            if (temporary != null) {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            LOG.debug("Cannot remove {}: {}", temporary, e.toString());
        }
    }

    private void writeHead(IndexOutput out) throws IOException {
        out.number(MAGIC);
        out.number(FORMAT);
        out.text(ByteOrder.nativeOrder().toString());
        out.text(target.table().uuid().toString());
        out.number(target.head());
        out.number(keyFieldIds.size());
        for (int fieldId : keyFieldIds) {
            out.number(fieldId);
        }
        out.number(isLong ? 1 : 0);
    }

    private static void writeFiles(IndexOutput out, LiveFiles files) throws IOException {
        List<LiveFile> committed =
                files.all().stream().filter(LiveFile::isCommitted).toList();
        out.number(files.nextOrdinal());
        out.number(committed.size());
        for (LiveFile live : committed) {
            out.text(live.location());
            out.number(live.ordinal());
            List<Long> tombstones = new ArrayList<>();
            live.tombstones().forEach(tombstones::add);
            out.number(tombstones.size());
            for (long position : tombstones) {
                out.number(position);
            }
        }
    }

    /**
     * Fills an empty index and recalls the files that it knows; false when there is nothing that can be used. Then, or after
     * an exception, both are void.
     */
    boolean load(LiveFiles files, KeyLocator locator) {
        if (target.head() == null || !Files.exists(file)) {
            return false;
        }
        try (IndexInput in = new IndexInput(file, Worker::step)) {
            requireHead(in);
            readFiles(in, files);
            locator.load(in);
            keep();
            return true;
        } catch (PhilotesException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            LOG.info(
                    "The saved row index is not used, and the table is read instead: {}; table={}, path={}",
                    e.getMessage(),
                    target.source(),
                    file);
            return false;
        }
    }

    /** It is in use, however long nothing changes in its table. */
    private void keep() {
        try {
            Files.setLastModifiedTime(
                    file, FileTime.from(target.context().clock().instant()));
        } catch (IOException e) {
            LOG.debug("Cannot date {}: {}", file, e.toString());
        }
    }

    private void requireHead(IndexInput in) throws IOException {
        require(in.number() == MAGIC, "it is no index");
        require(in.number() == FORMAT, "another version wrote it");
        require(in.text().equals(ByteOrder.nativeOrder().toString()), "a machine of another byte order wrote it");
        require(in.text().equals(target.table().uuid().toString()), "it is of another table");
        long snapshotId = in.number();
        require(
                target.table().snapshot(snapshotId) == null
                        || Ancestry.of(target.table(), snapshotId).reached(),
                "the table does not descend from the table snapshot that it was made at");
        List<Integer> fieldIds = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            fieldIds.add(in.count());
        }
        require(fieldIds.equals(keyFieldIds), "the key is another");
        require(in.number() == (isLong ? 1 : 0), "the key is of another type");
    }

    private static void require(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(otherwise);
        }
    }

    private static void readFiles(IndexInput in, LiveFiles files) throws IOException {
        int nextOrdinal = in.count();
        // Files are numbered from the first number on again when the table is read.
        require(LiveFiles.canGoOnFrom(nextOrdinal), "its file numbers are nearly used up");
        List<IndexedFile> indexed = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            String location = in.text();
            int ordinal = in.count();
            long[] tombstones = new long[in.count()];
            for (int i = 0; i < tombstones.length; i++) {
                tombstones[i] = in.number();
            }
            indexed.add(new IndexedFile(location, ordinal, tombstones));
        }
        files.recall(indexed, nextOrdinal);
    }
}
