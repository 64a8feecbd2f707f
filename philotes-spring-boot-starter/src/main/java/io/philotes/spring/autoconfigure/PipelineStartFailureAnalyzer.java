// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.autoconfigure;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.health.Finding.Severity;
import io.philotes.spring.PipelineStartException;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows everything that keeps a pipeline from starting, and what to type to mend it, usually SQL. */
final class PipelineStartFailureAnalyzer extends AbstractFailureAnalyzer<PipelineStartException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, PipelineStartException cause) {
        List<Finding> errors = cause.report().findings().stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .toList();
        PhilotesException failure = cause.failure();
        if (errors.isEmpty()) {
            return new FailureAnalysis(
                    "The pipeline '" + cause.pipeline() + "' cannot start: " + failure.getMessage(),
                    failure.hint(),
                    cause);
        }
        String found = errors.stream().map(PipelineStartFailureAnalyzer::text).collect(Collectors.joining("\n    "));
        String fixes = errors.stream()
                .flatMap(finding -> finding.fix().stream())
                .distinct()
                .collect(Collectors.joining("\n    "));
        return new FailureAnalysis(
                "The pipeline '" + cause.pipeline() + "' cannot start:\n\n    " + found,
                "Mend it at the source or in the properties, then start again:\n\n    " + fixes,
                cause);
    }

    private static String text(Finding finding) {
        String code =
                finding.code().map(ErrorCode::code).map(text -> text + " ").orElse("");
        return code + finding.subject() + ": " + finding.message();
    }
}
