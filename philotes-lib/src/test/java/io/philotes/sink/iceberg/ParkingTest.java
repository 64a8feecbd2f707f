// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.KEYLESS;
import static io.philotes.sink.iceberg.Relations.ORDERS;
import static io.philotes.sink.iceberg.Relations.TEXT_KEYED;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static io.philotes.sink.iceberg.Tuples.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.SequenceNumber;
import io.philotes.sink.ParkedRow;
import io.philotes.sink.ReplayResult;
import io.philotes.sink.WriteResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A row that can never be written is set aside alone, without a trace; what touches its key waits behind it. */
class ParkingTest {

    private static final String BAD = "no number";

    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());
    private final Letters letters = new Letters(ORDERS);

    private static TestLake lake(Object[]... rows) {
        return new TestLake().parking(10).loaded(KEYED, rows);
    }

    private void write(TestLake lake) {
        letters.add(lake.write(feed.commit().batch()));
    }

    private void apply(TestLake lake) {
        write(lake);
        lake.commit(feed.end());
        letters.settle(lake.sink());
    }

    private void restart(TestLake lake) {
        lake.restart();
        letters.resume(lake.sink(), KEYED);
    }

    private ReplayResult replay(TestLake lake) {
        ReplayResult result = letters.replayAll(lake.sink());
        lake.commit(feed.end());
        letters.settle(lake.sink());
        return result;
    }

    private SequenceNumber at(long ordinal) {
        return new SequenceNumber(feed.commitLsn(), ordinal);
    }

    @Test
    void a_bad_row_leaves_no_trace_and_the_others_flow() {
        TestLake lake = lake(row(1, "a", 1), row(2, "b", 2), row(3, "c", 3));
        feed.begin()
                .update(KEYED, 1, "A", BAD)
                .insert(KEYED, 4, "d", BAD)
                .update(KEYED, 'K', Arrays.asList(2, null, null), List.of(20, "b", BAD))
                .update(KEYED, 3, "C", 33)
                .insert(KEYED, 5, "e", 5);
        WriteResult result = lake.write(feed.commit().batch());
        lake.commit(feed.end());
        assertThat(lake.rows("orders")).containsExactly("1|a|1", "2|b|2", "3|C|33", "5|e|5");
        assertThat(result.divergences()).isEmpty();
        assertThat(result.parked()).extracting(ParkedRow::at).containsExactly(at(0), at(1), at(2));
        assertThat(result.parked())
                .extracting(row -> String.join(" ", row.keys()))
                .containsExactly("[1]", "[4]", "[20] [2]");
        assertThat(result.parked())
                .allSatisfy(
                        row -> assertThat(row.failure().orElseThrow().code()).isEqualTo(ErrorCode.VALUE_MALFORMED));
        assertThat(lake.sink().committedUpTo(KEYED)).contains(feed.end());
    }

    @Test
    void without_leave_the_table_is_held() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        WriteResult result =
                lake.write(feed.begin().update(KEYED, 1, "A", BAD).commit().batch());
        assertThat(result.rejections()).hasSize(1);
        assertThat(result.parked()).isEmpty();
    }

    @Test
    void a_change_alone_keeps_its_place_and_time() {
        TestLake lake = lake();
        ChangeBatch change = lake.write(feed.begin()
                        .insert(KEYED, 1, "good", 1)
                        .insert(KEYED, 2, "bad", BAD)
                        .commit()
                        .batch())
                .parked()
                .get(0)
                .change();
        var cursor = change.cursor();
        assertThat(cursor.next() && cursor.next()).isTrue();
        assertThat(cursor.ordinal()).isEqualTo(1);
        assertThat(cursor.commitLsn()).isEqualTo(feed.commitLsn());
        assertThat(cursor.commitMicros()).isEqualTo(1_700_000_000_000_000L + feed.xid());
        assertThat(cursor.xid()).isEqualTo((int) feed.xid());
        assertThat(cursor.relation()).isEqualTo(KEYED);
        assertThat(cursor.next()).isFalse();
    }

    @Test
    void what_touches_a_parked_key_waits_behind_it_and_so_on() {
        TestLake lake = lake(row(1, "a", 1), row(2, "b", 2), row(3, "c", 3));
        feed.begin()
                .update(KEYED, 1, "A", BAD)
                .update(KEYED, 1, "AA", 11)
                .update(KEYED, 'K', Arrays.asList(1, null, null), List.of(7, "AAA", 7))
                .insert(KEYED, 1, "new", 1)
                .delete(KEYED, 'K', 7, null, null)
                .update(KEYED, 2, "B", 22);
        apply(lake);
        assertThat(lake.rows("orders")).containsExactly("1|a|1", "2|B|22", "3|c|3");
        assertThat(letters.size()).isEqualTo(5);
        assertThat(letters.keys()).containsOnlyKeys("[1]", "[7]");
        feed.begin().insert(KEYED, 7, "again", 77).update(KEYED, 3, "C", 33);
        apply(lake);
        restart(lake);
        feed.begin().delete(KEYED, 'K', 1, null, null);
        apply(lake);
        assertThat(lake.rows("orders")).containsExactly("1|a|1", "2|B|22", "3|C|33");
        assertThat(replay(lake).refused()).isEmpty();
        assertThat(lake.rows("orders")).containsExactly("2|B|22", "3|C|33", "7|again|77");
        assertThat(letters.isEmpty()).isTrue();
    }

    @Test
    void a_bad_value_that_the_source_corrected_does_no_harm() {
        TestLake lake = lake(row(1, "a", 1));
        feed.begin().update(KEYED, 1, "A", BAD).insert(KEYED, 2, "b", BAD);
        apply(lake);
        assertThat(replay(lake).taken()).isEmpty();
        feed.begin().update(KEYED, 1, "A", 11).update(KEYED, 2, "b", BAD).update(KEYED, 2, UNCHANGED, 22);
        apply(lake);
        ReplayResult result = replay(lake);
        assertThat(result.taken()).hasSize(2);
        assertThat(result.refused())
                .as("the last change of key 2 needs the name that the bad one brought")
                .hasSize(3)
                .allSatisfy(row -> assertThat(row.keys()).containsExactly("[2]"));
        assertThat(lake.rows("orders")).containsExactly("1|A|11");
        feed.begin().update(KEYED, 2, "b", 23);
        apply(lake);
        assertThat(replay(lake).refused()).isEmpty();
        assertThat(lake.rows("orders")).containsExactly("1|A|11", "2|b|23");
    }

    /** Under REPLICA IDENTITY FULL what corrects or deletes a row brings its bad value once more, as the old one. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_bad_value_in_an_old_row_does_no_harm(boolean softDelete) {
        RelationSchema dated = Relations.orders(
                ReplicaIdentity.FULL,
                List.of(0),
                Column.of("id", 1, Relations.INT8),
                Column.of("name", 2, Relations.TEXT),
                Column.of("day", 3, Relations.DATE));
        TestLake lake = new TestLake(options -> options.table(
                        ORDERS, softDelete ? TableOptions.DEFAULTS.withSoftDelete() : TableOptions.DEFAULTS))
                .parking(10)
                .loaded(dated, row(1, "a", "2026-01-01"));
        feed.begin()
                .update(dated, 'O', List.of(1, "a", "2026-01-01"), List.of(1, "A", "infinity"))
                .insert(dated, 2, "b", "-infinity")
                .insert(dated, 3, "c", "infinity");
        apply(lake);
        assertThat(replay(lake).taken()).isEmpty();
        feed.begin()
                .update(dated, 'O', List.of(1, "A", "infinity"), List.of(1, UNCHANGED, "2026-01-02"))
                .update(dated, 'O', List.of(2, "b", "-infinity"), List.of(20, "b", "2026-02-02"))
                .delete(dated, 'O', 3, "c", "infinity");
        apply(lake);
        ReplayResult result = replay(lake);
        if (softDelete) {
            assertThat(result.refused())
                    .as("old rows stay, and need their values")
                    .hasSize(4);
            assertThat(lake.rows("orders", "id", "name", "day")).containsExactly("1|A|2026-01-02");
        } else {
            assertThat(result.refused()).isEmpty();
            assertThat(lake.rows("orders")).containsExactly("1|A|2026-01-02", "20|b|2026-02-02");
        }
    }

    @Test
    void a_row_that_moved_away_from_a_bad_value_is_not_there_twice() {
        TestLake lake = lake(row(1, "a", 1));
        feed.begin()
                .update(KEYED, 'K', Arrays.asList(1, null, null), List.of(2, "a", BAD))
                .update(KEYED, 2, "a", 2);
        apply(lake);
        assertThat(replay(lake).refused()).isEmpty();
        assertThat(lake.rows("orders")).containsExactly("2|a|2");
    }

    @Test
    void what_still_does_not_fit_keeps_back_what_hangs_together_with_it() {
        TestLake lake = lake(row(1, "a", 1), row(2, "b", 2));
        feed.begin()
                .update(KEYED, 1, "A", BAD)
                .update(KEYED, 2, "B", BAD)
                .update(KEYED, 2, "B", 22)
                .update(KEYED, 'K', Arrays.asList(1, null, null), List.of(9, UNCHANGED, 9));
        apply(lake);
        ReplayResult result = replay(lake);
        assertThat(result.taken()).containsExactly(at(1), at(2));
        assertThat(result.refused()).extracting(ParkedRow::at).containsExactly(at(0), at(3));
        assertThat(result.refused())
                .extracting(row -> row.failure().isPresent())
                .containsExactly(true, false);
        assertThat(lake.rows("orders")).containsExactly("1|a|1", "2|B|22");
        assertThat(letters.keys()).containsOnlyKeys("[1]", "[9]");
        feed.begin().update(KEYED, 2, "flows again", 3).insert(KEYED, 1, "waits", 1);
        apply(lake);
        assertThat(lake.rows("orders")).containsExactly("1|a|1", "2|flows again|3");
    }

    @Test
    void an_update_whose_old_version_is_missing_is_parked_with_nothing_staged() {
        TestLake lake = lake(row(1, "a", 1));
        feed.begin().update(KEYED, 7, UNCHANGED, 7).update(KEYED, 1, "A", 11);
        WriteResult result = lake.write(feed.commit().batch());
        lake.commit(feed.end());
        assertThat(result.parked())
                .singleElement()
                .satisfies(row ->
                        assertThat(row.failure().orElseThrow().code()).isEqualTo(ErrorCode.UNCHANGED_UNRESOLVED));
        assertThat(lake.rows("orders")).containsExactly("1|A|11");
    }

    @Test
    void an_insert_that_does_not_carry_every_value_is_parked_with_nothing_staged() {
        TestLake lake = lake(row(1, "a", 1), row(3, "c", 3));
        feed.begin()
                .insert(KEYED, 2, UNCHANGED, 2)
                .insert(KEYED, 3, UNCHANGED, 33)
                .update(KEYED, 1, "A", 11);
        write(lake);
        lake.commit(feed.end());
        assertThat(letters.places()).containsExactly(at(0), at(1));
        assertThat(letters.first().orElseThrow().failure().orElseThrow().code())
                .isEqualTo(ErrorCode.UNCHANGED_UNRESOLVED);
        assertThat(lake.rows("orders")).containsExactly("1|A|11", "3|c|3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"insert", "update", "move", "delete"})
    void a_key_that_cannot_be_told_holds_the_table(String change) {
        TestLake lake = lake(row(1, "a", 1));
        feed.begin();
        switch (change) {
            case "insert" -> feed.insert(KEYED, BAD, "x", 1);
            case "update" -> feed.update(KEYED, BAD, "x", 1);
            case "move" -> feed.update(KEYED, 'K', Arrays.asList(1, null, null), List.of(BAD, "x", 1));
            default -> feed.delete(KEYED, 'K', BAD, null, null);
        }
        WriteResult result = lake.write(feed.commit().batch());
        assertThat(result.rejections()).hasSize(1);
        assertThat(result.parked()).isEmpty();
    }

    @Test
    void a_table_without_key_is_held() {
        TestLake lake = new TestLake().parking(10).loaded(KEYLESS, row(1, "a", 1));
        WriteResult result =
                lake.write(feed.begin().insert(KEYLESS, 2, "b", BAD).commit().batch());
        assertThat(result.rejections()).hasSize(1);
        assertThat(result.parked()).isEmpty();
    }

    @Test
    void truncate_makes_what_came_before_it_void() {
        TestLake lake = lake(row(1, "a", 1));
        feed.begin().update(KEYED, 1, "A", BAD);
        apply(lake);
        feed.begin().insert(KEYED, 2, "b", BAD).truncate(KEYED).insert(KEYED, 1, "new", 1);
        WriteResult result = lake.write(feed.commit().batch());
        assertThat(result.parked()).isEmpty();
        assertThat(result.voided()).containsEntry(ORDERS, at(1));
        lake.commit(feed.end());
        letters.settle(lake.sink());
        assertThat(letters.isEmpty()).isTrue();
        assertThat(lake.rows("orders")).containsExactly("1|new|1");
    }

    @Test
    void a_truncate_that_was_not_committed_makes_nothing_void() {
        TestLake lake = lake(row(1, "a", 1));
        feed.begin().update(KEYED, 1, "A", BAD);
        apply(lake);
        ChangeBatch waits = feed.begin().update(KEYED, 1, UNCHANGED, 2).commit().batch();
        ChangeBatch empties =
                feed.begin().truncate(KEYED).insert(KEYED, 1, "new", 1).commit().batch();
        letters.add(lake.write(waits));
        letters.add(lake.write(empties));
        lake.sink().discard();
        assertThat(lake.write(waits).parked()).as("after a discard").hasSize(1);
        letters.add(lake.write(empties));
        restart(lake);
        assertThat(letters.keys()).containsOnlyKeys("[1]");
        assertThat(lake.write(waits).parked()).as("after a crash").hasSize(1);
        letters.add(lake.write(empties));
        lake.commit(feed.end());
        letters.settle(lake.sink());
        assertThat(letters.isEmpty()).isTrue();
        assertThat(lake.rows("orders")).containsExactly("1|new|1");
    }

    @Test
    void a_repetition_after_a_crash_is_parked_at_the_same_place() {
        TestLake lake = lake(row(1, "a", 1));
        ChangeBatch batch = feed.begin()
                .update(KEYED, 1, "before", 2)
                .update(KEYED, 1, "A", BAD)
                .update(KEYED, 1, "behind", 3)
                .commit()
                .batch();
        letters.add(lake.write(batch));
        restart(lake);
        assertThat(letters.size()).isEqualTo(2);
        WriteResult again = lake.write(batch);
        letters.add(again);
        lake.commit(feed.end());
        assertThat(again.parked()).extracting(ParkedRow::at).containsExactlyElementsOf(letters.places());
        assertThat(lake.rows("orders")).containsExactly("1|before|2");
    }

    @Test
    void a_replay_tells_its_name_only_with_its_commit() {
        TestLake lake = lake(row(1, "a", 1));
        feed.begin().update(KEYED, 1, "A", BAD).update(KEYED, 1, "A", 2);
        apply(lake);
        letters.replayAll(lake.sink());
        restart(lake);
        assertThat(letters.size()).as("it was not committed").isEqualTo(2);
        letters.replayAll(lake.sink());
        lake.commit(feed.end());
        restart(lake);
        assertThat(letters.isEmpty())
                .as("it was committed, and nobody was told")
                .isTrue();
        assertThat(lake.rows("orders")).containsExactly("1|A|2");
        feed.begin().update(KEYED, 1, UNCHANGED, 3);
        apply(lake);
        assertThat(lake.rows("orders")).containsExactly("1|A|3");
    }

    @Test
    void what_is_in_the_table_is_not_replayed_again() {
        TestLake lake = lake(row(1, "a", 1));
        feed.begin().update(KEYED, 1, "A", BAD).update(KEYED, 1, "A", 2);
        apply(lake);
        List<ParkedRow> both = letters.together(letters.places());
        replay(lake);
        feed.begin().update(KEYED, 1, "newer", 3);
        apply(lake);
        assertThatThrownBy(() -> lake.sink().replay(ORDERS, both, "again"))
                .isInstanceOf(PhilotesException.class)
                .extracting("code")
                .isEqualTo(ErrorCode.DEFECT);
        lake.sink().discard();
        assertThat(lake.rows("orders")).containsExactly("1|newer|3");
    }

    @Test
    void a_name_alone_keeps_another_instance_from_committing_its_replay() {
        TestLake lake = lake(row(1, "a", 1));
        feed.begin().update(KEYED, 1, "A", BAD).update(KEYED, 1, "A", 2);
        apply(lake);
        IcebergSink zombie = lake.sink();
        letters.replayAll(zombie);
        lake.restart();
        letters.resume(lake.sink(), KEYED);
        letters.replay(lake.sink(), List.of());
        lake.commit(feed.end());
        assertThat(zombie.commit(feed.end()).toCompletableFuture().isCompletedExceptionally())
                .isTrue();
        assertThat(lake.rows("orders")).containsExactly("1|a|1");
        assertThat(replay(lake).refused()).isEmpty();
        assertThat(lake.rows("orders")).containsExactly("1|A|2");
    }

    @Test
    void what_the_stream_still_brings_is_not_replayed() {
        TestLake lake = lake(row(1, "a", 1));
        feed.begin().update(KEYED, 1, "A", BAD).update(KEYED, 1, "A", 2);
        write(lake);
        restart(lake);
        assertThatThrownBy(() -> letters.replayAll(lake.sink()))
                .isInstanceOf(PhilotesException.class)
                .hasMessageContaining("still to come");
    }

    @Test
    void a_replay_after_a_crash_does_not_take_the_schema_back() {
        TestLake lake = lake(row(1, "a", 1));
        feed.begin().update(KEYED, 1, "A", BAD).update(KEYED, 1, "A", 2);
        apply(lake);
        List<Column> columns = new ArrayList<>(KEYED.columns());
        columns.add(Column.of("added", 4, Relations.TEXT));
        RelationSchema altered = Relations.orders(KEYED.identity(), KEYED.keyColumns(), columns.toArray(Column[]::new));
        lake.write(feed.begin().insert(altered, 2, "b", 2, "new").commit().batch());
        assertThat(lake.table("orders").schema().findField("added")).isNotNull();
        restart(lake);
        letters.replayAll(lake.sink());
        assertThat(lake.table("orders").schema().findField("added")).isNotNull();
    }

    @Test
    void who_does_not_set_rows_aside_any_more_cannot_go_on_with_a_table_that_has_some() {
        TestLake lake = lake(row(1, "a", 1));
        feed.begin().update(KEYED, 1, "A", BAD);
        apply(lake);
        lake.parking(0);
        assertThatThrownBy(() -> lake.sink().resume(KEYED, feed.end()))
                .isInstanceOf(PhilotesException.class)
                .hasMessageContaining("set aside");
        TestLake.load(lake.sink(), KEYED, feed.end(), row(1, "copied", 1));
        lake.restart().resume(KEYED, feed.end());
        assertThat(lake.rows("orders")).containsExactly("1|copied|1");
    }

    @Test
    void a_row_of_a_copy_that_does_not_fit_is_parked_before_every_change() {
        TestLake lake = new TestLake().parking(10);
        try (var load = lake.sink().load(io.philotes.model.TablePicture.of(KEYED), LOADED_AT)) {
            try (var writer = load.writer()) {
                writer.write(TestLake.view(1, "a", 1));
                writer.write(TestLake.view(2, "b", BAD));
            }
            letters.add(load.parked());
            load.commit();
        }
        letters.settle(lake.sink());
        assertThat(letters.keys()).containsOnlyKeys("[2]");
        assertThat(letters.first().orElseThrow().at()).isLessThan(new SequenceNumber(LOADED_AT, 0));
        assertThat(lake.rows("orders")).containsExactly("1|a|1");
        feed.begin().update(KEYED, 2, "B", 22).update(KEYED, 1, "A", 11);
        apply(lake);
        restart(lake);
        assertThat(lake.rows("orders")).containsExactly("1|A|11");
        assertThat(replay(lake).refused()).isEmpty();
        assertThat(lake.rows("orders")).containsExactly("1|A|11", "2|B|22");
    }

    @Test
    void a_copy_makes_what_was_parked_before_it_void() {
        TestLake lake = lake(row(1, "a", 1));
        feed.begin().update(KEYED, 1, "A", BAD);
        apply(lake);
        TestLake.load(lake.sink(), KEYED, feed.end(), row(1, "copied", 1));
        letters.settle(lake.sink());
        assertThat(letters.isEmpty()).isTrue();
        feed.begin().update(KEYED, 1, "follows", 2);
        apply(lake);
        assertThat(lake.rows("orders")).containsExactly("1|follows|2");
    }

    @Test
    void too_many_rows_of_a_copy_end_it() {
        TestLake lake = new TestLake().parking(1);
        assertThatThrownBy(() -> lake.loaded(KEYED, row(1, "a", BAD), row(2, "b", BAD)))
                .isInstanceOf(PhilotesException.class)
                .hasMessageContaining("more than 1");
    }

    @Test
    void a_history_parks_the_change_alone() {
        TestLake lake = new TestLake(options -> options.mode(WriteMode.APPEND))
                .parking(10)
                .loaded(KEYED);
        feed.begin()
                .insert(KEYED, 1, "a", 1)
                .update(KEYED, 1, "b", BAD)
                .update(KEYED, 1, "c", 3)
                .delete(KEYED, 'K', 1, null, null);
        apply(lake);
        assertThat(letters.size()).isEqualTo(1);
        assertThat(lake.rows("orders", "name", "_cdc_operation", "_cdc_ordinal"))
                .containsExactly("a|insert|0", "c|update|2", "null|delete|3");
        assertThat(replay(lake).refused()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_replayed_row_says_which_change_wrote_it(boolean softDelete) {
        TestLake lake = new TestLake(options -> options.table(
                        ORDERS,
                        softDelete ? TableOptions.DEFAULTS.withSoftDelete() : TableOptions.DEFAULTS.withCdcColumns()))
                .parking(10)
                .loaded(TEXT_KEYED, row("x", "a", 1));
        feed.begin().update(TEXT_KEYED, "x", "A", BAD).update(TEXT_KEYED, "x", "AA", 2);
        apply(lake);
        assertThat(replay(lake).refused()).isEmpty();
        assertThat(lake.rows("orders", "id", "name", "_cdc_operation", "_cdc_ordinal"))
                .containsExactly("x|AA|update|1");
    }

    @Test
    void a_deleted_row_that_stays_needs_the_values_that_did_not_fit() {
        TestLake lake = new TestLake(options -> options.table(ORDERS, TableOptions.DEFAULTS.withSoftDelete()))
                .parking(10)
                .loaded(TEXT_KEYED, row("x", "a", 1));
        feed.begin().update(TEXT_KEYED, "x", "A", BAD).delete(TEXT_KEYED, 'K', "x", null, null);
        apply(lake);
        assertThat(replay(lake).refused()).hasSize(2);
        assertThat(lake.rows("orders", "id", "name", "amount", "_cdc_deleted")).containsExactly("x|a|1|false");
    }
}
