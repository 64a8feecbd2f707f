// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

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
}
