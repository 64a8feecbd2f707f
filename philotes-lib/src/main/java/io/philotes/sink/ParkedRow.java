// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink;

import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A change that a sink set aside instead of writing it. Immutable.
 *
 * @param table the table
 * @param at its place; a row of a table copy has the consistent point and a negative ordinal, so it comes before every change
 *     of the stream
 * @param keys the keys it touches, as the sink names them: later changes of any of them are set aside, too. A key's name is
 *     the same after a restart and in either wire form. A change that nothing waits behind has a name that no other has
 * @param change the change alone, with its relation version, place and time; see {@link io.philotes.model.ChangeCursor#alone}
 * @param failure why it cannot be written; empty when it only waits behind another one
 */
public record ParkedRow(
        TableId table,
        SequenceNumber at,
        SortedSet<String> keys,
        ChangeBatch change,
        Optional<PhilotesException> failure) {

    public ParkedRow {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(at, "at");
        keys = Collections.unmodifiableSortedSet(new TreeSet<>(keys));
        Objects.requireNonNull(change, "change");
        Objects.requireNonNull(failure, "failure");
    }

    /** The same with another reason. */
    public ParkedRow because(Optional<PhilotesException> why) {
        return new ParkedRow(table, at, keys, change, why);
    }
}
