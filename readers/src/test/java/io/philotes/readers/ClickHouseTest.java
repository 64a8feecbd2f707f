// SPDX-License-Identifier: Apache-2.0
package io.philotes.readers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.LocalTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** ClickHouse, which shares no code with the writer, sees the source's rows in tables of format version 2. */
class ClickHouseTest {

    /** Its engine refuses a table with a data file from before a column was dropped. */
    private static final String WITH_DROPPED_COLUMN = "orders";

    static final List<String> READABLE =
            Shop.MIRRORED.stream().filter(t -> !t.equals(WITH_DROPPED_COLUMN)).toList();

    private static final String FILTERED = "kinds";

    @TempDir
    static Path directory;

    private static MirroredShop shop;
    private static Seen seen;

    @BeforeAll
    static void mirror_and_read() throws Exception {
        assumeTrue(Boolean.getBoolean("philotes.readers.chdb"), "skipped: only with -Pchdb");
        assumeTrue(
                ClickHouseEngine.isInstalled("node") && ClickHouseEngine.isInstalled("npm"),
                "skipped: node and npm are not installed");
        shop = MirroredShop.in(directory);
        ClickHouseEngine engine = new ClickHouseEngine(shop);
        for (String table : Shop.MIRRORED) {
            engine.askRows("v2." + table, shop.source(table).types());
        }
        engine.askRows("v2." + Shop.CLOCKS, shop.source(Shop.CLOCKS).types());
        engine.askFiles("v2." + Shop.CLOCKS);
        engine.askRows("v2." + Shop.HISTORY, historyTypes());
        engine.askFilters("v2." + FILTERED, shop.source(FILTERED).types());
        seen = engine.answers();
    }

    private static Map<String, String> historyTypes() throws Exception {
        Map<String, String> types =
                new LinkedHashMap<>(shop.source(Shop.HISTORY).types());
        types.putAll(Map.of(
                "_cdc_operation", "text", "_cdc_lsn", "text", "_cdc_ordinal", "int8", "_cdc_unchanged", "_text"));
        return types;
    }

    @AfterAll
    static void stop() {
        if (shop != null) {
            shop.close();
        }
    }

    @ParameterizedTest
    @FieldSource("READABLE")
    void clickhouse_sees_the_sources_rows(String table) throws Exception {
        assertThat(seen.of("refused", "v2." + table)).isEmpty();
        Rows source = shop.source(table);
        assertThat(source.canonical(seen.of("row", "v2." + table)))
                .containsExactlyInAnyOrderElementsOf(withoutNullArrays(source));
    }

    /** ClickHouse has no NULL of an array type: it shows an empty one. */
    private static List<List<String>> withoutNullArrays(Rows source) {
        List<String> types = List.copyOf(source.types().values());
        return source.all().stream()
                .map(row -> IntStream.range(0, types.size())
                        .mapToObj(i -> row.get(i) == null && Rows.isArray(types.get(i)) ? "[]" : row.get(i))
                        .toList())
                .toList();
    }

    @Test
    void clickhouse_refuses_files_from_before_a_column_was_dropped() {
        assertThat(seen.of("refused", "v2." + WITH_DROPPED_COLUMN))
                .singleElement()
                .satisfies(r -> assertThat(r.get("reason").asText())
                        .contains("column ok with field_id")
                        .contains("not in datalake metadata"));
    }

    @Test
    void times_are_whole_in_the_files_and_lose_their_fraction_in_clickhouses_tables() throws Exception {
        Rows source = shop.source(Shop.CLOCKS);
        assertThat(source.canonical(seen.of("file", "v2." + Shop.CLOCKS))).containsAll(source.all());
        assertThat(seen.of("row", "v2." + Shop.CLOCKS))
                .extracting(row -> LocalTime.ofSecondOfDay(row.get("clock").asLong()))
                .containsExactlyInAnyOrderElementsOf(source.all().stream()
                        .map(row -> LocalTime.parse(row.get(1)).withNano(0))
                        .toList());
    }

    @Test
    void a_history_replayed_gives_the_sources_rows() throws Exception {
        Rows source = shop.source(Shop.HISTORY);
        assertThat(source.canonical(History.replay(seen.of("row", "v2." + Shop.HISTORY), "id")))
                .containsExactlyInAnyOrderElementsOf(source.all());
    }

    @Test
    void filters_find_what_is_there_whatever_is_skipped() {
        assertThat(seen.of("refused", "v2." + FILTERED)).isEmpty();
        assertThat(seen.of("found", "v2." + FILTERED)).isNotEmpty().isEqualTo(seen.of("held", "v2." + FILTERED));
    }
}
