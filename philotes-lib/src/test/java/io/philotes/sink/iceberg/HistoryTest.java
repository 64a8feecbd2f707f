// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static io.philotes.sink.iceberg.Tuples.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.testkit.FaultyCatalog;
import io.philotes.testkit.OtherWriter;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {

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
                        "3|null|4|update|0000000000001100|3|4352|[name]",
                        "3|null|null|delete|0000000000001100|4|4352|null",
                        "null|null|null|truncate|0000000000001100|5|4352|null");
    }

    private static String withoutTime(String row) {
        return row.replaceAll("\\|2023[^|]*", "").replaceFirst("\\|null\\|null\\|null\\|null$", "|null|null|null");
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
