// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether streams run in binary, and whether transactions come while they are open; once not, not until the process restarts.
 * Thread-safe.
 */
final class StreamMode {

    private final AtomicBoolean textOnly;
    private final Optional<SourceSettings.Streaming> streaming;
    private final AtomicBoolean streamsNot = new AtomicBoolean();

    StreamMode(boolean textOnly, Optional<SourceSettings.Streaming> streaming) {
        this.textOnly = new AtomicBoolean(textOnly);
        this.streaming = streaming;
    }

    boolean mayBeBinary() {
        return !textOnly.get();
    }

    void switchToText() {
        textOnly.set(true);
    }

    /** How transactions come while they are open; empty for only then when they have committed. */
    Optional<SourceSettings.Streaming> streaming() {
        return streaming.filter(wanted -> !streamsNot.get());
    }

    void stopStreaming() {
        streamsNot.set(true);
    }

    /**
     * What a failure of a stream means. Some servers cannot decode a transaction that is open, or was when they came past it, and
     * can when they know how it ended (seen on 14, of a table that was rewritten: "could not map filenode").
     */
    PhilotesException failure(PhilotesException failure) {
        if (failure.code() != ErrorCode.SOURCE_POISON || streaming().isEmpty()) {
            return failure;
        }
        stopStreaming();
        return new PhilotesException(
                        ErrorCode.SOURCE_QUERY,
                        "Cannot take a transaction as it was streamed: " + failure.reason(),
                        failure)
                .hinting("nothing to do: the stream starts again without streaming");
    }
}
