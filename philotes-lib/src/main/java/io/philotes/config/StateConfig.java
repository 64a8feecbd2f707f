// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.jdbc.Initialize;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where progress and buffered changes are kept. Immutable.
 *
 * @param type default {@code file}
 * @param directory of checkpoints in files, disk buffers, copies of row indexes and open transactions, default {@value #DEFAULT_DIRECTORY}; one process at a time
 * @param url for {@code postgres}: JDBC URL without parameters
 * @param username the role, which owns the tables
 * @param password its password
 * @param ssl how the connection is protected
 * @param schema the schema that holds the tables, default {@code philotes}
 * @param initialize who creates them, default {@code always}: Philotes itself
 */
public record StateConfig(
        StateType type,
        Path directory,
        Optional<String> url,
        Optional<String> username,
        Optional<Secret> password,
        Optional<SslConfig> ssl,
        Optional<String> schema,
        Optional<Initialize> initialize) {

    /** Beside where the process was started; a service names its own. */
    public static final String DEFAULT_DIRECTORY = "./.philotes";

    public StateConfig {
        type = type == null ? StateType.FILE : type;
        directory = directory == null ? Path.of(DEFAULT_DIRECTORY) : directory;
        url = url == null ? Optional.empty() : url;
        username = username == null ? Optional.empty() : username;
        password = password == null ? Optional.empty() : password;
        ssl = ssl == null ? Optional.empty() : ssl;
        schema = schema == null ? Optional.empty() : schema;
        initialize = initialize == null ? Optional.empty() : initialize;
        boolean named = DatabaseConfig.of(url, username, password, ssl, schema, initialize)
                .isPresent();
        if (named != (type == StateType.POSTGRES)) {
            throw new IllegalArgumentException(named ? "url needs type postgres" : "type postgres needs a url");
        }
    }

    /** Files alone. */
    public StateConfig(StateType type, Path directory) {
        this(type, directory, null, null, null, null, null, null);
    }

    Optional<DatabaseConfig> database() {
        return DatabaseConfig.of(url, username, password, ssl, schema, initialize);
    }

    Path checkpoints() {
        return directory.resolve("checkpoints");
    }

    Path deadLetters() {
        return directory.resolve("dead-letters");
    }

    Path index(String pipeline) {
        return directory.resolve("index").resolve(pipeline);
    }

    /** Where open transactions wait, in files without a name; empty for the system's temporary directory. */
    Optional<Path> spool() {
        return type == StateType.FILE ? Optional.of(directory.resolve("spool")) : Optional.empty();
    }

    Path buffer(String pipeline) {
        return directory.resolve("buffer").resolve(pipeline);
    }
}
