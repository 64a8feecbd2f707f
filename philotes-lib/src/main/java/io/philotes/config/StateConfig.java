// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.nio.file.Path;

/**
 * Where progress and buffered changes are kept. Immutable.
 *
 * @param type only {@code file}
 * @param directory default {@value #DEFAULT_DIRECTORY}; one process at a time
 */
public record StateConfig(StateType type, Path directory) {

    /** Beside where the process was started; a service names its own. */
    public static final String DEFAULT_DIRECTORY = "./.philotes";

    public StateConfig {
        type = type == null ? StateType.FILE : type;
        directory = directory == null ? Path.of(DEFAULT_DIRECTORY) : directory;
    }

    Path checkpoints() {
        return directory.resolve("checkpoints");
    }

    Path buffer(String pipeline) {
        return directory.resolve("buffer").resolve(pipeline);
    }
}
