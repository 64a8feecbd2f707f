// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.metrics.PipelineMetrics.CommitRetry;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.iceberg.exceptions.ValidationException;

/** What an exception from a catalog commit says about whether the commit was made. */
enum CommitVerdict {
    /** Known not made: somebody else's commit was first. */
    REFUSED,
    /** Known not made: the table is gone. */
    GONE,
    /** Known not made: not allowed. */
    FORBIDDEN,
    /** Known not made: the catalog does not know who asks. A token may have ended, and there may be another one soon. */
    UNKNOWN_CALLER,
    /** Anything else: it may have been made, so nothing may be deleted. A JDBC catalog that loses its connection is here. */
    UNKNOWN;

    static CommitVerdict of(RuntimeException failure) {
        if (failure instanceof CommitStateUnknownException) {
            return UNKNOWN;
        }
        if (failure instanceof CommitFailedException
                || failure instanceof ValidationException
                || failure instanceof AlreadyExistsException) {
            return REFUSED;
        }
        if (failure instanceof NoSuchTableException) {
            return GONE;
        }
        if (failure instanceof NotAuthorizedException) {
            return UNKNOWN_CALLER;
        }
        if (failure instanceof ForbiddenException) {
            return FORBIDDEN;
        }
        return UNKNOWN;
    }

    /** What is told of a commit that did not land and is sent once more; null where the catalog had said yes. */
    static CommitRetry retry(CommitVerdict verdict) {
        return verdict == REFUSED ? CommitRetry.CONFLICT : CommitRetry.UNKNOWN;
    }
}
