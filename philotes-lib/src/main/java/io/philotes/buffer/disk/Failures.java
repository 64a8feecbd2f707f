// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.io.IOException;

/** The buffer's failures, each naming the file. */
final class Failures {

    private Failures() {}

    static PhilotesException corrupt(BufferDirectory directory, String name, long offset, String why) {
        return new PhilotesException(
                ErrorCode.BUFFER_CORRUPT,
                "Cannot read the buffer: " + why + ", file=" + directory.describe(name) + ", offset=" + offset);
    }

    static PhilotesException corrupt(BufferDirectory directory, String name, DamagedRecordException e) {
        return corrupt(directory, name, e.offset(), e.getMessage());
    }

    static PhilotesException tooNew(BufferDirectory directory, String name, int version, int newest) {
        return new PhilotesException(
                ErrorCode.FORMAT_TOO_NEW,
                "Cannot open the buffer: a file has format " + version + ", the newest that is known here is " + newest
                        + ", file=" + directory.describe(name));
    }

    static PhilotesException failed(BufferDirectory directory, String verb, IOException cause) {
        return new PhilotesException(
                ErrorCode.BUFFER_FAILED, "Cannot " + verb + ": " + cause + ", path=" + directory.describe(""), cause);
    }

    static PhilotesException unwritable(BufferDirectory directory, String why) {
        return new PhilotesException(
                        ErrorCode.BUFFER_FAILED,
                        "Cannot keep changes in the buffer: " + why + ", path=" + directory.describe(""))
                .hinting("make the directory for the user that runs Philotes, or name another one");
    }

    static PhilotesException fullOrFailed(BufferDirectory directory, String verb, IOException cause) {
        return directory.isFull(cause, SegmentHeader.LENGTH) ? full(directory, verb) : failed(directory, verb, cause);
    }

    static PhilotesException full(BufferDirectory directory, String verb) {
        return new PhilotesException(
                ErrorCode.BUFFER_FULL,
                "Cannot " + verb + ": the disk is full, free=" + directory.freeBytes() + ", path="
                        + directory.describe(""));
    }
}
