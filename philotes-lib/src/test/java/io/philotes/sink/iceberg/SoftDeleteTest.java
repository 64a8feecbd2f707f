// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.INT4;
import static io.philotes.sink.iceberg.Relations.INT8;
import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.ORDERS;
import static io.philotes.sink.iceberg.Relations.TEXT;
import static io.philotes.sink.iceberg.Relations.TEXT_KEYED;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static io.philotes.sink.iceberg.Tuples.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.error.ErrorCode;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.sink.WriteResult;
import io.philotes.testkit.FaultyCatalog;
import io.philotes.testkit.OtherWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables with a key whose deleted rows stay. */
class SoftDeleteTest {

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
    void a_deleted_row_stays_with_its_last_values(int formatVersion) {
        TestLake lake = lake(formatVersion).loaded(KEYED, row(1, "a", 1), row(2, "b", 2), row(3, "c", 3));
        lake.apply(feed.begin()
                .delete(KEYED, 'K', 1, null, null)
                .delete(KEYED, 'O', 2, "from the old tuple", null)
                .commit());
        assertThat(rows(lake))
                .containsExactly("1|a|1|delete|true", "2|from the old tuple|null|delete|true", "3|c|3|insert|false");
        assertThat(lake.rows("orders", "id", "_cdc_lsn", "_cdc_ordinal", "_cdc_transaction_id"))
                .containsExactly(
                        "1|0000000000001100|0|4352", "2|0000000000001100|1|4352", "3|0000000000001000|null|null");
    }

    @Test
    void an_insert_with_the_key_of_a_deleted_row_takes_its_place() {
        TestLake lake = lake(3).loaded(KEYED, row(1, "a", 1));
        lake.apply(feed.begin().delete(KEYED, 'K', 1, null, null).commit());
        lake.apply(feed.begin().insert(KEYED, 1, "again", 2).commit());
        assertThat(rows(lake)).containsExactly("1|again|2|insert|false");
        lake.apply(feed.begin().delete(KEYED, 'K', 1, null, null).commit());
        lake.restart().resume(KEYED, feed.end());
        lake.apply(feed.begin().insert(KEYED, 1, "after a restart", 3).commit());
        assertThat(rows(lake)).containsExactly("1|after a restart|3|insert|false");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void a_comparison_with_the_source_takes_no_deleted_row_for_a_live_one(int formatVersion) {
        TestLake lake = lake(formatVersion).loaded(KEYED, row(1, "a", 1), row(2, "b", 2), row(3, "c", 3));
        lake.apply(feed.begin()
                .delete(KEYED, 'K', 1, null, null)
                .delete(KEYED, 'K', 2, null, null)
                .commit());
        // So that the file of the deleted rows has a deleted position: its rows are read with one column more.
        lake.apply(feed.begin().insert(KEYED, 1, "again", 2).commit());
        List<String> live = new ArrayList<>();
        lake.sink().audit(KEYED).orElseThrow().scan(row -> live.add(row.keyText()));
        assertThat(live).containsExactlyInAnyOrder("id=1", "id=3");
    }

    @Test
    void several_changes_of_a_key_in_one_commit_leave_the_last() {
        TestLake lake =
                lake(3).loaded(KEYED, row(1, "a", 1), row(2, "b", 2), row(3, "c", 3), row(4, "d", 4), row(5, "e", 5));
        lake.apply(feed.begin()
                .insert(KEYED, 9, "short life", 9)
                .delete(KEYED, 'K', 9, null, null)
                .delete(KEYED, 'K', 1, null, null)
                .insert(KEYED, 1, "A", 10)
                .update(KEYED, 2, UNCHANGED, 20)
                .delete(KEYED, 'K', 2, null, null)
                .update(KEYED, 3, "C", 30)
                .delete(KEYED, 'K', 3, null, null)
                .insert(KEYED, 3, "CC", 31)
                .delete(KEYED, 'K', 3, null, null)
                .delete(KEYED, 'K', 4, null, null)
                .insert(KEYED, 4, "D", 40)
                .update(KEYED, 4, UNCHANGED, 41)
                .commit());
        assertThat(rows(lake))
                .containsExactly(
                        "1|A|10|insert|false",
                        "2|b|20|delete|true",
                        "3|CC|31|delete|true",
                        "4|D|41|update|false",
                        "5|e|5|insert|false",
                        "9|short life|9|delete|true");
    }

    @Test
    void a_changed_key_leaves_its_row_deleted_under_the_old_one() {
        TestLake lake = lake(3).loaded(KEYED, row(1, "big", 1), row(2, "b", 2), row(3, "c", 3), row(4, "d", 4));
        lake.apply(feed.begin()
                .update(KEYED, 'K', Arrays.asList(1, null, null), List.of(10, UNCHANGED, 11))
                .update(KEYED, 'O', List.of(2, "b", 2), List.of(20, "B", 22))
                .update(KEYED, 3, UNCHANGED, 33)
                .update(KEYED, 'K', Arrays.asList(3, null, null), List.of(30, UNCHANGED, UNCHANGED))
                .delete(KEYED, 'K', 4, null, null)
                .update(KEYED, 'K', Arrays.asList(30, null, null), List.of(4, UNCHANGED, 34))
                .commit());
        assertThat(rows(lake))
                .containsExactly(
                        "10|big|11|update|false",
                        "1|big|1|update|true",
                        "20|B|22|update|false",
                        "2|b|2|update|true",
                        "30|c|33|update|true",
                        "3|c|33|update|true",
                        "4|c|34|update|false");
    }

    /** What a later change makes of the new key says nothing of the row that was deleted under the old one. */
    @Test
    void a_changed_key_that_was_set_aside_is_not_left_out_for_a_later_change() {
        TestLake lake = lake(3).parking(10).loaded(KEYED, row(1, "a", 1));
        Letters letters = new Letters(ORDERS);
        letters.add(lake.write(feed.begin()
                .update(KEYED, 'K', Arrays.asList(1, null, null), List.of(10, "a", "no number"))
                .update(KEYED, 10, "later", 5)
                .commit()
                .batch()));
        lake.commit(feed.end());
        letters.settle(lake.sink());
        assertThat(letters.replayAll(lake.sink()).taken()).isEmpty();
        lake.commit(feed.end());
        assertThat(rows(lake)).containsExactly("1|a|1|insert|false");
    }

    @Test
    void an_old_tuple_with_the_same_key_leaves_nothing_behind() {
        TestLake lake = lake(3).loaded(TEXT_KEYED, row("a", "x", 1));
        lake.apply(feed.begin()
                .update(TEXT_KEYED, 'K', Arrays.asList("a", null, null), List.of(UNCHANGED, UNCHANGED, 2))
                .update(TEXT_KEYED, 'O', List.of("a", "x", 2), List.of("a", "y", 3))
                .commit());
        assertThat(rows(lake)).containsExactly("a|y|3|update|false");
    }

    @Test
    void a_change_of_a_deleted_row_is_told_and_leaves_it() {
        TestLake lake = lake(3).loaded(KEYED, row(1, "a", 1), row(2, "b", 2), row(3, "c", 3));
        lake.apply(feed.begin()
                .delete(KEYED, 'K', 1, null, null)
                .delete(KEYED, 'K', 2, null, null)
                .delete(KEYED, 'K', 3, null, null)
                .commit());
        WriteResult result = lake.write(feed.begin()
                .delete(KEYED, 'K', 1, null, null)
                .delete(KEYED, 'K', 8, null, null)
                .update(KEYED, 2, "whole", 22)
                .update(KEYED, 'K', Arrays.asList(3, null, null), List.of(30, "moved", 33))
                .commit()
                .batch());
        lake.commit(feed.end());
        assertThat(result.divergences())
                .extracting(divergence -> divergence.reason())
                .containsExactly(
                        "a row was deleted that the target did not have",
                        "a row was updated that the target did not have");
        assertThat(rows(lake))
                .containsExactly(
                        "1|a|1|delete|true",
                        "2|whole|22|update|false",
                        "30|moved|33|update|false",
                        "3|c|3|delete|true");
    }

    @Test
    void values_of_a_deleted_row_complete_no_update() {
        TestLake lake = lake(3).loaded(KEYED, row(1, "a", 1));
        lake.apply(feed.begin().delete(KEYED, 'K', 1, null, null).commit());
        WriteResult result =
                lake.write(feed.begin().update(KEYED, 1, UNCHANGED, 2).commit().batch());
        assertThat(result.rejections())
                .extracting(rejection -> rejection.failure().code())
                .containsExactly(ErrorCode.UNCHANGED_UNRESOLVED);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void truncate_leaves_every_live_row_deleted(int formatVersion) {
        TestLake lake =
                lake(formatVersion).loaded(KEYED, row(1, "a", 1), row(2, "b", 2), row(3, "c", 3), row(4, "d", 4));
        lake.apply(feed.begin().delete(KEYED, 'K', 1, null, null).commit());
        lake.apply(feed.begin()
                .insert(KEYED, 5, "staged", 5)
                .update(KEYED, 2, UNCHANGED, 22)
                .delete(KEYED, 'K', 3, null, null)
                .truncate(KEYED)
                .insert(KEYED, 2, "after", 23)
                .insert(KEYED, 6, "new", 6)
                .commit());
        List<String> expected = List.of(
                "1|a|1|delete|true",
                "2|after|23|insert|false",
                "3|c|3|delete|true",
                "4|d|4|truncate|true",
                "5|staged|5|truncate|true",
                "6|new|6|insert|false");
        assertThat(rows(lake)).isEqualTo(expected);
        assertThat(lake.rows("orders", "id", "_cdc_lsn", "_cdc_ordinal")).contains("4|0000000000001200|3");
        lake.restart().resume(KEYED, feed.end());
        lake.apply(feed.begin()
                .update(KEYED, 2, "later", 24)
                .insert(KEYED, 4, "again", 44)
                .commit());
        assertThat(rows(lake))
                .contains("2|later|24|update|false", "4|again|44|insert|false")
                .hasSize(6);
    }

    @Test
    void a_compaction_between_plan_and_commit_changes_nothing() {
        TestLake lake = lake(3).loaded(KEYED, row(1, "a", 1), row(2, "b", 2), row(3, "c", 3));
        lake.apply(feed.begin().delete(KEYED, 'K', 1, null, null).commit());
        Table other = lake.table("orders");
        catalog.next(real -> {
            OtherWriter.compact(other);
            real.run();
        });
        lake.apply(feed.begin().truncate(KEYED).insert(KEYED, 1, "new", 1).commit());
        assertThat(catalog.isPlayed()).isTrue();
        List<String> expected = List.of("1|new|1|insert|false", "2|b|2|truncate|true", "3|c|3|truncate|true");
        assertThat(rows(lake)).isEqualTo(expected);
        OtherWriter.compact(lake.table("orders"));
        lake.apply(feed.begin().insert(KEYED, 2, "B", 2).commit());
        assertThat(rows(lake)).containsExactly("1|new|1|insert|false", "2|B|2|insert|false", "3|c|3|truncate|true");
    }

    @Test
    void discarded_deletes_are_forgotten() {
        TestLake lake = lake(3).loaded(KEYED, row(1, "a", 1), row(2, "b", 2));
        lake.write(feed.begin()
                .delete(KEYED, 'K', 1, null, null)
                .truncate(KEYED)
                .commit()
                .batch());
        lake.sink().discard();
        lake.apply(feed.begin().update(KEYED, 1, "lives", 1).commit());
        assertThat(rows(lake)).containsExactly("1|lives|1|update|false", "2|b|2|insert|false");
    }

    @Test
    void columns_may_come_and_go() {
        RelationSchema wider = Relations.orders(
                ReplicaIdentity.DEFAULT,
                List.of(0),
                Column.of("id", 1, INT8),
                Column.of("amount", 3, INT4),
                Column.of("_cdc_deleted", 4, TEXT));
        TestLake lake = lake(3).loaded(KEYED, row(1, "a", 1), row(2, "b", 2), row(3, "c", 3));
        lake.apply(feed.begin()
                .delete(KEYED, 'K', 1, null, null)
                .update(wider, 2, 22, "mine")
                .delete(wider, 'K', 2, null, null)
                .delete(wider, 'K', 3, null, null)
                .insert(wider, 1, 11, "new")
                .commit());
        assertThat(lake.rows("orders", "id", "amount", "_u005f_cdc_deleted", "_cdc_operation", "_cdc_deleted"))
                .containsExactly("1|11|new|insert|false", "2|22|mine|delete|true", "3|3|null|delete|true");
    }

    @Test
    void deleted_rows_may_have_a_partition_of_their_own() {
        TestLake lake = new TestLake(
                        catalog,
                        options -> options.withSoftDelete()
                                .table(ORDERS, TableOptions.DEFAULTS.partitionBy("_cdc_deleted")))
                .loaded(KEYED, row(1, "a", 1), row(2, "b", 2));
        lake.apply(feed.begin().delete(KEYED, 'K', 1, null, null).commit());
        lake.apply(feed.begin().truncate(KEYED).insert(KEYED, 1, "A", 1).commit());
        assertThat(rows(lake)).containsExactly("1|A|1|insert|false", "2|b|2|truncate|true");
    }

    @Test
    void a_copy_again_drops_deleted_rows() {
        TestLake lake = lake(3).loaded(KEYED, row(1, "a", 1), row(2, "b", 2));
        lake.apply(feed.begin().delete(KEYED, 'K', 1, null, null).commit());
        TestLake.load(lake.sink(), KEYED, new Lsn(0x9000), row(2, "b", 2));
        assertThat(rows(lake)).containsExactly("2|b|2|insert|false");
        ChangeFeed later = new ChangeFeed(0x9000);
        lake.apply(later.begin().insert(KEYED, 1, "new", 1).commit());
        assertThat(rows(lake)).containsExactly("1|new|1|insert|false", "2|b|2|insert|false");
    }
}
