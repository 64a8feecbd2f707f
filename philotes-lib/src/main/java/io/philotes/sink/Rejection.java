// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink;

import io.philotes.error.PhilotesException;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import java.util.Objects;

/**
 * A change that can never be written, or a table that cannot go on. Immutable.
 *
 * @param table the table
 * @param at the change that was refused
 * @param failure why, with its recovery (DEAD_LETTER for the row, HOLD_TABLE for the table)
 */
public record Rejection(TableId table, SequenceNumber at, PhilotesException failure) {

    public Rejection {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(failure, "failure");
    }
}
