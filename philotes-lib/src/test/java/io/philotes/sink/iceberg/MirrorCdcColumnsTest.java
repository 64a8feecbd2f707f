// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.INT4;
import static io.philotes.sink.iceberg.Relations.INT8;
import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.KEYLESS;
import static io.philotes.sink.iceberg.Relations.TEXT;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static io.philotes.sink.iceberg.Tuples.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import java.util.Arrays;
import java.util.List;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mirrors whose rows say which change wrote them. */
class MirrorCdcColumnsTest {

    private static final String COPIED = "|insert|0000000000001000|null|null|null";

    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    private static TestLake lake(int formatVersion) {
        return new TestLake(options -> options.formatVersion(formatVersion).withCdcColumns());
    }

    /** How the feed stamps the change with an ordinal in its nth transaction. */
    private static String stamp(String operation, int transaction, int ordinal) {
        int lsn = 0x1000 + 0x100 * transaction;
        return "|" + operation + String.format("|%016x|", lsn) + ordinal + "|2023-11-14T22:13:20."
                + String.format("%06d", lsn) + "Z|" + lsn;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void a_row_tells_of_its_newest_change(int formatVersion) {
        TestLake lake =
                lake(formatVersion).loaded(KEYED, row(1, "a", 1), row(2, "b", 2), row(3, "c", 3), row(4, "d", 4));
        lake.apply(feed.begin()
                .insert(KEYED, 5, "e", 5)
                .update(KEYED, 2, UNCHANGED, 22)
                .update(KEYED, 'K', Arrays.asList(3, null, null), List.of(33, "c", 3))
                .delete(KEYED, 'K', 4, null, null)
                .commit());
        lake.restart().resume(KEYED, feed.end());
        lake.apply(feed.begin().update(KEYED, 5, UNCHANGED, 55).commit());
        assertThat(lake.rows("orders"))
                .containsExactly(
                        "1|a|1" + COPIED,
                        "2|b|22" + stamp("update", 1, 1),
                        "33|c|3" + stamp("update", 1, 2),
                        "5|e|55" + stamp("update", 2, 0));
        lake.apply(feed.begin().truncate(KEYED).insert(KEYED, 1, "new", 1).commit());
        assertThat(lake.rows("orders")).containsExactly("1|new|1" + stamp("insert", 3, 1));
    }

    @Test
    void the_columns_stand_behind_the_others_and_none_is_required() {
        TestLake lake = lake(3).loaded(KEYED);
        assertThat(lake.table("orders").schema().columns())
                .filteredOn(NestedField::isOptional)
                .extracting(NestedField::name)
                .containsExactly(
                        "name",
                        "amount",
                        "_cdc_operation",
                        "_cdc_lsn",
                        "_cdc_ordinal",
                        "_cdc_timestamp",
                        "_cdc_transaction_id");
    }

    @Test
    void rows_without_a_key_are_found_by_their_own_columns() {
        TestLake lake = lake(3).loaded(KEYLESS, row(1, "a", 1), row(1, "a", 1));
        lake.apply(feed.begin()
                .insert(KEYLESS, 1, "a", 1)
                .update(KEYLESS, 'O', List.of(1, "a", 1), List.of(1, "b", 1))
                .commit());
        lake.restart().resume(KEYLESS, feed.end());
        lake.apply(feed.begin()
                .delete(KEYLESS, 'O', 1, "b", 1)
                .delete(KEYLESS, 'O', 1, "a", 1)
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|a|1" + COPIED);
    }

    @Test
    void columns_that_are_added_later_work_and_cannot_take_the_names() {
        RelationSchema wider = Relations.orders(
                ReplicaIdentity.DEFAULT,
                List.of(0),
                Column.of("id", 1, INT8),
                Column.of("amount", 3, INT4),
                Column.of("_cdc_lsn", 4, TEXT));
        TestLake lake = lake(3).loaded(KEYED, row(1, "a", 1), row(2, "b", 2));
        lake.apply(feed.begin().update(wider, 1, 11, "mine").commit());
        assertThat(lake.rows("orders", "id", "amount", "_u005f_cdc_lsn", "_cdc_operation", "_cdc_lsn"))
                .containsExactly("1|11|mine|update|0000000000001100", "2|2|null|insert|0000000000001000");
    }

    @Test
    void one_table_may_differ_from_the_default() {
        TestLake without = new TestLake(options ->
                        options.withSoftDelete().table(Relations.ORDERS, TableOptions.DEFAULTS.withoutSoftDelete()))
                .loaded(KEYED, row(1, "a", 1));
        assertThat(without.rows("orders")).containsExactly("1|a|1");
        TestLake with = new TestLake(options -> options.table(Relations.ORDERS, TableOptions.DEFAULTS.withCdcColumns()))
                .loaded(KEYED, row(1, "a", 1));
        assertThat(with.rows("orders")).containsExactly("1|a|1" + COPIED);
    }
}
