// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.TableId;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A configured table name in which {@code *} stands for any characters: {@code public.orders}, {@code public.audit_*},
 * {@code "Odd.Schema".*}. Inside double quotes a star is a star. Names are compared as they are, without folding. Immutable.
 */
public final class TablePattern {

    private final String text;
    private final boolean glob;
    private final Pattern schema;
    private final Pattern name;

    private TablePattern(String text) {
        this.text = text;
        TableId parts = TableId.parse(text);
        int split = splitAt(text);
        boolean schemaGlob = split > 0 && isGlob(text.substring(0, split));
        boolean nameGlob = isGlob(text.substring(split + 1));
        this.glob = schemaGlob || nameGlob;
        this.schema = pattern(parts.schema(), schemaGlob);
        this.name = pattern(parts.name(), nameGlob);
    }

    /**
     * Reads a pattern, or the name of one table; a bare name is in {@code public}.
     *
     * @throws IllegalArgumentException for what is not {@code schema.table}
     */
    public static TablePattern parse(String text) {
        return new TablePattern(text);
    }

    /** Place of the dot between schema and table; -1 without one. */
    private static int splitAt(String text) {
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            quoted ^= c == '"';
            if (c == '.' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isGlob(String part) {
        return !part.startsWith("\"") && part.indexOf('*') >= 0;
    }

    private static Pattern pattern(String part, boolean glob) {
        String expression = glob ? "\\Q" + part.replace("*", "\\E.*\\Q") + "\\E" : Pattern.quote(part);
        return Pattern.compile(expression, Pattern.DOTALL);
    }

    /** Whether the table is one of those that are meant. */
    public boolean matches(TableId table) {
        return schema.matcher(table.schema()).matches()
                && name.matcher(table.name()).matches();
    }

    /** The one table that it names; empty when it may match any number. */
    Optional<TableId> table() {
        return glob ? Optional.empty() : Optional.of(TableId.parse(text));
    }

    /** Whether it may match any number of tables, none included. */
    public boolean isGlob() {
        return glob;
    }

    @Override
    public String toString() {
        return text;
    }
}
