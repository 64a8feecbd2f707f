// SPDX-License-Identifier: Apache-2.0
package io.philotes.readers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Spark, with Iceberg's own Spark runtime, sees the source's rows in tables of both format versions. */
class SparkTest {

    @TempDir
    static Path directory;

    private static MirroredShop shop;
    private static Seen seen;

    @BeforeAll
    static void mirror_and_read() throws Exception {
        assumeTrue(
                Runtime.version().feature() < SparkEngine.FIRST_UNUSABLE_JAVA,
                "skipped: Spark 4.1 does not start on Java " + Runtime.version().feature());
        shop = MirroredShop.in(directory);
        List<String> tables = mirrored().collect(Collectors.toCollection(ArrayList::new));
        tables.addAll(List.of("v2.events", "v3.events", "v2.clocks", "v3.clocks"));
        tables.add("--filter");
        tables.addAll(filtered().toList());
        seen = SparkEngine.read(shop, tables);
    }

    @AfterAll
    static void stop() {
        if (shop != null) {
            shop.close();
        }
    }

    static Stream<String> mirrored() {
        Stream<String> both =
                Stream.of("v2.", "v3.").flatMap(v -> Shop.MIRRORED.stream().map(t -> v + t));
        return Stream.concat(both, Stream.of("v3." + Shop.GROWN));
    }

    static Stream<String> filtered() {
        return Stream.of("v2.kinds", "v3.kinds", "v3.places", "v3.visits");
    }

    @Test
    void nothing_of_the_writer_is_on_the_readers_class_path() throws Exception {
        assertThat(SparkEngine.classPath())
                .hasSizeGreaterThan(50)
                .noneMatch(entry -> entry.contains("philotes-lib") || entry.contains("iceberg-core"));
    }

    @ParameterizedTest
    @MethodSource("mirrored")
    void both_readers_see_the_sources_rows(String table) throws Exception {
        Rows source = shop.source(unqualified(table));
        assertThat(source.canonical(seen.of("row", table)))
                .as("vectorised")
                .containsExactlyInAnyOrderElementsOf(source.all());
        assertThat(source.canonical(seen.of("plain", table)))
                .as("row by row")
                .containsExactlyInAnyOrderElementsOf(source.all());
    }

    @ParameterizedTest
    @MethodSource("mirrored")
    void the_target_has_the_sources_columns_and_no_others(String table) throws Exception {
        Rows source = shop.source(unqualified(table));
        assertThat(seen.of("row", table))
                .allSatisfy(row -> assertThat(row.fieldNames())
                        .toIterable()
                        .containsExactlyInAnyOrderElementsOf(source.types().keySet()));
    }

    @ParameterizedTest
    @MethodSource("mirrored")
    void counts_minima_and_maxima_from_metrics_are_those_of_the_rows(String table) throws Exception {
        assertThat(seen.of("pushed", table)).hasSize(1).isEqualTo(seen.of("scanned", table));
        assertThat(seen.of("scanned", table).get(0).get("count(1)").asInt())
                .isEqualTo(shop.source(unqualified(table)).all().size());
    }

    @ParameterizedTest
    @MethodSource("filtered")
    void filters_find_what_is_there_whatever_is_skipped(String table) {
        assertThat(seen.of("found", table)).isNotEmpty().isEqualTo(seen.of("held", table));
    }

    @ParameterizedTest
    @ValueSource(strings = {"v2.events", "v3.events"})
    void a_history_replayed_gives_the_sources_rows(String table) throws Exception {
        Rows source = shop.source(Shop.HISTORY);
        assertThat(source.canonical(History.replay(seen.of("row", table), "id")))
                .containsExactlyInAnyOrderElementsOf(source.all());
        assertThat(History.operations(seen.of("row", table)))
                .isEqualTo(Map.of("insert", 12L, "update", 4L, "delete", 2L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"v2.clocks", "v3.clocks"})
    void spark_reads_no_table_with_a_column_of_type_time(String table) {
        assertThat(seen.of("refused", table))
                .singleElement()
                .satisfies(r -> assertThat(r.get("reason").asText()).isEqualTo("Spark does not support time fields"));
    }

    private static String unqualified(String table) {
        return table.substring(table.indexOf('.') + 1);
    }
}
