// SPDX-License-Identifier: Apache-2.0
package io.philotes.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.pipeline.Pipeline;
import io.philotes.sink.iceberg.IcebergSinkBuilder;
import io.philotes.sink.iceberg.TableOptions;
import io.philotes.source.postgres.PostgresSourceBuilder;
import io.philotes.testkit.ExactRows;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** More than 100 000 random values of all types, half of them copied, half streamed, in binary and in text: no difference. */
class RandomTypesTest {

    private static final int ROWS = 1200;
    private static final int LEAST_VALUES = 100_000;

    @TempDir
    Path directory;

    private final long seed = Long.getLong("philotes.seed", System.nanoTime());
    private final Random nulls = new Random(seed);

    /** A table of random values. */
    private record RandomTable(String name, Map<String, Supplier<String>> columns) {

        String create() {
            List<String> types = List.copyOf(columns.keySet());
            return "CREATE TABLE " + name + " (id int PRIMARY KEY"
                    + IntStream.range(0, types.size())
                            .mapToObj(i -> ", c" + i + " " + types.get(i))
                            .collect(Collectors.joining())
                    + ")";
        }
    }

    @Test
    void random_values_arrive_as_they_are() throws Exception {
        System.out.println("RandomTypesTest: -Dphilotes.seed=" + seed);
        RandomValues values = new RandomValues(seed);
        List<RandomTable> binary = List.of(
                new RandomTable("known", values.ofKnownTypes()),
                new RandomTable("chosen", values.ofKnownTypesUnbounded()));
        List<RandomTable> all =
                List.of(binary.get(0), binary.get(1), new RandomTable("printed", values.ofPrintedTypes()));
        try (TypesLab lab = TypesLab.start(17, directory)) {
            for (RandomTable table : all) {
                lab.postgres().execute(table.create());
                fill(lab, table, 0);
            }
            Consumer<PostgresSourceBuilder> plain = source -> {};
            try (Pipeline inBinary = lab.pipeline("in_binary", names(binary), plain, options(binary.get(1)));
                    Pipeline inText = lab.pipeline(
                            "in_text", names(all), PostgresSourceBuilder::forceText, options(all.get(1)))) {
                for (RandomTable table : all) {
                    fill(lab, table, ROWS / 2);
                }
                inBinary.runUntilCaughtUp(TypesLab.PATIENCE);
                inText.runUntilCaughtUp(TypesLab.PATIENCE);
            }
            long compared = 0;
            for (RandomTable table : binary) {
                compared += compare(lab, "in_binary", table);
            }
            for (RandomTable table : all) {
                compared += compare(lab, "in_text", table);
            }
            assertThat(compared).as("values compared").isGreaterThan(LEAST_VALUES);
        }
    }

    private static List<String> names(List<RandomTable> tables) {
        return tables.stream().map(RandomTable::name).toList();
    }

    private static Consumer<IcebergSinkBuilder> options(RandomTable chosen) {
        TableOptions options = TableOptions.DEFAULTS;
        for (int i = 0; i < chosen.columns().size(); i++) {
            options = options.type("c" + i, "string");
        }
        TableOptions all = options;
        return builder -> builder.table(TypesLab.id(chosen.name()), all);
    }

    private void fill(TypesLab lab, RandomTable table, int from) throws SQLException, IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = from; i < from + ROWS / 2; i++) {
            rows.append(i);
            for (Supplier<String> values : table.columns().values()) {
                rows.append('\t').append(nulls.nextInt(20) == 0 ? "\\N" : escaped(values.get()));
            }
            rows.append('\n');
        }
        try (Connection connection = lab.postgres().connect()) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY " + table.name() + " FROM STDIN", new StringReader(rows.toString()));
        }
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    private long compare(TypesLab lab, String namespace, RandomTable table) throws SQLException {
        Table target = lab.target(namespace, table.name());
        Map<Integer, List<String>> wanted;
        try (Connection source = lab.postgres().connect()) {
            wanted = ExactRows.ofSource(source, "public." + table.name(), target);
        }
        Map<Integer, List<String>> seen = ExactRows.ofTarget(target);
        assertThat(seen.keySet()).isEqualTo(wanted.keySet()).hasSize(ROWS);
        List<String> types = List.copyOf(table.columns().keySet());
        List<String> differences = wanted.entrySet().stream()
                .flatMap(row -> IntStream.range(0, types.size())
                        .filter(i -> !Objects.equals(
                                row.getValue().get(i), seen.get(row.getKey()).get(i)))
                        .mapToObj(i -> namespace + " " + types.get(i) + ": "
                                + seen.get(row.getKey()).get(i) + " instead of "
                                + row.getValue().get(i)))
                .toList();
        assertThat(differences).as("seed %d", seed).isEmpty();
        return (long) ROWS * types.size();
    }
}
