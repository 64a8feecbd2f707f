// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.Optional;
import org.apache.iceberg.Transaction;

/** What a commit needs of whoever staged it. Confined to the worker that commits. */
interface CommitSide {

    /** The files that staged deletes point into. */
    LiveFiles files();

    /** Learns what others did since the head that memory mirrors, and finds the staged deletes anew. */
    void follow(Ancestry ancestry);

    /** Why source and target differ, when a change since the last commit showed it: it is to stand in the table. */
    default Optional<String> divergence() {
        return Optional.empty();
    }

    /**
     * The table snapshot whose rows this commit takes the place of, when that is the head still; empty when it takes nobody's
     * or, as it says itself, everybody's.
     */
    default Optional<Long> replaced() {
        return Optional.empty();
    }

    /** Puts first into the transaction what must stand before the rows. */
    default void before(Transaction transaction) {}
}
