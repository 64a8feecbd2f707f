// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal.verify;

import io.philotes.checkpoint.TableProgress;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import java.time.Duration;
import java.util.Set;

/** One sink of a pipeline that is at work, as a verification sees it. Thread-safe. */
public interface VerifiedSink {

    /** Its name. */
    String name();

    /** The tables that it has. */
    Set<TableId> tables();

    /** Where one of them is. */
    TableProgress progress(TableId table);

    /** Asks that everything up to there be committed soon. */
    void wantCommit(Lsn upTo);

    /**
     * Rests.
     *
     * @throws PhilotesException NOT_RUNNING when pipeline or sink is at its end, or the sink's own failure
     */
    void rest(Duration pause) throws InterruptedException;

    /** Whether what went wrong with one table lets the others go on. */
    boolean holdsTable(PhilotesException failure);
}
