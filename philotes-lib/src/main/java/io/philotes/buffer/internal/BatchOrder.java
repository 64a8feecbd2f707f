// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;

/** The order in which batches may come. Stateless. */
public final class BatchOrder {

    private BatchOrder() {}

    /** Whether the batch is an empty one that moves nothing. */
    public static boolean saysNothingNew(ChangeBatch batch, Lsn appendedUpTo) {
        return batch.isEmpty() && batch.endsOnBoundary() && !batch.endLsn().isAfter(appendedUpTo);
    }

    /**
     * Refuses a batch that does not follow what is there.
     *
     * @param inside whether the last batch ended inside a transaction
     * @throws PhilotesException DEFECT when it does not
     */
    public static void requireNext(ChangeBatch batch, boolean inside, Lsn appendedUpTo) {
        if (batch.extent().startsInside() != inside) {
            throw new PhilotesException(
                            ErrorCode.DEFECT,
                            inside
                                    ? "Cannot append a batch: the transaction before it is incomplete"
                                    : "Cannot append a part: the transaction's beginning is missing")
                    .at(appendedUpTo);
        }
        if (batch.endsOnBoundary() && !batch.endLsn().isAfter(appendedUpTo)) {
            throw new PhilotesException(
                            ErrorCode.DEFECT,
                            "Cannot append a batch that ends at " + batch.endLsn() + ": what follows it came before it")
                    .at(appendedUpTo);
        }
    }

    /** Refuses a start position of a buffer that is not empty, or that lies before its end. */
    public static void requireStart(Lsn position, boolean empty, Lsn appendedUpTo) {
        if (!empty) {
            throw new PhilotesException(ErrorCode.DEFECT, "Cannot let the buffer begin at a position: it holds batches")
                    .at(position);
        }
        if (position.isBefore(appendedUpTo)) {
            throw new PhilotesException(
                            ErrorCode.BUFFER_TRIMMED,
                            "Cannot let the buffer begin at a position: it was already at " + appendedUpTo)
                    .at(position);
        }
    }

    /** The failure of a reader whose next changes are gone. */
    public static PhilotesException trimmed(String reader, Lsn after, Lsn trimmedUpTo) {
        return new PhilotesException(
                        ErrorCode.BUFFER_TRIMMED,
                        "Cannot read for '" + reader + "': the buffer is trimmed up to " + trimmedUpTo)
                .at(after);
    }
}
