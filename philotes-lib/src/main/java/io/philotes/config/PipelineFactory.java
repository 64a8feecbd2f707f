// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.PipelineBuilder;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.CheckReport;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Turns a configuration into builders: the one room that knows every implementation. Not thread-safe. It owns the catalogs
 * that it opened; close it after the pipelines have stopped.
 */
public final class PipelineFactory implements AutoCloseable {

    private final PhilotesConfig config;

    /** @throws PhilotesException INVALID_CONFIGURATION with everything that {@link ConfigRules} finds */
    public PipelineFactory(PhilotesConfig config) {
        this.config = config;
        List<ConfigProblem> problems = ConfigRules.problems(config);
        if (!problems.isEmpty()) {
            throw new PhilotesException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Cannot use the configuration: "
                            + problems.stream()
                                    .map(p -> p.path() + ": " + p.message())
                                    .collect(Collectors.joining("; ")));
        }
    }

    /**
     * A builder for the pipeline; its catalog is open, nothing else.
     *
     * @throws PhilotesException INVALID_CONFIGURATION when there is no such pipeline, CATALOG_UNREACHABLE when the catalog
     *     does not answer
     */
    public PipelineBuilder builder(String pipeline) {
        throw new UnsupportedOperationException(pipeline + config);
    }

    /** Checks the pipeline, as {@link PipelineBuilder#check()}; a catalog that does not answer is a finding as well. */
    public CheckReport check(String pipeline) {
        return builder(pipeline).check();
    }

    @Override
    public void close() {}
}
