// SPDX-License-Identifier: Apache-2.0
package io.philotes.source;

import io.philotes.model.TupleView;

/** Takes the rows of a table copy, one after the other, in the reading thread. */
@FunctionalInterface
public interface RowConsumer {

    /** Takes one row; the view moves on when this returns. */
    void accept(TupleView row);
}
