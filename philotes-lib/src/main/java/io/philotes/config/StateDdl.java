// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.jdbc.Migrations;
import io.philotes.jdbc.StateDatabase;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The SQL that makes the tables of buffers and state, where a person and not Philotes is to run it. Immutable. */
public final class StateDdl {

    private final Set<String> schemas;

    /** For every schema of a configuration; for the default one when it names none. */
    public StateDdl(PhilotesConfig config) {
        schemas = Stream.concat(
                        Stream.of(config.state().database()),
                        config.pipelines().values().stream()
                                .map(pipeline -> pipeline.buffer().database()))
                .flatMap(Optional::stream)
                .map(DatabaseConfig::schema)
                .collect(Collectors.toCollection(TreeSet::new));
        if (schemas.isEmpty()) {
            schemas.add(StateDatabase.DEFAULT_SCHEMA);
        }
    }

    /** Everything, for schemas in which there is nothing yet; no server is asked. */
    public String text() {
        return schemas.stream().map(Migrations::ddl).collect(Collectors.joining("\n"));
    }
}
