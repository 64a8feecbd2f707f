// SPDX-License-Identifier: Apache-2.0
package io.philotes.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.checkpoint.TableState;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.TableStatus;
import io.philotes.sink.iceberg.IcebergSinkBuilder;
import io.philotes.sink.iceberg.TableOptions;
import io.philotes.source.postgres.PostgresSourceBuilder;
import io.philotes.testkit.ExactRows;
import io.philotes.types.TypesLab.LinesTable;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.Table;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves every line of the types' page: by table copy, binary stream, text stream, a second table copy; and what is rejected. */
class TypesTest {

    static final int COPIED = 1;
    static final int INSERTED = 1001;
    static final int UPDATED = 2001;

    private static final Consumer<PostgresSourceBuilder> BINARY = source -> {};
    private static final Consumer<PostgresSourceBuilder> TEXT = PostgresSourceBuilder::forceText;

    @TempDir
    Path directory;

    private static List<TypeLine> lines(int version) {
        return TypeLines.all().stream().filter(line -> line.since() <= version).toList();
    }

    static List<LinesTable> tables(int version) {
        List<TypeLine> binary =
                lines(version).stream().filter(TypesLab::isBinary).toList();
        List<TypeLine> printed =
                lines(version).stream().filter(line -> !TypesLab.isBinary(line)).toList();
        return List.of(
                LinesTable.of("known", binary, version, false),
                LinesTable.of("chosen", binary, version, true),
                LinesTable.of("printed", printed, version, false));
    }

    static Consumer<IcebergSinkBuilder> options(List<LinesTable> tables) {
        return builder -> tables.forEach(table -> builder.table(
                TypesLab.id(table.name()), table.options(table.name().equals("chosen"))));
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void every_value_is_the_same_by_every_way(int version) throws Exception {
        List<LinesTable> tables = tables(version);
        List<LinesTable> binary = tables.subList(0, 2);
        try (TypesLab lab = TypesLab.start(version, directory)) {
            for (LinesTable table : tables) {
                lab.postgres().execute(table.create());
                lab.postgres().execute(table.inserts(COPIED).toArray(String[]::new));
                lab.postgres().execute(table.insertEmpty(UPDATED));
            }
            try (Pipeline inBinary = lab.pipeline("in_binary", names(binary), BINARY, options(binary));
                    Pipeline inText = lab.pipeline("in_text", names(tables), TEXT, options(tables))) {
                for (LinesTable table : tables) {
                    lab.postgres().execute(table.inserts(INSERTED).toArray(String[]::new));
                    lab.postgres().execute(table.update(UPDATED, COPIED));
                }
                inBinary.runUntilCaughtUp(TypesLab.PATIENCE);
                inText.runUntilCaughtUp(TypesLab.PATIENCE);
            }
            try (Pipeline again = lab.pipeline("again", names(tables), BINARY, options(tables))) {
                again.runUntilCaughtUp(TypesLab.PATIENCE);
            }
            for (LinesTable table : binary) {
                assertExact(lab, "in_binary", table);
            }
            for (LinesTable table : tables) {
                assertExact(lab, "in_text", table);
                assertExact(lab, "again", table);
            }
        }
    }

    static List<String> names(List<LinesTable> tables) {
        return tables.stream().map(LinesTable::name).toList();
    }

    static void assertExact(TypesLab lab, String namespace, LinesTable table) throws Exception {
        Table target = lab.target(namespace, table.name());
        for (int i = 0; i < table.lines().size(); i++) {
            String type = target.schema().findField("c" + i).type().toString();
            String told = table.name().equals("chosen")
                    ? "string"
                    : TypesPage.mapping(table.lines().get(i)).type().toString();
            assertThat(type).as("%s", table.lines().get(i)).isEqualTo(told);
        }
        Map<Integer, List<String>> seen = ExactRows.ofTarget(target);
        Map<Integer, List<String>> wanted;
        try (Connection source = lab.postgres().connect()) {
            wanted = ExactRows.ofSource(source, "public." + table.name(), target);
        }
        assertThat(seen.keySet()).isEqualTo(wanted.keySet()).hasSize(3 * table.rows());
        List<String> differences = new ArrayList<>();
        wanted.forEach((id, row) -> {
            for (int i = 0; i < row.size(); i++) {
                if (!java.util.Objects.equals(row.get(i), seen.get(id).get(i))) {
                    differences.add(namespace + "." + table.name() + " row " + id + ", "
                            + table.lines().get(i) + ": "
                            + shortened(seen.get(id).get(i)) + " instead of " + shortened(row.get(i)));
                }
            }
        });
        assertThat(differences).isEmpty();
    }

    private static String shortened(String text) {
        return text == null ? "NULL" : text.substring(0, Math.min(200, text.length()));
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void what_is_rejected_stops_its_table_and_names_the_column(int version) throws Exception {
        Map<String, String> tables = new LinkedHashMap<>();
        Map<String, TableOptions> options = new LinkedHashMap<>();
        try (TypesLab lab = TypesLab.start(version, directory)) {
            List<String> inserts = new ArrayList<>();
            for (TypeLine line : lines(version)) {
                for (String value : line.rejected()) {
                    String table = "r" + tables.size();
                    tables.put(table, line + ": " + value);
                    lab.postgres().execute("CREATE TABLE " + table + " (id int PRIMARY KEY, odd " + line.sql() + ")");
                    inserts.add("INSERT INTO " + table + " VALUES (1, " + value + ")");
                    if (!line.chosen().isEmpty()) {
                        options.put(table, TableOptions.DEFAULTS.type("odd", line.chosen()));
                    }
                }
            }
            Consumer<IcebergSinkBuilder> chosen =
                    builder -> options.forEach((table, own) -> builder.table(TypesLab.id(table), own));
            List<String> names = List.copyOf(tables.keySet());
            try (Pipeline inBinary = lab.pipeline("in_binary", names, BINARY, chosen);
                    Pipeline inText = lab.pipeline("in_text", names, TEXT, chosen)) {
                lab.postgres().execute("BEGIN; " + String.join("; ", inserts) + "; COMMIT");
                assertAll(inBinary, tables, TableState.HELD);
                assertAll(inText, tables, TableState.HELD);
            }
            try (Pipeline copied = lab.pipeline("copied", names, BINARY, chosen)) {
                assertAll(copied, tables, TableState.NEEDS_RESYNC);
            }
        }
    }

    private static void assertAll(Pipeline pipeline, Map<String, String> tables, TableState state) {
        Awaitility.await()
                .atMost(TypesLab.PATIENCE)
                .untilAsserted(() -> assertThat(pipeline.status().tables())
                        .hasSameSizeAs(tables.keySet())
                        .allSatisfy(table -> assertThat(table)
                                .as(tables.get(table.table().name()))
                                .extracting(TableStatus::state)
                                .isEqualTo(state))
                        .allSatisfy(table -> assertThat(table.reason())
                                .as(tables.get(table.table().name()))
                                .contains("column odd", "PHI-5001")));
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void no_type_is_forgotten(int version) throws Exception {
        Set<String> told = new HashSet<>();
        lines(version).forEach(line -> told.add(line.name()));
        try (TypesLab lab = TypesLab.start(version, directory);
                Connection source = lab.postgres().connect();
                java.sql.ResultSet types = source.createStatement().executeQuery("""
                        SELECT t.typname FROM pg_type t
                        WHERE t.typnamespace = 'pg_catalog'::regnamespace AND t.typtype IN ('b', 'r', 'm', 'e', 'd')
                          AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)""")) {
            List<String> forgotten = new ArrayList<>();
            int count = 0;
            while (types.next()) {
                count++;
                if (!told.contains(types.getString(1))) {
                    forgotten.add(types.getString(1));
                }
            }
            assertThat(forgotten).isEmpty();
            assertThat(count).isGreaterThan(70);
        }
    }
}
