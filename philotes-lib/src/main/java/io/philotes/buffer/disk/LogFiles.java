// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.model.Lsn;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The possession of a directory, from its lock to its release, and the logs that are read from it. Guarded by the buffer's lock. */
final class LogFiles {

    private static final Logger LOG = LoggerFactory.getLogger(LogFiles.class);

    private final BufferDirectory directory;
    private final LogLimits limits;
    private StateFile stateFile;
    private String pipeline;

    LogFiles(BufferDirectory directory, LogLimits limits) {
        this.directory = directory;
        this.limits = limits;
    }

    /** Takes possession, and reads what is there; throws having let go again. */
    SegmentLog open(String name) throws IOException {
        directory.lock();
        boolean opened = false;
        try {
            pipeline = name;
            stateFile = new StateFile(directory);
            SegmentLog log = new LogRecovery(directory, stateFile, limits, Place.NONE).open(name);
            opened = true;
            return log;
        } finally {
            if (!opened) {
                release();
            }
        }
    }

    /**
     * Reads again what is there, after a failure that leaves nobody knowing what is durable.
     *
     * @param readable all before it was durable; what is behind it is looked at as after a crash
     */
    SegmentLog openAgain(SegmentLog failed, Place readable, Lsn trimmedUpTo) throws IOException {
        try {
            failed.closeFiles();
        } catch (IOException e) {
            LOG.debug("A segment whose force failed did not close", e);
        }
        SegmentLog log = new LogRecovery(directory, stateFile, limits, readable).open(pipeline);
        // The state may say less than was trimmed; marks only rise.
        log.trim(trimmedUpTo);
        LOG.info("The buffer goes on behind {} after a failure, path={}", log.appendedUpTo(), directory.describe(""));
        return log;
    }

    /** Says how far all is durable, and lets everything go. Does not throw. */
    void close(SegmentLog log) {
        try {
            log.close();
        } catch (IOException e) {
            LOG.warn("The buffer did not close in order; the next start finds what is there", e);
        } finally {
            release();
        }
    }

    /** Lets everything go as it is. Does not throw. */
    void abandon(SegmentLog log) {
        try {
            log.closeFiles();
        } catch (IOException e) {
            LOG.debug("A segment did not close", e);
        } finally {
            release();
        }
    }

    private void release() {
        try {
            if (stateFile != null) {
                stateFile.close();
            }
        } catch (IOException e) {
            LOG.debug("The buffer's state file did not close", e);
        }
        directory.unlock();
    }
}
