// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.model.TableId;
import io.philotes.runner.server.Suggested;
import io.philotes.runner.terminal.Printable;
import io.philotes.sink.iceberg.WriteMode;
import java.util.List;

/** Tables as the configuration has them. Stateless. */
final class TableYaml {

    private static final String PLAIN = "[A-Za-z_][A-Za-z0-9_]*";

    private TableYaml() {}

    /** Reads back as this one table. */
    static String name(TableId table) {
        String bare = bare(table);
        return bare.startsWith("\"") ? quoted(bare) : bare;
    }

    /** The same as one types it, without what YAML needs around it. */
    static String bare(TableId table) {
        return table.schema().matches(PLAIN) && table.name().matches(PLAIN) ? table.toString() : table.toSql();
    }

    /** A name or a pattern that a person typed. */
    static String pattern(String typed) {
        return typed.matches("[A-Za-z_][A-Za-z0-9_.*]*") ? typed : quoted(typed);
    }

    /** Text as a value in YAML that is read back as it is; single quotes take everything but control characters. */
    static String quoted(String text) {
        String literal = text.replace("${", "$${");
        boolean harmless = Printable.of(text).equals(text);
        return harmless ? "'" + literal.replace("'", "''") + "'" : Json.line(literal);
    }

    /** An entry for one that a person wants, as lines, whatever must be mended first. */
    static List<String> chosen(TableId table, Suggested suggested) {
        if (suggested.ready()) {
            return entry(table, suggested);
        }
        String mode =
                suggested.mode() == WriteMode.APPEND ? "{ table: " + name(table) + ", mode: append }" : name(table);
        return List.of("# " + Printable.of(suggested.note() + ": " + suggested.fix()), "- " + mode);
    }

    /** Entries of a list, as lines: what cannot be mirrored as it is stands there as a comment, with what mends it. */
    static List<String> entry(TableId table, Suggested suggested) {
        String name = name(table);
        if (!suggested.ready()) {
            String mode = suggested.mode() == WriteMode.APPEND ? "{ table: " + name + ", mode: append }" : name;
            return List.of("# - " + mode, "#     " + Printable.of(suggested.note() + ": " + suggested.fix()));
        }
        return List.of("- " + name + (suggested.note().isEmpty() ? "" : "   # " + suggested.note()));
    }
}
