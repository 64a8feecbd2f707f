// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.VerifyReport;
import io.philotes.pipeline.VerifyRequest;
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
        if (run.lifecycle().state().isFinal()) {
            throw new PhilotesException(ErrorCode.NOT_RUNNING, "Cannot verify: the pipeline is at its end");
        }
        List<VerifyReport.Table> tables = new ArrayList<>();
        for (Lane lane : lanes(request)) {
            ParkedKeys parked = new ParkedKeys(parts.rows().queue(), lane.name().sink());
            VerifiedLane view = new VerifiedLane(run, lane);
            tables.addAll(new Verification(parts.source().attach(pipeline), lane.sink(), view, parked, request).run());
        }
        return new VerifyReport(pipeline, tables);
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
