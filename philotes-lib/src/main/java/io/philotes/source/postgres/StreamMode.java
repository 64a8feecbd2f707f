// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import java.util.concurrent.atomic.AtomicBoolean;

/** Whether streams run in binary; once text, always text, until the process restarts. Thread-safe. */
final class StreamMode {

    private final AtomicBoolean textOnly;

    StreamMode(boolean textOnly) {
        this.textOnly = new AtomicBoolean(textOnly);
    }

    boolean mayBeBinary() {
        return !textOnly.get();
    }

    void switchToText() {
        textOnly.set(true);
    }
}
