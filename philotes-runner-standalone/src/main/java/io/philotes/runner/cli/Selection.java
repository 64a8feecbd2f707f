// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.config.PhilotesConfig;
import io.philotes.config.internal.Suggestion;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.util.List;

/** Which of the configured pipelines a command is about. */
final class Selection {

    private Selection() {}

    /**
     * All, or those that were named, each once: two of one name would meet at slot and buffer.
     *
     * @throws PhilotesException INVALID_CONFIGURATION when one was named that is not there
     */
    static List<String> of(PhilotesConfig config, List<String> only) {
        if (only.isEmpty()) {
            return List.copyOf(config.pipelines().keySet());
        }
        for (String name : only) {
            if (!config.pipelines().containsKey(name)) {
                throw new PhilotesException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "Cannot choose the pipeline " + name + ": the configuration has "
                                + String.join(", ", config.pipelines().keySet())
                                + Suggestion.text(name, config.pipelines().keySet()));
            }
        }
        return only.stream().distinct().toList();
    }
}
