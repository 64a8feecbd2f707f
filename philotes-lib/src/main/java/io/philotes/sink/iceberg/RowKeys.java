// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.ChangeCursor;
import java.util.Optional;
import java.util.SortedSet;

/** By which keys changes of rows wait for each other when one is set aside. Confined to one thread. */
interface RowKeys {

    /** The keys that an insert, update or delete touches; throws what a key that cannot be told is refused with. */
    SortedSet<String> of(ChangeCursor change);

    /** The key that the row has behind an insert or update; empty for a delete. */
    Optional<String> newKey(ChangeCursor change);

    /** Whether the change leaves its keys the same, whatever was there. */
    boolean replaces(ChangeCursor change);

    /** Whether an insert or update can be left out when a later change replaces its row. */
    boolean canSkip(ChangeCursor change);
}
