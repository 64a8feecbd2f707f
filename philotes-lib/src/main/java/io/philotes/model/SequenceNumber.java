// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.util.Objects;

/**
 * Identity and order of one change: its transaction's commit position, then its place in the transaction. The LSN in a
 * message header is no such thing: rows of one COPY share it, and it runs backwards between transactions. Immutable.
 *
 * @param commitLsn position of the transaction's commit record, known from Begin
 * @param ordinal running number of data messages in the transaction, from 0
 */
public record SequenceNumber(Lsn commitLsn, long ordinal) implements Comparable<SequenceNumber> {

    public SequenceNumber {
        Objects.requireNonNull(commitLsn, "commitLsn");
    }

    @Override
    public int compareTo(SequenceNumber other) {
        int byCommit = commitLsn.compareTo(other.commitLsn);
        return byCommit != 0 ? byCommit : Long.compare(ordinal, other.ordinal);
    }

    @Override
    public String toString() {
        return commitLsn + "+" + ordinal;
    }
}
