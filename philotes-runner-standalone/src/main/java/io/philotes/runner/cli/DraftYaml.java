// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.source.postgres.SslMode;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes a first configuration as YAML, with what to know about it. Stateless. */
final class DraftYaml {

    private DraftYaml() {}

    static String of(Draft draft) {
        return """
                # Written by philotes init. Every key: docs/reference/configuration.md, or philotes config schema.
                # The password is not in here: set the variable %1$s where philotes runs.
                version: 1
                pipelines:
                  %2$s:
                    source:
                      url: %3$s
                      username: %4$s
                      password: ${%1$s}
                %5$s
                      # Made by setup.sql, which also grants what the role needs. With manage: true the role must own the tables.
                      publication: { name: %6$s, manage: false }
                    destination:
                %7$s
                    tables:
                %8$s
                # Progress, and changes on their way: on a local disk, for one process at a time.
                state: { directory: %9$s }
                """.formatted(
                        draft.passwordVariable(),
                        draft.pipeline(),
                        text(draft.url()),
                        text(draft.username()),
                        ssl(draft),
                        publication(draft),
                        catalog(draft),
                        draft.tables().stream().map(line -> "      " + line).collect(Collectors.joining("\n")),
                        TableYaml.quoted(draft.stateDirectory()));
    }

    /** As a pipeline would call its own. */
    private static String publication(Draft draft) {
        return "philotes_" + draft.pipeline().toLowerCase(Locale.ROOT).replace('-', '_');
    }

    private static String ssl(Draft draft) {
        SslMode mode = draft.effectiveSslMode();
        String why = mode == SslMode.DISABLE || mode == SslMode.PREFER
                ? "   # not encrypted for sure" + (draft.onThisMachine() ? ", which never leaves this machine" : "")
                : mode == SslMode.REQUIRE ? "   # encrypted; verify-full also proves that it is the right server" : "";
        return "      ssl: { mode: " + mode.text() + " }" + why;
    }

    private static String catalog(Draft draft) {
        if (Draft.isAddress(draft.lake())) {
            return "      catalog: { type: rest, uri: " + TableYaml.quoted(draft.lake()) + ", warehouse: "
                    + TableYaml.quoted(draft.warehouse()) + " }";
        }
        return "      catalog: { type: local, warehouse: " + TableYaml.quoted(draft.lake()) + " }";
    }

    /** Quoted unless it is plainly text. */
    private static String text(String value) {
        return value.matches("[A-Za-z_][A-Za-z0-9_:/.-]*[A-Za-z0-9_]") && !value.contains(": ")
                ? value
                : TableYaml.quoted(value);
    }
}
