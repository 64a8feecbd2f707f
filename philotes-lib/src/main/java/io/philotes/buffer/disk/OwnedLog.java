// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.buffer.internal.BatchOrder;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import java.io.IOException;
import java.util.Optional;

/**
 * A directory's log in the hands of its owner, and what went wrong with it: after a failed force nobody knows what is durable, and
 * nothing more goes in before it was looked up. Guarded by the buffer's lock, but for {@link #trouble}.
 */
final class OwnedLog {

    private final BufferDirectory directory;
    private final LogFiles files;
    private SegmentLog log;
    private volatile PhilotesException failure;
    private volatile boolean diskFull;

    OwnedLog(BufferDirectory directory, LogLimits limits) {
        this.directory = directory;
        this.files = new LogFiles(directory, limits);
    }

    void open(String pipeline) {
        if (log != null) {
            throw new PhilotesException(ErrorCode.DEFECT, "Cannot open the buffer: it was opened before");
        }
        try {
            log = files.open(pipeline);
        } catch (IOException e) {
            throw Failures.fullOrFailed(directory, "open the buffer", e);
        }
    }

    /** For its marks and places. */
    SegmentLog log() {
        if (log == null) {
            throw new PhilotesException(ErrorCode.DEFECT, "Cannot use the buffer: it is not open");
        }
        return log;
    }

    private SegmentLog usable() {
        if (failure != null) {
            throw failure;
        }
        return log();
    }

    private PhilotesException finished(String verb, IOException e) {
        failure = Failures.fullOrFailed(directory, verb, e);
        return failure;
    }

    /** Whether it is in; false when there is no room now. */
    boolean append(ChangeBatch batch) {
        SegmentLog usable = usable();
        if (BatchOrder.saysNothingNew(batch, usable.appendedUpTo())) {
            return true;
        }
        BatchOrder.requireNext(batch, usable.isInsideTransaction(), usable.appendedUpTo());
        try {
            boolean in = usable.append(batch);
            diskFull = usable.isDiskFull();
            return in;
        } catch (IOException e) {
            throw finished("append to the buffer", e);
        }
    }

    /** Whether {@link #discardIncomplete} may drop what a reader that went ahead has read. */
    boolean mayTakeBack() {
        return failure != null || (log != null && log.isInsideTransaction());
    }

    /**
     * Drops what is incomplete; after a failure it reads first what is there.
     *
     * @param readable all before it was durable
     */
    void discardIncomplete(Place readable, Lsn trimmedUpTo) {
        try {
            if (failure != null) {
                log = files.openAgain(log, readable, trimmedUpTo);
                failure = null;
                diskFull = false;
            }
            usable().cutIncomplete();
        } catch (IOException e) {
            throw finished("cut off an incomplete transaction", e);
        }
    }

    void startAt(Lsn position) {
        SegmentLog usable = usable();
        BatchOrder.requireStart(position, usable.isEmpty(), usable.appendedUpTo());
        try {
            if (!usable.startAt(position)) {
                // Half of it may be done; the recovery does the rest.
                failure = Failures.full(directory, "let the buffer begin at " + position);
                throw failure;
            }
        } catch (IOException e) {
            throw finished("let the buffer begin at " + position, e);
        }
    }

    void reset() {
        try {
            log = usable().reset();
        } catch (IOException e) {
            throw finished("let the buffer begin anew", e);
        }
    }

    /**
     * Forgets what ends at or before a place, if it can now.
     *
     * @param beforeRemoval is done before files go, so that readers see the mark first
     * @return whether it could; after a failure nobody knows what of the log counts
     */
    boolean trim(Lsn upTo, Runnable beforeRemoval) {
        if (log == null || failure != null) {
            return false;
        }
        try {
            log.trim(upTo);
            beforeRemoval.run();
            log.removeTrimmed();
            return true;
        } catch (IOException e) {
            throw finished("trim the buffer", e);
        }
    }

    Optional<PhilotesException> trouble() {
        PhilotesException failed = failure;
        return failed != null || !diskFull
                ? Optional.ofNullable(failed)
                : Optional.of(Failures.full(directory, "take more changes into the buffer"));
    }

    void close() {
        if (log != null && failure == null) {
            files.close(log);
        } else if (log != null) {
            files.abandon(log);
        }
    }
}
