// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.ORDERS;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static io.philotes.sink.iceberg.Tuples.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.Column;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.testkit.FaultyCatalog;
import io.philotes.testkit.OtherWriter;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {

    private static final RelationSchema NUMBERED = Relations.orders(
            ReplicaIdentity.DEFAULT,
            List.of(0),
            Column.of("id", 1, PgType.base(1700, "numeric")),
            Column.of("name", 2, Relations.TEXT));

    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    @Test
    void every_change_is_a_row() {
        TestLake lake = new TestLake(options -> options.mode(WriteMode.APPEND)).loaded(KEYED, row(1, "a", 1));
        lake.apply(feed.begin()
                .insert(KEYED, 2, "b", 2)
                .update(KEYED, 2, UNCHANGED, 3)
                .update(KEYED, 'O', List.of(2, "b", 3), List.of(2, UNCHANGED, 4))
                .update(KEYED, 'K', Arrays.asList(2, null, null), List.of(3, UNCHANGED, 4))
                .delete(KEYED, 'K', 3, null, null)
                .truncate(KEYED)
                .commit());
        assertThat(lake.rows("orders").stream().map(HistoryTest::withoutTime))
                .containsExactlyInAnyOrder(
                        "1|a|1|insert|0000000000001000|null|null|null",
                        "2|b|2|insert|0000000000001100|0|4352|null",
                        "2|null|3|update|0000000000001100|1|4352|[name]",
                        "2|b|4|update|0000000000001100|2|4352|null",
                        "2|null|null|delete|0000000000001100|3|4352|null",
                        "3|null|4|update|0000000000001100|3|4352|[name]",
                        "3|null|null|delete|0000000000001100|4|4352|null",
                        "null|null|null|truncate|0000000000001100|5|4352|null");
    }

    private static String withoutTime(String row) {
        return row.replaceAll("\\|2023[^|]*", "").replaceFirst("\\|null\\|null\\|null\\|null$", "|null|null|null");
    }

    /** Else both keys would seem to have the row; one that was sent again, or is the same in the target, has it still. */
    @Test
    void a_row_that_gets_another_key_leaves_the_old_one() {
        RelationSchema whole = Relations.orders(
                ReplicaIdentity.FULL, List.of(0), KEYED.columns().toArray(Column[]::new));
        TestLake lake = new TestLake(options -> options.mode(WriteMode.APPEND)
                        .table(
                                ORDERS,
                                TableOptions.DEFAULTS.mode(WriteMode.APPEND).type("id", "decimal(10,2)")))
                .loaded(NUMBERED);
        lake.apply(feed.begin()
                .insert(NUMBERED, "1", "a")
                .update(NUMBERED, 'K', Arrays.asList("1", null), List.of("1.00", "b"))
                .update(NUMBERED, 'K', Arrays.asList("1.00", null), List.of("2", UNCHANGED))
                .commit());
        assertThat(lake.rows("orders", "id", "name", "_cdc_operation", "_cdc_ordinal"))
                .containsExactlyInAnyOrder(
                        "1.00|a|insert|0", "1.00|b|update|1", "1.00|null|delete|2", "2.00|null|update|2");
        TestLake full = new TestLake(options -> options.mode(WriteMode.APPEND)).loaded(whole);
        full.apply(feed.begin()
                .insert(whole, 1, "a", 1)
                .update(whole, 'O', List.of(1, "a", 1), List.of(1, UNCHANGED, 2))
                .update(whole, 'O', List.of(1, "a", 2), List.of(3, UNCHANGED, 2))
                .commit());
        assertThat(full.rows("orders", "id", "name", "amount", "_cdc_operation", "_cdc_ordinal"))
                .containsExactlyInAnyOrder("1|a|1|insert|0", "1|a|2|update|1", "1|a|2|delete|2", "3|a|2|update|2");
    }

    @Test
    void history_goes_on_after_a_restart_and_a_foreign_append() {
        FaultyCatalog catalog = FaultyCatalog.inMemory();
        TestLake lake = new TestLake(catalog, options -> options.mode(WriteMode.APPEND)).loaded(KEYED);
        lake.restart().resume(KEYED, LOADED_AT);
        catalog.next(real -> {
            OtherWriter.append(lake.table("orders"), 9L, "foreign", 9);
            real.run();
        });
        lake.apply(feed.begin().insert(KEYED, 1, "a", 1).commit());
        assertThat(lake.rows("orders")).hasSize(2);
    }
}
