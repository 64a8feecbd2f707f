// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink;

import io.philotes.model.TupleView;

/** Digests rows of one relation version from the wire. Confined to one thread. */
public interface RowDigester {

    /**
     * Digests a whole row.
     *
     * @throws io.philotes.error.PhilotesException DEAD_LETTER when the target cannot hold the row
     */
    DigestedRow digest(TupleView row);

    /**
     * Digests the key of a row, of which nothing else need be there or fit; {@code rowHi} and {@code rowLo} are those of no
     * row then. Where the target has no key the row must be whole.
     *
     * @throws io.philotes.error.PhilotesException DEAD_LETTER when that cannot be done
     */
    DigestedRow digestKey(TupleView row);
}
