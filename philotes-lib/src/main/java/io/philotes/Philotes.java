// SPDX-License-Identifier: Apache-2.0
package io.philotes;

import io.philotes.source.ChangeSource;

/**
 * The face: {@code Philotes.source(pg).buffer(pgBuffer).sink(iceberg).start()}.
 *
 * <p>Source and sink are required; everything else has a default that is safe rather than clever. Stateless
 * and thread-safe: pipelines of one JVM share nothing.
 */
public final class Philotes {

    private Philotes() {}

    /** Begins a pipeline that reads from {@code source}. */
    public static PipelineDraft source(ChangeSource source) {
        return new PipelineDraft(source);
    }
}
