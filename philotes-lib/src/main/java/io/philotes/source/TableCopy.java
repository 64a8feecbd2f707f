// SPDX-License-Identifier: Apache-2.0
package io.philotes.source;

import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TablePicture;
import java.util.List;
import java.util.Optional;

/**
 * An exported snapshot of the source, and the rows in it. It contains exactly the transactions that end at or before
 * {@link #consistentPoint()}.
 *
 * <p>Thread-safe: ranges are read in parallel, each by one thread with a connection of its own. The snapshot lives until
 * {@link #close()}; a copy that outlives its connection fails in every later read.
 */
public interface TableCopy extends AutoCloseable {

    /** Every transaction that ends at or before it is in the copy; the stream goes on behind it. */
    Lsn consistentPoint();

    /**
     * Who the rows come from, as it said over the connection that exports the snapshot, before it did. Empty when the source
     * cannot tell.
     */
    default Optional<SourceIdentity> identity() {
        return Optional.empty();
    }

    /** The tables as the snapshot shows them, with the columns that the stream will publish. */
    List<TablePicture> tables();

    /**
     * Cuts a table into ranges that together hold each row once.
     *
     * @param parallelism how many ranges are wished for at the same time; the answer may have more or fewer
     */
    List<CopyRange> ranges(RelationSchema table, int parallelism);

    /**
     * Reads one range, row by row, in the calling thread; interruptible.
     *
     * @return how many rows were read
     * @throws io.philotes.error.PhilotesException RETRY when the connection is lost: the whole table must be copied again
     */
    long read(CopyRange range, RowConsumer rows) throws InterruptedException;

    /**
     * Streams every transaction that ends behind the consistent point, to see what happened since. To be called once, by a
     * copy that is not the pipeline's first; ranges can be read no more then, and the stream ends with the copy.
     */
    default ChangeStream changes() {
        throw new UnsupportedOperationException("this copy cannot tell what happened since");
    }

    /** Lets the snapshot go. Idempotent; does not throw. */
    @Override
    void close();
}
