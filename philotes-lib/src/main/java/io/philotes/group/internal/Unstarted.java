// SPDX-License-Identifier: Apache-2.0
package io.philotes.group.internal;

import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What can be told of a pipeline that has not begun. */
final class Unstarted {

    private static final PipelineStatus.Positions NOWHERE =
            new PipelineStatus.Positions(Lsn.ZERO, Lsn.ZERO, Lsn.ZERO, Lsn.ZERO, Lsn.ZERO);

    private Unstarted() {}

    /** @param failure why it could not start, or null */
    static PipelineStatus status(String name, PipelineState state, PhilotesException failure) {
        return new PipelineStatus(
                name,
                state,
                Optional.ofNullable(failure),
                NOWHERE,
                0,
                Duration.ZERO,
                0,
                0,
                0,
                0,
                Optional.empty(),
                false,
                Optional.empty(),
                List.of());
    }
}
