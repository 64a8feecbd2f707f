// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Finds the configuration file. */
final class ConfigLookup {

    private static final List<Path> PLACES = List.of(Path.of("philotes.yaml"), Path.of("/etc/philotes/philotes.yaml"));

    private final Function<String, String> environment;

    ConfigLookup(Function<String, String> environment) {
        this.environment = environment;
    }

    /**
     * The file that was named, or the first that is there.
     *
     * @param named null when none was
     * @throws PhilotesException INVALID_CONFIGURATION when none is there
     */
    Path find(Path named) {
        return known(named)
                .orElseThrow(() -> new PhilotesException(
                                ErrorCode.INVALID_CONFIGURATION,
                                "Cannot find a configuration: neither --config nor PHILOTES_CONFIG names one, and there is no "
                                        + "./philotes.yaml and no /etc/philotes/philotes.yaml")
                        .hinting("philotes init asks five questions and writes one"));
    }

    /** As {@link #find}, but empty when none is there. */
    Optional<Path> known(Path named) {
        if (named != null) {
            return Optional.of(named);
        }
        String variable = environment.apply("PHILOTES_CONFIG");
        if (variable != null && !variable.isEmpty()) {
            return Optional.of(Path.of(variable));
        }
        return PLACES.stream().filter(Files::exists).findFirst();
    }
}
