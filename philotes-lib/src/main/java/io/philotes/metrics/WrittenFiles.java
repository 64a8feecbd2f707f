// SPDX-License-Identifier: Apache-2.0
package io.philotes.metrics;

import java.util.List;
import java.util.Objects;

/**
 * Files of one kind that one commit brought into a table. Immutable.
 *
 * @param kind what is in them
 * @param rows rows that are in them; of deletes, those that were not deleted before
 * @param bytes the size of each
 */
public record WrittenFiles(Kind kind, long rows, List<Long> bytes) {

    /** What a file holds. */
    public enum Kind {
        /** Rows. */
        DATA,
        /** Places of deleted rows, in tables of format 2. */
        POSITION_DELETE,
        /** Deletion vectors, many in one file, in tables of format 3. */
        DELETION_VECTOR
    }

    public WrittenFiles {
        Objects.requireNonNull(kind, "kind");
        bytes = List.copyOf(bytes);
    }
}
