// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.VerifyReport;
import io.philotes.pipeline.VerifyRequest;
import io.philotes.pipeline.internal.verify.Verification;
import java.util.ArrayList;
import java.util.List;

/** Verifies the sinks that are asked for, one after the other. Stateless but for its run. */
final class Verifications {

    private final PipelineParts parts;
    private final RunState run;

    Verifications(PipelineParts parts, RunState run) {
        this.parts = parts;
        this.run = run;
    }

    VerifyReport make(VerifyRequest request) throws InterruptedException {
        String pipeline = parts.settings().name();
        requireAtWork();
        List<VerifiedLane> views =
                lanes(request).stream().map(lane -> new VerifiedLane(run, lane)).toList();
        // Of all of them first: to compare one may take hours.
        views.forEach(VerifiedLane::requireOpened);
        List<VerifyReport.Table> tables = new ArrayList<>();
        for (VerifiedLane view : views) {
            Lane lane = view.lane();
            tables.addAll(new Verification(
                            parts.source().attach(pipeline),
                            lane.sink(),
                            view,
                            parts.rows().queue(),
                            request)
                    .run());
        }
        return new VerifyReport(pipeline, tables);
    }

    /** One that stands by commits nothing, and what it knew of its tables is another instance's now. */
    private void requireAtWork() {
        if (run.lifecycle().state().isFinal()) {
            throw new PhilotesException(ErrorCode.NOT_RUNNING, "Cannot verify: the pipeline is at its end");
        }
        if (run.lifecycle().state() == PipelineState.STANDBY) {
            throw run.lifecycle()
                    .failure()
                    .orElseGet(() ->
                            new PhilotesException(ErrorCode.SLOT_IN_USE, "Cannot verify: the pipeline is in standby"));
        }
    }

    private List<Lane> lanes(VerifyRequest request) {
        List<Lane> lanes = run.lanes().stream()
                .filter(lane -> request.sink().isEmpty()
                        || request.sink().get().equals(lane.name().sink()))
                .toList();
        if (lanes.isEmpty()) {
            throw new PhilotesException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Cannot verify: the pipeline has no sink " + request.sink().orElse(""));
        }
        return lanes;
    }
}
