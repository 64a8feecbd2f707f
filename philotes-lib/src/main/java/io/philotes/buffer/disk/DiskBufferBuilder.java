// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.buffer.internal.PartsAhead;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/** Builds a {@link DiskBuffer}. Confined to one thread; {@link #build()} checks everything and lists every fault. */
public final class DiskBufferBuilder {

    private static final long SMALLEST_SEGMENT = 4 * 1024;
    private static final int SEGMENTS_PER_LIMIT = 4;

    private final Path directory;
    private long segmentBytes = DiskBuffer.DEFAULT_SEGMENT_BYTES;
    private long limitBytes = DiskBuffer.DEFAULT_LIMIT_BYTES;
    private OptionalLong keepFreeBytes = OptionalLong.empty();
    private long aheadBytes = PartsAhead.BYTES;

    DiskBufferBuilder(Path directory) {
        this.directory = Objects.requireNonNull(directory, "directory");
    }

    /** At how many bytes a file is followed by the next; space is freed by whole files. At least 4 KiB. */
    public DiskBufferBuilder segmentBytes(long bytes) {
        segmentBytes = bytes;
        return this;
    }

    /** At how many bytes capture waits; at least four segments. One transaction may go beyond it. */
    public DiskBufferBuilder limitBytes(long bytes) {
        limitBytes = bytes;
        return this;
    }

    /**
     * How many bytes stay free on the disk: below that capture waits as for a full disk, so that a checkpoint on the same disk
     * can still be written, and with it room be made. Default a twentieth of the disk, at most 64 MiB; not negative.
     */
    public DiskBufferBuilder keepFreeBytes(long bytes) {
        keepFreeBytes = OptionalLong.of(bytes);
        return this;
    }

    /** From which size on a transaction is read while it comes. */
    DiskBufferBuilder aheadBytes(long bytes) {
        aheadBytes = bytes;
        return this;
    }

    /**
     * The buffer, not open yet.
     *
     * @throws PhilotesException INVALID_CONFIGURATION, with every size that is none
     */
    public DiskBuffer build() {
        List<String> faults = new ArrayList<>();
        if (segmentBytes < SMALLEST_SEGMENT) {
            faults.add("segmentBytes must be at least " + SMALLEST_SEGMENT + ": " + segmentBytes);
        }
        if (limitBytes / SEGMENTS_PER_LIMIT < segmentBytes) {
            faults.add("limitBytes must be at least " + SEGMENTS_PER_LIMIT + " segments of " + segmentBytes + ": "
                    + limitBytes);
        }
        keepFreeBytes.stream()
                .filter(bytes -> bytes < 0)
                .forEach(bytes -> faults.add("keepFreeBytes must not be negative: " + bytes));
        if (!faults.isEmpty()) {
            throw new PhilotesException(
                    ErrorCode.INVALID_CONFIGURATION, "Cannot build a disk buffer: " + String.join("; ", faults));
        }
        long free = keepFreeBytes.orElse(LogLimits.SMALL_PART);
        return new DiskBuffer(new DiskDirectory(directory), new LogLimits(segmentBytes, limitBytes, free, aheadBytes));
    }
}
