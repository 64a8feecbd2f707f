// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.Column;
import io.philotes.model.PgType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.iceberg.avro.AvroSchemaUtil;
import org.junit.jupiter.api.Test;

class ColumnNamesTest {

    private static List<Column> columns(List<String> names) {
        List<Column> columns = new ArrayList<>();
        for (String name : names) {
            columns.add(Column.of(name, columns.size() + 1, PgType.base(25, "text")));
        }
        return columns;
    }

    private static List<String> assigned(RowMode mode, String... names) {
        return List.copyOf(ColumnNames.assign(columns(List.of(names)), mode).values());
    }

    @Test
    void ordinary_names_stay() {
        assertThat(assigned(RowMode.UPSERT, "id", "Order Number", "größe", "_x", "pos_u1", "select"))
                .containsExactly("id", "Order Number", "größe", "_x", "pos_u1", "select");
    }

    @Test
    void what_iceberg_cannot_take_is_escaped() {
        assertThat(assigned(RowMode.UPSERT, "a.b", "_file", "_POS", "_row_id", "_cdc_lsn", "_u002e_"))
                .containsExactly(
                        "a_u002e_b", "_u005f_file", "_u005f_POS", "_u005f_row_id", "_cdc_lsn", "_u005f_u002e_");
        assertThat(assigned(RowMode.APPEND, "_cdc_lsn", "_CDC_x")).containsExactly("_u005f_cdc_lsn", "_u005f_CDC_x");
    }

    @Test
    void of_names_that_readers_confuse_the_oldest_stays() {
        assertThat(assigned(RowMode.UPSERT, "CASE", "case", "a b", "a_x20b"))
                .containsExactly("CASE", "case_n0002_", "a b", "a_x20b_n0004_");
    }

    @Test
    void a_new_column_is_named_beside_those_that_are_there() {
        Column added = Column.of("Name", 9, PgType.base(25, "text"));
        assertThat(ColumnNames.free(added, Set.of("name", "id"), RowMode.UPSERT))
                .isEqualTo("Name_n0009_");
        assertThat(ColumnNames.free(added, Set.of("id"), RowMode.UPSERT)).isEqualTo("Name");
    }

    @Provide
    Arbitrary<List<String>> names() {
        Arbitrary<String> pieces = Arbitraries.of(
                "_", ".", "u002e", "u005f", "n0001", "n0002", "U002E", "a", "A", "x20", " ", "file", "_cdc_", "ı", "İ");
        Arbitrary<String> name = pieces.list().ofMinSize(1).ofMaxSize(5).map(list -> String.join("", list));
        return name.list().uniqueElements().ofMinSize(1).ofMaxSize(12);
    }

    @Property(tries = 3000)
    void no_two_columns_ever_meet(@ForAll("names") List<String> names, @ForAll RowMode mode, @ForAll long seed) {
        List<Column> columns = new ArrayList<>(columns(names));
        Map<Integer, String> assigned = ColumnNames.assign(columns, mode);
        Collections.shuffle(columns, new Random(seed));
        assertThat(ColumnNames.assign(columns, mode)).isEqualTo(assigned);
        Set<String> seen = new HashSet<>();
        for (String name : assigned.values()) {
            assertThat(name).doesNotContain(".");
            assertThat(seen.add(name.toLowerCase(Locale.ROOT)))
                    .as("%s", assigned)
                    .isTrue();
        }
        Set<String> inParquet = new HashSet<>();
        assigned.values().forEach(name -> inParquet.add(AvroSchemaUtil.makeCompatibleName(name)));
        assertThat(inParquet).hasSize(names.size());
    }
}
