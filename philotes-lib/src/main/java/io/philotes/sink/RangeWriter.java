// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink;

import io.philotes.model.TupleView;

/** Writes rows of a table copy. Confined to one thread. */
public interface RangeWriter extends AutoCloseable {

    /**
     * Writes one row; the view is not kept.
     *
     * @throws io.philotes.error.PhilotesException when the row can never be written (DEAD_LETTER) or the storage fails
     */
    void write(TupleView row);

    /** Finishes the files, to be committed with the load. */
    @Override
    void close();
}
