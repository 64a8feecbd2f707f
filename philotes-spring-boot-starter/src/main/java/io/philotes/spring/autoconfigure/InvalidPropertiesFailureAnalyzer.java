// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.autoconfigure;

import io.philotes.spring.InvalidPropertiesException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows every fault of the properties on a line of its own. */
final class InvalidPropertiesFailureAnalyzer extends AbstractFailureAnalyzer<InvalidPropertiesException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidPropertiesException cause) {
        return new FailureAnalysis(
                "The properties of Philotes cannot be used:\n\n    " + String.join("\n    ", cause.faults()),
                "Correct the properties above. Their keys are those of docs/reference/configuration.md, under 'philotes'.",
                cause);
    }
}
