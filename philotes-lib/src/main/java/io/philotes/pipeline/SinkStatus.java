// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline;

import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One sink of a pipeline at one moment. Immutable.
 *
 * @param name its name in the pipeline
 * @param state where it stands
 * @param failure why it failed, or what it is trying again after
 * @param covered nothing that ends at or before it is missing in a table that is not behind
 * @param lagBytes WAL between what is committed in it and the server's end; zero before it is known what is, and in STANDBY
 * @param lagTime age of the oldest change that it was given and did not commit; zero when caught up
 * @param commits commit rounds in this run
 * @param lastCommit when the newest round was
 * @param stalled whether there is something to do and nothing moved for too long
 * @param tables each table in it, by name
 */
public record SinkStatus(
        String name,
        SinkState state,
        Optional<PhilotesException> failure,
        Lsn covered,
        long lagBytes,
        Duration lagTime,
        long commits,
        Optional<Instant> lastCommit,
        boolean stalled,
        List<TableStatus> tables) {

    public SinkStatus {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(failure, "failure");
        Objects.requireNonNull(covered, "covered");
        Objects.requireNonNull(lagTime, "lagTime");
        Objects.requireNonNull(lastCommit, "lastCommit");
        tables = List.copyOf(tables);
    }
}
