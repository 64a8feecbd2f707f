// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer;

import io.philotes.buffer.internal.PartsAhead;
import io.philotes.model.Lsn;
import java.util.Map;
import java.util.NavigableMap;

/**
 * What a reader reads next. Immutable.
 *
 * @param endLsn where the transactions end; null while their end has not come
 */
record NextTransactions(Lsn endLsn, HeldTransactions transactions) {

    /**
     * What is behind a place; null when nothing is there yet.
     *
     * @param coming the transaction that is coming in, if readers may go ahead in it; else null
     */
    static NextTransactions behind(
            MemoryReader.Place place, NavigableMap<Lsn, HeldTransactions> held, SpilledTransaction coming) {
        Map.Entry<Lsn, HeldTransactions> whole = held.higherEntry(place.after());
        SpilledTransaction ahead = whole == null && place.ahead() ? coming : null;
        HeldTransactions here = whole != null ? whole.getValue() : ahead;
        if (place.inside() != null && place.inside() != here) {
            throw PartsAhead.withdrawn(place.reader(), place.after());
        }
        if (whole != null) {
            return new NextTransactions(whole.getKey(), here);
        }
        return ahead != null && place.part() < ahead.batches() ? new NextTransactions(null, ahead) : null;
    }
}
