// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.INT4;
import static io.philotes.sink.iceberg.Relations.INT8;
import static io.philotes.sink.iceberg.Relations.KEYLESS;
import static io.philotes.sink.iceberg.Relations.TEXT;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static io.philotes.sink.iceberg.Tuples.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.sink.WriteResult;
import io.philotes.testkit.FaultyCatalog;
import io.philotes.testkit.OtherWriter;
import java.util.Arrays;
import java.util.List;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultisetTest {

    private final FaultyCatalog catalog = FaultyCatalog.inMemory();
    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void one_of_equal_rows_is_deleted_at_a_time(int formatVersion) {
        TestLake lake = new TestLake(options -> options.formatVersion(formatVersion))
                .loaded(KEYLESS, row(1, "a", 1), row(1, "a", 1), row(1, "a", 1), row(2, null, null));
        lake.apply(feed.begin().delete(KEYLESS, 'O', 1, "a", 1).commit());
        assertThat(lake.rows("orders")).containsExactly("1|a|1", "1|a|1", "2|null|null");
        lake.apply(feed.begin()
                .delete(KEYLESS, 'O', 1, "a", 1)
                .delete(KEYLESS, 'O', 2, null, null)
                .insert(KEYLESS, 1, "a", 1)
                .insert(KEYLESS, 1, "a", 1)
                .delete(KEYLESS, 'O', 1, "a", 1)
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|a|1", "1|a|1");
    }

    @Test
    void shifted_keys_of_a_deferrable_key_stay_whole() {
        TestLake lake = new TestLake().loaded(KEYLESS, row(1, "a", 1), row(2, "b", 2), row(3, "c", 3));
        lake.apply(feed.begin()
                .update(KEYLESS, 'O', List.of(1, "a", 1), List.of(2, "a", 1))
                .update(KEYLESS, 'O', List.of(2, "b", 2), List.of(3, "b", 2))
                .update(KEYLESS, 'O', List.of(3, "c", 3), List.of(4, "c", 3))
                .commit());
        assertThat(lake.rows("orders")).containsExactly("2|a|1", "3|b|2", "4|c|3");
    }

    @Test
    void unchanged_values_come_from_the_old_image() {
        TestLake lake = new TestLake().loaded(KEYLESS, row(1, "big", 1));
        lake.apply(feed.begin()
                .update(KEYLESS, 'O', List.of(1, "big", 1), List.of(1, UNCHANGED, 2))
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|big|2");
    }

    @Test
    void rows_survive_restart_truncate_and_foreign_compaction() {
        TestLake lake = new TestLake(catalog, options -> options).loaded(KEYLESS, row(1, "a", 1), row(1, "a", 1));
        lake.apply(feed.begin()
                .insert(KEYLESS, 1, "a", 1)
                .delete(KEYLESS, 'O', 1, "a", 1)
                .commit());
        lake.restart().resume(KEYLESS, feed.end());
        Table other = lake.table("orders");
        catalog.next(real -> {
            OtherWriter.compact(other);
            real.run();
        });
        lake.apply(feed.begin()
                .delete(KEYLESS, 'O', 1, "a", 1)
                .insert(KEYLESS, 2, "b", 2)
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|a|1", "2|b|2");
        lake.apply(feed.begin()
                .insert(KEYLESS, 3, "c", 3)
                .truncate(KEYLESS)
                .insert(KEYLESS, 1, "a", 1)
                .insert(KEYLESS, 1, "a", 1)
                .delete(KEYLESS, 'O', 1, "a", 1)
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|a|1");
    }

    @Test
    void discarded_deletes_find_their_rows_again() {
        TestLake lake = new TestLake().loaded(KEYLESS, row(1, "a", 1));
        lake.write(feed.begin().delete(KEYLESS, 'O', 1, "a", 1).commit().batch());
        lake.sink().discard();
        lake.apply(feed.begin().delete(KEYLESS, 'O', 1, "a", 1).commit());
        assertThat(lake.rows("orders")).isEmpty();
    }

    @Test
    void a_single_integer_column_may_be_null() {
        RelationSchema one = Relations.orders(ReplicaIdentity.FULL, List.of(), Column.of("id", 1, INT8));
        TestLake lake = new TestLake().loaded(one, row((Object) null), row(0), row((Object) null));
        lake.apply(
                feed.begin().delete(one, 'O', (Object) null).delete(one, 'O', 0).commit());
        assertThat(lake.rows("orders")).containsExactly("null");
    }

    @Test
    void a_missing_row_is_told() {
        TestLake lake = new TestLake().loaded(KEYLESS, row(1, "a", 1));
        WriteResult result =
                lake.write(feed.begin().delete(KEYLESS, 'O', 1, "b", 1).commit().batch());
        lake.commit(feed.end());
        assertThat(result.divergences()).hasSize(1);
        assertThat(lake.rows("orders")).containsExactly("1|a|1");
    }

    @Test
    void rows_are_found_after_columns_came_and_went_in_the_same_transaction() {
        TestLake lake = new TestLake().loaded(KEYLESS, row(1, "a", 1), row(2, "b", 2), row(3, "c", 3));
        RelationSchema wider = Relations.orders(
                ReplicaIdentity.FULL,
                List.of(),
                Column.of("id", 1, INT8),
                Column.of("amount", 3, INT4),
                Column.of("note", 4, TEXT));
        lake.write(feed.begin()
                .delete(KEYLESS, 'O', 1, "a", 1)
                .insert(KEYLESS, 4, "d", 4)
                .delete(wider, 'O', 2, 2, null)
                .update(wider, 'O', Arrays.asList(4, 4, null), List.of(4, 4, "new"))
                .commit()
                .batch());
        lake.commit(feed.end());
        assertThat(lake.rows("orders")).containsExactly("3|3|null", "4|4|new");
        lake.apply(feed.begin().delete(wider, 'O', 3, 3, null).commit());
        assertThat(lake.rows("orders")).containsExactly("4|4|new");
    }

    /** What rows look like has changed, so that all of them are learnt anew: those of the table, and those of this commit. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_row_that_was_just_deleted_is_not_found_again_when_a_column_came(boolean committed) {
        TestLake lake = new TestLake().loaded(KEYLESS);
        RelationSchema wider = Relations.orders(
                ReplicaIdentity.FULL,
                List.of(),
                Column.of("id", 1, INT8),
                Column.of("name", 2, TEXT),
                Column.of("amount", 3, INT4),
                Column.of("note", 4, TEXT));
        feed.begin().insert(KEYLESS, 1, "a", 1).insert(KEYLESS, 1, "a", 1);
        if (committed) {
            lake.apply(feed.commit());
            feed.begin();
        }
        lake.apply(feed.delete(KEYLESS, 'O', 1, "a", 1)
                .delete(wider, 'O', 1, "a", 1, null)
                .insert(wider, 2, "b", 2, "c")
                .commit());
        assertThat(lake.rows("orders")).containsExactly("2|b|2|c");
    }
}
