// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.config.Discovery;
import io.philotes.config.Secret;
import io.philotes.config.SourceConfig;
import io.philotes.config.SslConfig;
import io.philotes.error.PhilotesException;
import io.philotes.runner.server.Suggested;
import io.philotes.runner.terminal.Terminal;
import io.philotes.source.postgres.FoundTable;
import io.philotes.source.postgres.TablePattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@code init} could see of the database. Immutable.
 *
 * @param found the tables; empty when nobody could look
 */
record InitTables(List<FoundTable> found) {

    private static final String EVERYTHING = "public.*";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    static InitTables unseen() {
        return new InitTables(List.of());
    }

    /** Looks, and says what came of it; a database that cannot be looked at is no reason to write nothing. */
    static InitTables look(Draft draft, String lookAs, Terminal terminal) {
        String role = lookAs == null ? draft.username() : lookAs;
        String variable = lookAs == null ? draft.passwordVariable() : "PGPASSWORD";
        Optional<Secret> password =
                Optional.ofNullable(terminal.environment().apply(variable)).map(Secret::of);
        try {
            List<FoundTable> found = Discovery.tables(source(draft, role, password), Discovery.ALL);
            terminal.err().println("Looked at " + draft.server() + " as " + role + ": " + found.size() + " tables.");
            return new InitTables(found);
        } catch (PhilotesException e) {
            terminal.err().println("Could not look at the database, and goes on without: " + e.reason());
            terminal.err()
                    .println(
                            "  hint  a role that does not exist yet comes with setup.sql; --look-as ROLE looks as another,"
                                    + " with $PGPASSWORD");
            return unseen();
        }
    }

    private static SourceConfig source(Draft draft, String role, Optional<Secret> password) {
        SslConfig ssl = new SslConfig(draft.effectiveSslMode(), null);
        return new SourceConfig(null, draft.url(), null, role, password, ssl, null, null, null, PATIENCE, null, null);
    }

    /** What goes without saying: each table that can be mirrored as it is; where nothing was seen, all of {@code public}. */
    String unsaid() {
        String ready = found.stream()
                .filter(table -> Suggested.of(table).ready())
                .map(table -> TableYaml.bare(table.table()))
                .collect(Collectors.joining(", "));
        return ready.isEmpty() ? EVERYTHING : ready;
    }

    /** Lines of YAML for the wanted ones; what was seen beside them and stands in its own way is there as a comment. */
    List<String> entries(String wanted) {
        List<String> lines = new ArrayList<>();
        Set<FoundTable> named = new LinkedHashSet<>();
        for (String name : InitNames.split(wanted)) {
            TablePattern pattern = TablePattern.parse(name);
            Optional<FoundTable> table = found.stream()
                    .filter(seen -> !pattern.isGlob() && pattern.matches(seen.table()))
                    .findFirst();
            table.ifPresent(named::add);
            lines.addAll(table.map(seen -> TableYaml.chosen(seen.table(), Suggested.of(seen)))
                    .orElseGet(() -> List.of("- " + TableYaml.pattern(name))));
        }
        found.stream()
                .filter(table -> !named.contains(table) && !Suggested.of(table).ready())
                .forEach(table -> lines.addAll(TableYaml.entry(table.table(), Suggested.of(table))));
        return lines;
    }
}
