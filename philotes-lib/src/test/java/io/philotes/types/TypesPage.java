// SPDX-License-Identifier: Apache-2.0
package io.philotes.types;

import io.philotes.model.Column;
import io.philotes.sink.iceberg.internal.value.TypeChoice;
import io.philotes.sink.iceberg.internal.value.TypeMapping;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes {@code docs/reference/types.md} from the mapping's code and the lines that the tests prove. */
final class TypesPage {

    private static final String HEAD = """
            # Types

            What each PostgreSQL type becomes in Iceberg, and what its extreme values do. This page is written by the code
            (`TypesPageTest`), and every line of it is proven on PostgreSQL 14 and 18 by `TypesTest`: the value that arrives by
            table copy, by binary stream, by text stream and by a second table copy is the same, and it is the source's.

            The rule: **exact, or chosen in the configuration, or loud.** Nothing is rounded, clamped or made NULL. What Iceberg
            has no type for is kept as the *exact text* that PostgreSQL prints. A value that its Iceberg type cannot hold is
            *rejected*: the table is held (in the stream) or must be copied again (in a table copy), the status names the column,
            and the other tables go on.

            ## Choosing another type

            | chosen | for | what it does |
            |---|---|---|
            | `string` | any type | the exact text that PostgreSQL prints, every extreme value included |
            | `decimal(p,s)` | `numeric` | the number; what does not fit exactly is rejected, and so are NaN and infinity |

            A type is chosen for a column (`TableOptions.type("created_at", "string")`), or for every column of a PostgreSQL type
            (`IcebergSinkBuilder.type("timestamptz", "string")`); the column's choice beats the type's. Type names are
            PostgreSQL's own (`int4`, `timestamptz`, `numeric`), with `[]` for arrays of a type and `anyarray` for every array;
            a domain is its base type. A type's choice goes for the elements of its arrays, too. `decimal(p,s)` chosen for
            `numeric` leaves alone the columns that have an exact decimal of their own.

            - `plan` shows each column's type, the Iceberg type, and what is rejected; an empty note means that every value is
              exact.
            - A choice that makes no sense is refused before anything is created, with the table and the column.
            - A key column may only be given a type that keeps every value: `string`, or a decimal that holds the column's own.
              (With `string` even a floating-point column can be a key.)
            - Choosing another type for a table that exists stops that table (SCHEMA_CHANGE) until it is copied again, and `plan`
              says so before. Only a longer decimal of the same scale is taken in place.
            - When a column is renamed at the source, its choice must be renamed, too; until then the table stops.

            Text is what PostgreSQL prints under settings that Philotes fixes on each connection, whatever role, database or
            server say: `datestyle = ISO, YMD`, `intervalstyle = postgres`, `timezone = UTC`, `bytea_output = hex`,
            `extra_float_digits = 3`, `lc_monetary = C`, `xmlbinary = base64`, `search_path = pg_catalog`,
            `quote_all_identifiers = off`.

            Not used, on purpose: `variant` for `jsonb` (its numbers end at 38 digits), nanosecond timestamps (PostgreSQL has
            microseconds), `geometry` for the geometric types (PostGIS and PostgreSQL's own have other rules).

            Two things at the source change what rows say without sending one: a label of an enumeration that is renamed, and a
            composite type that is altered. A table with such a column is then marked DIVERGED.
            """;

    private static final String TABLE_HEAD = """

            | PostgreSQL | Iceberg | exact? | extreme values | why | choices |
            |---|---|---|---|---|---|
            """;

    private static final String TAIL = """

            Domains are their base types, however many lie on the way. A type of an extension that is not listed, or of one's own,
            is kept as its exact text, and so is every composite type, every range and every array of something that is kept as
            text. A type that was dropped while its rows were still on their way is carried as text, too.
            """;

    private TypesPage() {}

    static String text() {
        StringBuilder page = new StringBuilder(HEAD);
        Map<String, List<TypeLine>> sections = TypeLines.all().stream()
                .collect(Collectors.groupingBy(TypeLine::section, java.util.LinkedHashMap::new, Collectors.toList()));
        sections.forEach((section, lines) -> {
            page.append("\n## ").append(section).append('\n').append(TABLE_HEAD);
            lines.forEach(line -> page.append(row(line)));
        });
        return page.append(TAIL).toString();
    }

    private static String row(TypeLine line) {
        TypeMapping mapping = mapping(line);
        return "| `" + line.sql() + "`" + versions(line) + " | `" + mapping.type() + "`"
                + (line.chosen().isEmpty() ? "" : " (chosen)") + " | " + exactness(mapping) + " | " + line.extremes()
                + " | "
                + line.why() + " | " + choices(line, mapping) + " |\n";
    }

    /** What the code makes of the line's column. */
    static TypeMapping mapping(TypeLine line) {
        Column column = line.column("c");
        Map<String, String> chosen = line.chosen().isEmpty() ? Map.of() : Map.of("c", line.chosen());
        return TypeChoice.policy(Map.of(), chosen).mapping(column);
    }

    private static String versions(TypeLine line) {
        return line.since() > 14 ? " (PostgreSQL " + line.since() + ")" : "";
    }

    private static String exactness(TypeMapping mapping) {
        if (mapping.note().isEmpty()) {
            return "yes";
        }
        return mapping.note().contains("exact text") ? "exact text" : mapping.note();
    }

    private static String choices(TypeLine line, TypeMapping mapping) {
        if (line.name().equals("numeric")) {
            return "`string`, `decimal(p,s)`";
        }
        return mapping.type().toString().equals("string") ? "–" : "`string`";
    }
}
