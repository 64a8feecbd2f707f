// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import org.apache.iceberg.Transaction;

/** What a commit needs of whoever staged it. Confined to the worker that commits. */
interface CommitSide {

    /** The files that staged deletes point into. */
    LiveFiles files();

    /** Learns what others did since the head that memory mirrors, and finds the staged deletes anew. */
    void follow(Ancestry ancestry);

    /** Puts first into the transaction what must stand before the rows. */
    default void before(Transaction transaction) {}
}
