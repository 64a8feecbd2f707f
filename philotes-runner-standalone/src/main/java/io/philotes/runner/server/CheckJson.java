// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.error.ErrorCode;
import io.philotes.health.CheckReport;
import io.philotes.health.Finding;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Check reports as JSON shows them. Immutable. */
public record CheckJson(String file, List<PipelineReport> pipelines, long errors, long warnings, boolean passed) {

    /** One pipeline's findings. */
    public record PipelineReport(String pipeline, List<FindingJson> findings) {}

    /** One finding; code and fix may be null. */
    public record FindingJson(String severity, String subject, String message, String code, String fix) {

        static FindingJson of(Finding finding) {
            return new FindingJson(
                    finding.severity().name().toLowerCase(Locale.ROOT),
                    finding.subject(),
                    finding.message(),
                    finding.code().map(ErrorCode::code).orElse(null),
                    finding.fix().orElse(null));
        }
    }

    public static CheckJson of(String file, Map<String, CheckReport> reports) {
        List<PipelineReport> pipelines = reports.entrySet().stream()
                .map(entry -> new PipelineReport(
                        entry.getKey(),
                        entry.getValue().findings().stream()
                                .map(FindingJson::of)
                                .toList()))
                .toList();
        long errors = reports.values().stream().mapToLong(CheckReport::errors).sum();
        long warnings =
                reports.values().stream().mapToLong(CheckReport::warnings).sum();
        return new CheckJson(file, pipelines, errors, warnings, errors == 0);
    }
}
