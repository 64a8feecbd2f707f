// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.INT4;
import static io.philotes.sink.iceberg.Relations.INT8;
import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.ORDERS;
import static io.philotes.sink.iceberg.Relations.TEXT;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TablePicture;
import io.philotes.sink.RangeWriter;
import io.philotes.sink.TableLoad;
import io.philotes.testkit.Fault;
import io.philotes.testkit.FaultyCatalog;
import io.philotes.testkit.OtherWriter;
import java.util.List;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.junit.jupiter.api.Test;

/** A table copy into a history goes behind it, once. */
class HistoryCopyTest {

    private static final Lsn AGAIN = new Lsn(0x9000);
    private static final Lsn ONCE_MORE = new Lsn(0xa000);
    private static final String[] ALL = {
        "id", "name", "amount", "_cdc_operation", "_cdc_lsn", "_cdc_ordinal", "_cdc_timestamp", "_cdc_transaction_id"
    };
    private static final String FIRST_ROW = "1|a|1|insert|0000000000001000|null|null|null";
    private static final String END = "null|null|null|truncate|0000000000008fff|null|null|null";

    private final FaultyCatalog catalog = FaultyCatalog.inMemory();
    private final TestLake lake = new TestLake(catalog, options -> options.mode(WriteMode.APPEND));
    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    private TestLake followed() {
        lake.loaded(KEYED, row(1, "a", 1));
        lake.apply(feed.begin()
                .insert(KEYED, 2, "b", 2)
                .delete(KEYED, 'K', 1, null, null)
                .commit());
        return lake;
    }

    private static void load(IcebergSink into, RelationSchema relation, Lsn at, Lsn knownUpTo, Object[]... rows) {
        try (TableLoad load = into.load(TablePicture.of(relation), at, knownUpTo)) {
            try (RangeWriter writer = load.writer()) {
                for (Object[] row : rows) {
                    writer.write(TestLake.view(row));
                }
            }
            load.commit();
        }
    }

    private List<String> rows() {
        return lake.rows("orders", ALL);
    }

    private List<String> copied(Lsn at) {
        return lake.rows("orders", "_cdc_operation", "_cdc_lsn", "id").stream()
                .filter(row -> row.startsWith("insert|" + String.format("%016x", at.value())))
                .toList();
    }

    @Test
    void every_row_stays_and_the_copy_comes_behind_a_row_that_ends_them() {
        followed();
        List<String> before = rows();
        TestLake.load(lake.sink(), KEYED, AGAIN, row(2, "b", 2), row(7, "x", 7));
        assertThat(before).hasSize(3).contains(FIRST_ROW);
        assertThat(rows())
                .containsAll(before)
                .contains(
                        END,
                        "2|b|2|insert|0000000000009000|null|null|null",
                        "7|x|7|insert|0000000000009000|null|null|null")
                .hasSize(6);
        assertThat(lake.sink().committedUpTo(KEYED)).contains(AGAIN);
    }

    @Test
    void a_copy_of_an_emptied_table_ends_what_was_there_too() {
        followed();
        TestLake.load(lake.sink(), KEYED, AGAIN);
        assertThat(rows()).hasSize(4).contains(FIRST_ROW, END);
    }

    @Test
    void changes_go_on_behind_the_copy_and_what_it_has_does_not_come_twice() {
        followed();
        TestLake.load(lake.sink(), KEYED, AGAIN, row(2, "b", 2));
        lake.write(feed.begin()
                .insert(KEYED, 3, "before the consistent point", 3)
                .commit()
                .batch());
        lake.apply(
                new ChangeFeed(AGAIN.value()).begin().update(KEYED, 2, "c", 3).commit());
        assertThat(rows()).hasSize(6).anyMatch(row -> row.startsWith("2|c|3|update|0000000000009100|0|"));
        lake.restart().resume(KEYED, AGAIN);
        assertThat(lake.sink().committedUpTo(KEYED)).contains(new Lsn(0x9108));
    }

    @Test
    void a_copy_that_failed_leaves_the_history_as_it_was() {
        followed();
        List<String> before = rows();
        TableLoad load = lake.sink().load(TablePicture.of(KEYED), AGAIN);
        RangeWriter writer = load.writer();
        writer.write(TestLake.view(2, "b", 2));
        assertThatThrownBy(() -> writer.write(TestLake.view("x", "b", 2))).isInstanceOf(PhilotesException.class);
        load.close();
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void a_lost_reply_does_not_copy_twice() {
        followed();
        catalog.next(Fault.failAfter());
        TestLake.load(lake.sink(), KEYED, AGAIN, row(2, "b", 2));
        assertThat(catalog.isPlayed()).isTrue();
        assertThat(rows()).hasSize(5).contains(END);
        assertThat(copied(AGAIN)).hasSize(1);
    }

    @Test
    void a_copy_that_landed_and_is_called_refused_is_there_once() {
        followed();
        catalog.next(Fault.failAfter(() -> new CommitFailedException("the table has moved")));
        TestLake.load(lake.sink(), KEYED, AGAIN, row(2, "b", 2));
        assertThat(rows()).hasSize(5);
    }

    @Test
    void a_copy_whose_end_nobody_noted_gives_way_to_its_repetition() {
        followed();
        Lsn noted = feed.end();
        List<String> before = rows();
        load(lake.sink(), KEYED, AGAIN, noted, row(2, "b", 2), row(3, "c", 3));
        load(lake.restart(), KEYED, ONCE_MORE, noted, row(2, "b", 2));
        assertThat(copied(AGAIN)).isEmpty();
        assertThat(copied(ONCE_MORE)).hasSize(1);
        assertThat(rows()).containsAll(before).hasSize(5);
    }

    @Test
    void so_does_one_that_lost_its_reply_in_the_same_run() {
        followed();
        Lsn noted = feed.end();
        load(lake.sink(), KEYED, AGAIN, noted, row(2, "b", 2));
        load(lake.sink(), KEYED, ONCE_MORE, noted, row(2, "b", 2));
        load(lake.sink(), KEYED, new Lsn(0xb000), noted, row(2, "b", 2));
        assertThat(rows()).hasSize(5);
    }

    @Test
    void and_a_very_first_one() {
        load(lake.sink(), KEYED, LOADED_AT, Lsn.ZERO, row(1, "a", 1));
        load(lake.restart(), KEYED, AGAIN, Lsn.ZERO, row(1, "a", 1));
        assertThat(copied(LOADED_AT)).isEmpty();
        assertThat(copied(AGAIN)).hasSize(1);
    }

    @Test
    void a_copy_that_was_noted_stays_though_nothing_followed_it() {
        load(lake.sink(), KEYED, LOADED_AT, Lsn.ZERO, row(1, "a", 1));
        load(lake.restart(), KEYED, AGAIN, LOADED_AT, row(1, "a", 1));
        load(lake.restart(), KEYED, ONCE_MORE, AGAIN, row(1, "a", 1));
        assertThat(rows()).contains(FIRST_ROW, END);
        assertThat(copied(AGAIN)).hasSize(1);
        assertThat(copied(ONCE_MORE)).hasSize(1);
    }

    @Test
    void so_does_one_of_a_table_that_the_pipeline_forgot_meanwhile() {
        load(lake.sink(), KEYED, LOADED_AT, Lsn.ZERO, row(1, "a", 1));
        lake.restart();
        load(lake.restart(), KEYED, AGAIN, Lsn.ZERO, row(1, "a", 1));
        assertThat(rows()).contains(FIRST_ROW, END).hasSize(3);
    }

    @Test
    void so_does_one_that_changes_followed_or_that_others_wrote_behind() {
        followed();
        load(lake.sink(), KEYED, AGAIN, feed.end(), row(2, "b", 2));
        OtherWriter.append(lake.table("orders"), 9L, "foreign", 9);
        load(lake.restart(), KEYED, ONCE_MORE, feed.end(), row(2, "b", 2));
        assertThat(copied(AGAIN)).hasSize(1);
        lake.apply(new ChangeFeed(ONCE_MORE.value())
                .begin()
                .insert(KEYED, 4, "d", 4)
                .commit());
        load(lake.restart(), KEYED, new Lsn(0xb000), feed.end(), row(2, "b", 2));
        assertThat(copied(ONCE_MORE)).hasSize(1);
    }

    @Test
    void others_that_come_first_keep_their_rows_and_are_told_of() {
        followed();
        catalog.next(Fault.after(() -> OtherWriter.append(lake.table("orders"), 9L, "foreign", 9)));
        TestLake.load(lake.sink(), KEYED, AGAIN, row(2, "b", 2));
        assertThat(rows()).hasSize(6).contains("9|foreign|9|null|null|null|null|null");
        assertThat(lake.write(new ChangeFeed(AGAIN.value())
                                .begin()
                                .insert(KEYED, 3, "c", 3)
                                .commit()
                                .batch())
                        .divergences())
                .singleElement()
                .satisfies(divergence -> assertThat(divergence.reason()).contains("another writer"));
    }

    @Test
    void a_source_that_went_back_is_refused_and_the_history_kept() {
        followed();
        List<String> before = rows();
        assertThatThrownBy(() -> lake.sink().load(TablePicture.of(KEYED), new Lsn(0x800)))
                .isInstanceOfSatisfying(PhilotesException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.TARGET_UNUSABLE);
                    assertThat(e.table()).contains(ORDERS);
                    assertThat(e.hint()).contains("another target").contains("bin/philotes resync shop public.orders");
                });
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void values_of_a_type_that_cannot_be_followed_stay_under_another_name() {
        followed();
        int fieldId = lake.table("orders").schema().findField("amount").fieldId();
        RelationSchema changed = Relations.orders(
                ReplicaIdentity.DEFAULT,
                List.of(0),
                Column.of("id", 1, INT8),
                Column.of("name", 2, TEXT),
                Column.of("amount", 3, Relations.DATE));
        TestLake.load(lake.sink(), changed, AGAIN, row(2, "b", "2026-01-01"));
        assertThat(lake.rows("orders", "id", "amount", "amount_old" + fieldId, "_cdc_operation"))
                .containsExactlyInAnyOrder(
                        "1|null|1|insert",
                        "2|null|2|insert",
                        "1|null|null|delete",
                        "null|null|null|truncate",
                        "2|2026-01-01|null|insert");
        lake.apply(new ChangeFeed(AGAIN.value())
                .begin()
                .insert(changed, 3, "c", "2026-01-02")
                .commit());
        assertThat(lake.rows("orders", "id", "amount")).contains("3|2026-01-02");
    }

    @Test
    void another_table_of_the_same_name_puts_no_old_value_under_another_columns_name() {
        followed();
        RelationSchema anew = new RelationSchema(
                4712,
                ORDERS,
                ReplicaIdentity.DEFAULT,
                List.of(Column.of("id", 1, INT8), Column.of("amount", 2, INT4), Column.of("city", 3, TEXT)),
                List.of(0));
        TestLake.load(lake.sink(), anew, AGAIN, row(5, 50, "Rome"));
        assertThat(lake.rows("orders", "id", "name", "amount", "city", "_cdc_operation"))
                .containsExactlyInAnyOrder(
                        "1|a|1|null|insert",
                        "2|b|2|null|insert",
                        "1|null|null|null|delete",
                        "null|null|null|null|truncate",
                        "5|null|50|Rome|insert");
    }
}
