// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.FLOAT4;
import static io.philotes.sink.iceberg.Relations.FLOAT8;
import static io.philotes.sink.iceberg.Relations.INT4;
import static io.philotes.sink.iceberg.Relations.INT8;
import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.TEXT;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static io.philotes.sink.iceberg.Tuples.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.error.ErrorCode;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import io.philotes.sink.WriteResult;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class SchemaChangeTest {

    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    private static RelationSchema keyed(Column... columns) {
        return Relations.orders(ReplicaIdentity.DEFAULT, List.of(0), columns);
    }

    private static final Column ID = Column.of("id", 1, INT8);
    private static final Column NAME = Column.of("name", 2, TEXT);
    private static final Column AMOUNT = Column.of("amount", 3, INT4);

    @Test
    void columns_are_added_dropped_renamed_and_widened_in_one_transaction() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1), row(2, "b", 2));
        int nameId = lake.table("orders").schema().findField("name").fieldId();
        RelationSchema added = keyed(ID, NAME, AMOUNT, Column.of("note", 4, TEXT));
        RelationSchema renamed = keyed(ID, Column.of("title", 2, TEXT), AMOUNT, Column.of("note", 4, TEXT));
        RelationSchema widened =
                keyed(ID, Column.of("title", 2, TEXT), Column.of("amount", 3, INT8), Column.of("note", 4, TEXT));
        RelationSchema dropped = keyed(ID, Column.of("title", 2, TEXT), Column.of("amount", 3, INT8));
        lake.apply(feed.begin()
                .update(KEYED, 1, UNCHANGED, 10)
                .insert(added, 3, "c", 3, "noted")
                .update(renamed, 3, "C", 3, "again")
                .insert(widened, 4, "d", 5_000_000_000L, "x")
                .insert(dropped, 5, "e", 5)
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|a|10", "2|b|2", "3|C|3", "4|d|5000000000", "5|e|5");
        assertThat(lake.table("orders").schema().findField("title").fieldId()).isEqualTo(nameId);
        assertThat(lake.table("orders").schema().findField("amount").type()).isEqualTo(Types.LongType.get());
    }

    @Test
    void a_replay_of_older_versions_never_runs_backwards() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        RelationSchema wider = keyed(ID, Column.of("title", 2, TEXT), Column.of("note", 4, TEXT));
        ChangeBatch batch = feed.begin()
                .update(KEYED, 1, "b", 2)
                .commit()
                .begin()
                .insert(wider, 2, "c", "noted")
                .commit()
                .batch();
        lake.write(batch);
        int schemaId = lake.table("orders").schema().schemaId();
        assertThat(lake.rows("orders")).containsExactly("1|a|null");
        lake.restart().resume(wider, LOADED_AT);
        lake.write(batch);
        lake.commit(feed.end());
        assertThat(lake.table("orders").schema().schemaId()).isEqualTo(schemaId);
        assertThat(lake.rows("orders")).containsExactly("1|b|null", "2|c|noted");
    }

    @Test
    void the_same_change_that_another_instance_made_first_is_found() throws Exception {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        RelationSchema wider = keyed(ID, Column.of("title", 2, TEXT), AMOUNT, Column.of("note", 4, TEXT));
        ChangeBatch batch = feed.begin().insert(wider, 2, "b", 2, "x").commit().batch();
        IcebergSink other = lake.another(TestLake.PIPELINE_ID, 1);
        other.resume(wider, LOADED_AT);
        other.write(batch);
        assertThat(lake.write(batch)).isEqualTo(WriteResult.CLEAN);
        lake.commit(feed.end());
        assertThat(lake.rows("orders")).containsExactly("1|a|1|null", "2|b|2|x");
    }

    @Test
    void a_column_dropped_and_added_again_is_a_new_one() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        int before = lake.table("orders").schema().findField("name").fieldId();
        RelationSchema again = keyed(ID, AMOUNT, Column.of("name", 4, TEXT));
        ChangeBatch batch = feed.begin()
                .update(KEYED, 1, "old", 10)
                .insert(again, 2, 2, "new")
                .commit()
                .batch();
        lake.write(batch);
        lake.restart().resume(again, LOADED_AT);
        lake.write(batch);
        lake.commit(feed.end());
        assertThat(lake.rows("orders")).containsExactly("1|10|null", "2|2|new");
        assertThat(lake.table("orders").schema().findField("name").fieldId()).isNotEqualTo(before);
    }

    @Test
    void a_column_that_takes_the_place_of_a_dropped_one_is_a_new_one() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        RelationSchema replaced = keyed(ID, AMOUNT, Column.of("title", 4, TEXT));
        lake.apply(feed.begin().insert(replaced, 2, 2, "new").commit());
        assertThat(lake.rows("orders")).containsExactly("1|1|null", "2|2|new");
    }

    @Test
    void names_can_be_swapped() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        RelationSchema swapped = keyed(ID, Column.of("amount", 2, TEXT), Column.of("name", 3, INT4));
        lake.apply(feed.begin().insert(swapped, 2, "b", 2).commit());
        assertThat(lake.table("orders").schema().findField("amount").type()).isEqualTo(Types.StringType.get());
        assertThat(lake.rows("orders")).containsExactly("1|a|1", "2|b|2");
    }

    @Test
    void a_key_of_several_columns_stays_the_key_when_they_swap_their_names() {
        RelationSchema before = Relations.orders(
                ReplicaIdentity.DEFAULT, List.of(0, 1), Column.of("a", 1, INT4), Column.of("b", 2, INT4), AMOUNT);
        RelationSchema swapped = Relations.orders(
                ReplicaIdentity.DEFAULT, List.of(0, 1), Column.of("b", 1, INT4), Column.of("a", 2, INT4), AMOUNT);
        TestLake lake = new TestLake().loaded(before, row(1, 1, 11), row(2, 1, 21));
        Set<Integer> key = lake.table("orders").schema().identifierFieldIds();
        lake.apply(feed.begin()
                .insert(swapped, 1, 2, 12)
                .insert(swapped, 2, 2, 22)
                .update(swapped, 1, 1, 111)
                .commit());
        assertThat(lake.table("orders").schema().identifierFieldIds()).isEqualTo(key);
        assertThat(lake.rows("orders", "b", "a", "amount")).containsExactly("1|1|111", "1|2|12", "2|1|21", "2|2|22");
    }

    @Test
    void a_key_column_passes_its_name_on() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        RelationSchema passed =
                keyed(Column.of("name", 1, INT8), Column.of("amount", 2, TEXT), Column.of("id", 3, INT4));
        lake.apply(feed.begin()
                .insert(passed, 2, "b", 2)
                .update(passed, 1, UNCHANGED, 10)
                .commit());
        assertThat(lake.table("orders").schema().identifierFieldNames()).containsExactly("name");
        assertThat(lake.rows("orders", "name", "amount", "id")).containsExactly("1|a|10", "2|b|2");
    }

    @Test
    void a_key_column_takes_the_name_of_one_that_is_dropped() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        RelationSchema taken = keyed(Column.of("name", 1, INT8), AMOUNT);
        lake.apply(feed.begin().insert(taken, 2, 2).update(taken, 1, 10).commit());
        assertThat(lake.table("orders").schema().identifierFieldNames()).containsExactly("name");
        assertThat(lake.rows("orders", "name", "amount")).containsExactly("1|10", "2|2");
    }

    @Test
    void a_new_name_that_differs_in_case_only_is_marked() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        RelationSchema renamed = keyed(ID, NAME, Column.of("NAME", 3, INT4));
        lake.apply(feed.begin().insert(renamed, 2, "b", 2).commit());
        assertThat(lake.table("orders").schema().columns())
                .extracting("name")
                .containsExactly("id", "name", "NAME_n0003_");
        lake.apply(feed.begin().insert(renamed, 3, "c", 3).commit());
        assertThat(lake.rows("orders")).containsExactly("1|a|1", "2|b|2", "3|c|3");
    }

    @Test
    void floats_widen() {
        RelationSchema narrow = keyed(ID, Column.of("f", 2, FLOAT4));
        RelationSchema wide = keyed(ID, Column.of("f", 2, FLOAT8));
        TestLake lake = new TestLake().loaded(narrow, row(1, "1.5"));
        lake.apply(feed.begin().insert(wide, 2, "2.25").commit());
        assertThat(lake.rows("orders")).containsExactly("1|1.5", "2|2.25");
    }

    @Test
    void a_default_that_older_rows_cannot_show_is_told() {
        TestLake lake = new TestLake(options -> options.formatVersion(2)).loaded(KEYED, row(1, "a", 1));
        RelationSchema defaulted =
                keyed(ID, NAME, AMOUNT, new Column("c", 4, INT4, -1, false, java.util.Optional.of("7")));
        WriteResult result =
                lake.write(feed.begin().insert(defaulted, 2, "b", 2, 7).commit().batch());
        assertThat(result.divergences())
                .singleElement()
                .satisfies(d ->
                        assertThat(d.reason()).isEqualTo("column c was added with a default: older rows show NULL"));
    }

    @Test
    void what_iceberg_cannot_follow_suspends_the_table() {
        refused(keyed(ID, Column.of("name", 2, INT4), AMOUNT), row(2, 2, 2));
        refused(Relations.orders(ReplicaIdentity.DEFAULT, List.of(1), ID, NAME, AMOUNT), row(2, "b", 2));
        refused(keyed(Column.of("other", 9, INT8), NAME, AMOUNT), row(2, "b", 2));
        refused(
                new RelationSchema(99, Relations.ORDERS, ReplicaIdentity.DEFAULT, KEYED.columns(), List.of(0)),
                row(2, "b", 2));
        refused(
                new RelationSchema(
                        4711, new TableId("public", "renamed"), ReplicaIdentity.DEFAULT, KEYED.columns(), List.of(0)),
                row(2, "b", 2));
    }

    private static void refused(RelationSchema version, Object[] row) {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        ChangeFeed feed = new ChangeFeed(LOADED_AT.value());
        WriteResult result = lake.write(feed.begin()
                .insert(KEYED, 5, "lost", 5)
                .insert(version, row)
                .commit()
                .batch());
        assertThat(result.rejections())
                .singleElement()
                .satisfies(r -> assertThat(r.failure().code()).isEqualTo(ErrorCode.RESYNC_NEEDED));
        assertThat(lake.commitResult(feed.end()).outcomes()).isEmpty();
        assertThat(lake.rows("orders")).containsExactly("1|a|1");
    }

    @Test
    void a_bad_value_suspends_the_table_and_keeps_nothing() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        WriteResult result = lake.write(feed.begin()
                .update(KEYED, 1, "lost", 2)
                .insert(KEYED, 2, "b", "not a number")
                .insert(KEYED, 3, "c", 3)
                .commit()
                .batch());
        assertThat(result.rejections())
                .singleElement()
                .satisfies(r -> assertThat(r.failure().code()).isEqualTo(ErrorCode.VALUE_MALFORMED));
        assertThat(lake.commitResult(feed.end()).outcomes()).isEmpty();
        assertThat(lake.rows("orders")).containsExactly("1|a|1");
    }
}
