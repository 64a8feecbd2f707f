// SPDX-License-Identifier: Apache-2.0
package io.philotes.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.testkit.TestPostgres;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever PostgreSQL lets somebody call a schema, a table or a column is mirrored under a name of its own. */
class NamesTest {

    private static final List<String> NAMES = List.of(
            "plain",
            "Order Number",
            "ü".repeat(31) + "x",
            "quo\"te",
            "it's",
            "a.b",
            "a_u002e_b",
            "a_u005f_u002e_b",
            "a_u002e.b",
            "trailing.",
            ".",
            "..",
            " leading",
            "trailing ",
            " ",
            "back\\slash",
            "slash/ed",
            "/",
            "../../etc",
            "$$",
            "$1 ${x} {} %s %n",
            "new\nline",
            "tab\tand\u0001\u007f\u0085",
            "😀🎉",
            "\u202eright\u200bto\ufeffleft",
            "select",
            "order",
            "table",
            "files",
            "history",
            "snapshots",
            "con",
            "_file",
            "_pos",
            "_ROW_ID",
            "_last_updated_sequence_number",
            "_u005f_file",
            "%2e%2E",
            "100%",
            "a?b",
            "a#b",
            "a:b",
            "a*b",
            "*",
            "<a>|[b]{c}^`~",
            "--",
            "x\"; DROP TABLE t;--",
            "-_.",
            "/".repeat(63),
            "/".repeat(62) + "?",
            "\\".repeat(62) + "x");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void any_identifier_is_mirrored_under_a_name_of_its_own(int version) throws Exception {
        try (TestPostgres server = TestPostgres.start(version);
                MirrorLab lab = new MirrorLab(server, "names", directory)) {
            List<TableId> tables = create(lab);
            try (Pipeline pipeline = lab.pipeline("*.*").start()) {
                MirrorLab.settle(pipeline);
                change(lab, tables, 2);
                MirrorLab.settle(pipeline);
                assertMirrored(lab, tables);
            }
            change(lab, tables, 3);
            try (Pipeline pipeline = lab.pipeline("*.*").start()) {
                MirrorLab.settle(pipeline);
                assertMirrored(lab, tables);
            }
            assertDistinct(lab, tables.size());
        }
    }

    /** Each name as a table's and a column's, and every few as a schema's. */
    private static List<TableId> create(MirrorLab lab) throws Exception {
        List<TableId> tables = new ArrayList<>();
        for (String name : NAMES) {
            tables.add(new TableId("public", name));
            String quoted = TableId.quote(name);
            lab.sql("CREATE TABLE " + quoted + " (" + quoted + " int PRIMARY KEY, other text)");
            if (tables.size() % 4 != 0) {
                continue;
            }
            TableId inside = new TableId(name, "inside " + tables.size());
            tables.add(inside);
            lab.sql("CREATE SCHEMA IF NOT EXISTS " + quoted);
            lab.sql("CREATE TABLE " + inside.toSql() + " (id int PRIMARY KEY, " + quoted + " text)");
        }
        tables.add(new TableId("public", "every column"));
        List<String> twice = new ArrayList<>(NAMES);
        twice.addAll(
                List.of("a_U002E_b", "CASE", "case", "Case", "case_n0002_", "ctid2", "Ä", "ä", "İ", "i̇", "ı", "I"));
        lab.sql("CREATE TABLE \"every column\" (" + columns(twice, " text") + ", id int PRIMARY KEY)");
        change(lab, tables, 1);
        return tables;
    }

    private static String columns(List<String> names, String after) {
        return names.stream().map(name -> TableId.quote(name) + after).collect(Collectors.joining(", "));
    }

    /** One row more in each table, and the older ones changed. */
    private static void change(MirrorLab lab, List<TableId> tables, int id) throws Exception {
        for (TableId table : tables) {
            String columns = lab.value("SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum)"
                    + " FROM pg_attribute WHERE attnum > 0 AND attrelid = '"
                    + table.toSql().replace("'", "''") + "'::regclass");
            String values = lab.value("SELECT string_agg(CASE WHEN atttypid = 23 THEN '" + id
                    + "' ELSE quote_literal(attname || ' of " + id + "') END, ', ' ORDER BY attnum)"
                    + " FROM pg_attribute WHERE attnum > 0 AND attrelid = '"
                    + table.toSql().replace("'", "''") + "'::regclass");
            String update =
                    lab.value("SELECT string_agg(quote_ident(attname) || ' = ' || quote_literal('changed by " + id
                            + " ' || attname), ', ') FROM pg_attribute WHERE attnum > 0 AND atttypid = 25 AND attrelid = '"
                            + table.toSql().replace("'", "''") + "'::regclass");
            lab.sql(
                    "UPDATE " + table.toSql() + " SET " + update,
                    "INSERT INTO " + table.toSql() + " (" + columns + ") VALUES (" + values + ")");
        }
    }

    private static void assertMirrored(MirrorLab lab, List<TableId> tables) throws Exception {
        for (TableId table : tables) {
            lab.assertMirrored(table);
        }
    }

    private static void assertDistinct(MirrorLab lab, int count) {
        List<Table> targets = lab.targets();
        assertThat(targets).hasSize(count);
        assertThat(targets.stream().map(t -> t.name().toLowerCase(Locale.ROOT))).doesNotHaveDuplicates();
        assertThat(targets.stream().map(t -> Path.of(t.location())))
                .doesNotHaveDuplicates()
                .allMatch(path -> path.normalize().getParent().endsWith("warehouse/" + MirrorLab.NAMESPACE));
    }
}
