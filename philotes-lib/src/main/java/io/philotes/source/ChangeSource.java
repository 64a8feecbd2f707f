// SPDX-License-Identifier: Apache-2.0
package io.philotes.source;

/**
 * A configured source of changes. Immutable and thread-safe; opens nothing until attached.
 *
 * <p>The same source may be given to several pipelines; each attaches for itself, with its own slot.
 */
public interface ChangeSource {

    /** Where it reads, for logs and reports; holds no secret. */
    String description();

    /**
     * Binds the source to a pipeline's name, which names what it creates at the server. Opens no connection.
     *
     * @param pipeline the pipeline's name, never null
     */
    AttachedSource attach(String pipeline);
}
