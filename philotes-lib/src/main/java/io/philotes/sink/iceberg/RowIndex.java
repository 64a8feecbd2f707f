// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

/** What a writer knows about where its table's rows are. Confined to the thread that works on the table. */
interface RowIndex {

    /** Of a writer that need not know. */
    RowIndex NONE = new RowIndex() {};

    /** Whether enough changed for {@link #saveIfDue}; quick. */
    default boolean isSaveDue() {
        return false;
    }

    /** Keeps a copy for the next start when enough changed; between two commits. Throws only INTERRUPTED. */
    default void saveIfDue() {}

    /** Keeps a copy for the next start unless nothing changed; between two commits. Throws only INTERRUPTED. */
    default void save() {}

    /** Forgets everything and gives the memory back: nobody may be at work on it any more. */
    default void release() {}
}
