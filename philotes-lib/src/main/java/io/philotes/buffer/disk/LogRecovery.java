// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a {@link SegmentLog} of what an earlier run left: drops segments that were trimmed, cuts a torn tail and an incomplete
 * transaction off, and refuses everything that these two do not explain. Reads the headers of all segments and the records of
 * the last one; the others are checked when they are read.
 */
final class LogRecovery {

    private static final Logger LOG = LoggerFactory.getLogger(LogRecovery.class);

    private final BufferDirectory directory;
    private final StateFile stateFile;
    private final LogLimits limits;
    private final TreeMap<Long, SegmentHeader> headers = new TreeMap<>();
    private final TreeMap<Long, Long> lengths = new TreeMap<>();
    private final Place durable;
    private BufferState state;

    /** @param durable everything before it is known to be durable, besides what the files say; may be {@link Place#NONE} */
    LogRecovery(BufferDirectory directory, StateFile stateFile, LogLimits limits, Place durable) {
        this.directory = directory;
        this.stateFile = stateFile;
        this.limits = limits;
        this.durable = durable;
    }

    SegmentLog open(String pipeline) throws IOException {
        List<Long> found = new ArrayList<>();
        for (String name : directory.names()) {
            long number = SegmentHeader.number(name);
            if (number > 0) {
                found.add(number);
            }
        }
        state = state(pipeline, found);
        requirePipeline(pipeline);
        // What was read may stand in the system's cache only, and the next step deletes files by it.
        stateFile.write(state);
        dropTrimmed(found);
        found.sort(null);
        requireContiguous(found);
        readHeaders(found);
        if (headers.isEmpty()) {
            return emptyLog();
        }
        requireChain();
        return recover();
    }

    private BufferState state(String pipeline, List<Long> found) throws IOException {
        Optional<BufferState> stored = stateFile.read();
        if (stored.isPresent()) {
            return stored.get().withDurable(durable);
        }
        if (!found.isEmpty()) {
            throw Failures.corrupt(directory, StateFile.NAME, 0, "the state is missing or damaged");
        }
        BufferState first = new BufferState(pipeline, 1, Lsn.ZERO, Place.NONE);
        stateFile.create(first);
        return first;
    }

    private void requirePipeline(String pipeline) {
        if (!state.pipeline().equals(pipeline)) {
            throw new PhilotesException(
                            ErrorCode.INVALID_CONFIGURATION,
                            "Cannot open the buffer: it holds the batches of pipeline '" + state.pipeline() + "', path="
                                    + directory.describe(""))
                    .hinting("give each pipeline a directory of its own");
        }
    }

    private void dropTrimmed(List<Long> found) throws IOException {
        List<Long> trimmed =
                found.stream().filter(n -> n < state.firstSegment()).toList();
        for (long number : trimmed) {
            directory.delete(SegmentHeader.fileName(number));
        }
        if (found.removeAll(trimmed)) {
            directory.force();
        }
    }

    private void requireContiguous(List<Long> found) {
        long expected = state.firstSegment();
        for (long number : found) {
            if (number != expected) {
                throw missing(expected);
            }
            expected++;
        }
        if (!state.durable().isNone() && expected <= state.durable().segment()) {
            throw missing(expected);
        }
    }

    private PhilotesException missing(long number) {
        return Failures.corrupt(directory, SegmentHeader.fileName(number), 0, "a segment is missing");
    }

    private void readHeaders(List<Long> found) throws IOException {
        for (long number : found) {
            String name = SegmentHeader.fileName(number);
            try (BufferFile file = directory.openForReading(name)) {
                lengths.put(number, file.length());
                headers.put(number, SegmentReader.header(file, directory, number));
            } catch (DamagedRecordException e) {
                if (!wasBeingCreated(number, found)) {
                    throw Failures.corrupt(directory, name, e);
                }
                LOG.warn("Removing a segment whose creation was interrupted, file={}", directory.describe(name));
                lengths.remove(number);
                directory.delete(name);
                directory.force();
            }
        }
    }

    /** No record is written before the header is durable, and nothing is behind a segment that is being created. */
    private boolean wasBeingCreated(long number, List<Long> found) {
        return number == found.get(found.size() - 1)
                && lengths.get(number) <= SegmentHeader.LENGTH
                && number > state.durable().segment();
    }

    private SegmentLog emptyLog() throws IOException {
        SegmentLog log = new SegmentLog(directory, stateFile, limits, state);
        log.create(new SegmentHeader(state.firstSegment(), state.trimmedUpTo(), 0, Place.NONE));
        return log;
    }

    private void requireChain() {
        for (SegmentHeader header : headers.tailMap(headers.firstKey(), false).values()) {
            long before = header.segment() - 1;
            if (lengths.get(before) != header.previousLength()) {
                throw Failures.corrupt(
                        directory, SegmentHeader.fileName(before), lengths.get(before), "the file has lost its end");
            }
        }
    }

    private SegmentLog recover() throws IOException {
        TailScan scan = scanLast();
        while (!scan.open().isNone()) {
            cutIncomplete(scan.open());
            scan = scanLast();
        }
        rewriteLastAppend(scan);
        SegmentLog log = new SegmentLog(directory, stateFile, limits, state);
        log.goOn(catalogue(scan), scan);
        if (!log.reachTrimmed()) {
            throw Failures.full(directory, "let the buffer begin at " + state.trimmedUpTo());
        }
        return log;
    }

    private TailScan scanLast() throws IOException {
        long last = headers.lastKey();
        long durable = state.durable().segment() == last ? state.durable().offset() : 0;
        TailScan scan = TailScan.of(directory, last, durable);
        if (scan.end() < lengths.get(last)) {
            LOG.warn(
                    "Cutting off a torn write of {} bytes, file={}, offset={}",
                    lengths.get(last) - scan.end(),
                    directory.describe(SegmentHeader.fileName(last)),
                    scan.end());
            truncate(last, scan.end());
        }
        return scan;
    }

    private void cutIncomplete(Place open) throws IOException {
        if (open.segment() < headers.firstKey() || open.compareTo(state.durable()) < 0) {
            throw Failures.corrupt(
                    directory,
                    SegmentHeader.fileName(open.segment()),
                    open.offset(),
                    "the rest of a transaction is missing");
        }
        while (headers.lastKey() > open.segment()) {
            long last = headers.lastKey();
            directory.delete(SegmentHeader.fileName(last));
            directory.force();
            headers.remove(last);
            lengths.remove(last);
        }
        truncate(open.segment(), open.offset());
    }

    private void truncate(long segment, long length) throws IOException {
        try (BufferFile file = directory.open(SegmentHeader.fileName(segment))) {
            file.truncate(length);
            file.force();
        }
        lengths.put(segment, length);
    }

    /**
     * The last append may stand in the system's cache and nowhere else, when its force failed or never ran; after a failed
     * force the system takes such pages for clean. Written again, they are forced for sure.
     */
    private void rewriteLastAppend(TailScan scan) throws IOException {
        String name = SegmentHeader.fileName(headers.lastKey());
        byte[] bytes = new byte[(int) (scan.end() - scan.lastAppend())];
        try (BufferFile file = directory.open(name)) {
            file.read(scan.lastAppend(), bytes, 0, bytes.length);
            file.write(scan.lastAppend(), bytes, 0, bytes.length);
            file.force();
        }
        directory.force();
    }

    private TreeMap<Long, Segment> catalogue(TailScan scan) {
        TreeMap<Long, Segment> segments = new TreeMap<>();
        Lsn needed = scan.appendedUpTo();
        for (SegmentHeader header : headers.descendingMap().values()) {
            segments.put(header.segment(), new Segment(header.segment(), lengths.get(header.segment()), needed));
            // With a transaction open at its beginning, the segment before is needed as long as this one.
            needed = header.open().isNone() ? header.startsBehind() : needed;
        }
        return segments;
    }
}
