// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.ChangeCursor;
import io.philotes.model.SequenceNumber;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** In a history every change is a row of its own, and none waits for another: its place names it. Stateless. */
final class HistoryKeys implements RowKeys {

    @Override
    public SortedSet<String> of(ChangeCursor change) {
        return new TreeSet<>(List.of("@" + new SequenceNumber(change.commitLsn(), change.ordinal())));
    }

    @Override
    public Optional<String> newKey(ChangeCursor change) {
        return Optional.empty();
    }

    @Override
    public boolean replaces(ChangeCursor change) {
        return false;
    }

    @Override
    public boolean canSkip(ChangeCursor change) {
        return false;
    }
}
