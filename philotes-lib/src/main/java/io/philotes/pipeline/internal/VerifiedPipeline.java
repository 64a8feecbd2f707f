// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.TableProgress;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import java.time.Duration;
import java.util.Set;

/** What a verification needs of the running pipeline, or of one of its sinks. Thread-safe. */
interface VerifiedPipeline {

    Set<TableId> tables();

    TableProgress progress(TableId table);

    /** Asks that everything up to there be committed soon. */
    void wantCommit(Lsn upTo);

    /** Rests; throws when the pipeline is at its end. */
    void rest(Duration pause) throws InterruptedException;
}
