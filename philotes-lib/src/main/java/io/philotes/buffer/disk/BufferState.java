// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.model.Lsn;

/**
 * What the segments do not say themselves.
 *
 * @param pipeline whose batches they are
 * @param firstSegment segments before it are trimmed, whether their files are gone or not
 * @param trimmedUpTo how far was trimmed when segments were last removed
 * @param durable everything before it was durable when this was written: damage there is no torn write; may be
 *     {@link Place#NONE}
 */
record BufferState(String pipeline, long firstSegment, Lsn trimmedUpTo, Place durable) {

    /** The same with a durable place at or behind {@code known}. */
    BufferState withDurable(Place known) {
        return known.compareTo(durable) > 0 ? new BufferState(pipeline, firstSegment, trimmedUpTo, known) : this;
    }
}
