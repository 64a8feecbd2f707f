// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.INT4;
import static io.philotes.sink.iceberg.Relations.INT8;
import static io.philotes.sink.iceberg.Relations.KEYLESS;
import static io.philotes.sink.iceberg.Relations.TEXT;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.sink.WriteResult;
import io.philotes.testkit.FaultyCatalog;
import io.philotes.testkit.OtherWriter;
import java.util.List;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables without a key whose deleted rows stay. */
class SoftDeleteMultisetTest {

    private final FaultyCatalog catalog = FaultyCatalog.inMemory();
    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    private TestLake lake(int formatVersion) {
        return new TestLake(
                catalog, options -> options.formatVersion(formatVersion).withSoftDelete());
    }

    private static List<String> rows(TestLake lake) {
        return lake.rows("orders", "id", "name", "amount", "_cdc_operation", "_cdc_deleted");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void one_live_row_of_equal_ones_is_marked_at_a_time(int formatVersion) {
        TestLake lake = lake(formatVersion).loaded(KEYLESS, row(1, "a", 1), row(1, "a", 1), row(2, "b", null));
        lake.apply(feed.begin().delete(KEYLESS, 'O', 1, "a", 1).commit());
        assertThat(rows(lake)).containsExactly("1|a|1|delete|true", "1|a|1|insert|false", "2|b|null|insert|false");
        lake.apply(feed.begin()
                .delete(KEYLESS, 'O', 1, "a", 1)
                .insert(KEYLESS, 1, "a", 1)
                .update(KEYLESS, 'O', List.of(1, "a", 1), List.of(1, "a", 3))
                .commit());
        assertThat(rows(lake))
                .containsExactly(
                        "1|a|1|delete|true", "1|a|1|delete|true", "1|a|3|update|false", "2|b|null|insert|false");
    }

    @Test
    void deleted_rows_are_matched_by_nothing() {
        TestLake lake = lake(3).loaded(KEYLESS, row(1, "a", 1));
        lake.apply(feed.begin().delete(KEYLESS, 'O', 1, "a", 1).commit());
        lake.restart().resume(KEYLESS, feed.end());
        WriteResult result =
                lake.write(feed.begin().delete(KEYLESS, 'O', 1, "a", 1).commit().batch());
        lake.commit(feed.end());
        assertThat(result.divergences()).hasSize(1);
        assertThat(rows(lake)).containsExactly("1|a|1|delete|true");
    }

    @Test
    void truncate_marks_each_live_row_once() {
        TestLake lake = lake(3).loaded(KEYLESS, row(1, "a", 1), row(1, "a", 1), row(1, "a", 1), row(2, "b", 2));
        lake.apply(feed.begin().delete(KEYLESS, 'O', 1, "a", 1).commit());
        Table other = lake.table("orders");
        catalog.next(real -> {
            OtherWriter.compact(other);
            real.run();
        });
        lake.apply(feed.begin()
                .insert(KEYLESS, 1, "a", 1)
                .delete(KEYLESS, 'O', 2, "b", 2)
                .truncate(KEYLESS)
                .insert(KEYLESS, 1, "a", 1)
                .commit());
        assertThat(catalog.isPlayed()).isTrue();
        List<String> expected = List.of(
                "1|a|1|delete|true",
                "1|a|1|insert|false",
                "1|a|1|truncate|true",
                "1|a|1|truncate|true",
                "1|a|1|truncate|true",
                "2|b|2|delete|true");
        assertThat(rows(lake)).isEqualTo(expected);
        lake.apply(feed.begin().delete(KEYLESS, 'O', 1, "a", 1).commit());
        assertThat(rows(lake)).doesNotContain("1|a|1|insert|false").hasSize(6);
    }

    @Test
    void deleted_rows_stay_deleted_when_columns_come_and_go_in_the_same_transaction() {
        RelationSchema wider = Relations.orders(
                ReplicaIdentity.FULL,
                List.of(),
                Column.of("id", 1, INT8),
                Column.of("amount", 3, INT4),
                Column.of("note", 4, TEXT));
        TestLake lake = lake(3).loaded(KEYLESS, row(1, "a", 1), row(1, "b", 1), row(2, "c", 2));
        WriteResult result = lake.write(feed.begin()
                .delete(KEYLESS, 'O', 1, "a", 1)
                .insert(KEYLESS, 3, "d", 3)
                .delete(KEYLESS, 'O', 3, "d", 3)
                .delete(wider, 'O', 1, 1, null)
                .delete(wider, 'O', 1, 1, null)
                .delete(wider, 'O', 3, 3, null)
                .commit()
                .batch());
        lake.commit(feed.end());
        assertThat(result.divergences()).hasSize(1);
        assertThat(lake.rows("orders", "id", "amount", "_cdc_operation", "_cdc_deleted"))
                .containsExactly("1|1|delete|true", "1|1|delete|true", "2|2|insert|false", "3|3|delete|true");
    }
}
