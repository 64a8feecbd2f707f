// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.INT4;
import static io.philotes.sink.iceberg.Relations.INT8;
import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.KEYLESS;
import static io.philotes.sink.iceberg.Relations.ORDERS;
import static io.philotes.sink.iceberg.Relations.TEXT;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.error.ErrorCode;
import io.philotes.error.Recovery;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableFacts;
import io.philotes.model.TableId;
import io.philotes.model.TableNotice;
import io.philotes.model.TablePicture;
import io.philotes.sink.CommitResult;
import io.philotes.sink.Divergence;
import io.philotes.sink.Rejection;
import io.philotes.sink.WriteResult;
import io.philotes.testkit.OtherWriter;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A picture is true where it stands in the stream, so that no row is needed to follow it. */
class PictureTest {

    private static final Column ID = Column.of("id", 1, INT8);
    private static final Column NAME = Column.of("name", 2, TEXT);
    private static final Column AMOUNT = Column.of("amount", 3, INT4);

    private static final TableFacts FACTS = facts("100", 3, Map.of(1, 5L, 2, 5L, 3, 5L));

    private static final RelationSchema ITEMS = new RelationSchema(
            4712, new TableId("public", "items"), ReplicaIdentity.DEFAULT, List.of(ID, NAME), List.of(0));

    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    private static TableFacts facts(String file, int highest, Map<Integer, Long> columns) {
        return new TableFacts("rules", true, file, highest, columns, Map.of(), Map.of());
    }

    private static RelationSchema keyed(Column... columns) {
        return Relations.orders(ReplicaIdentity.DEFAULT, List.of(0), columns);
    }

    private static List<String> reasons(WriteResult result) {
        assertThat(result.rejections()).isEmpty();
        return result.divergences().stream().map(Divergence::reason).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void definitions_are_followed_though_no_row_comes(int formatVersion) {
        TestLake lake = new TestLake(options -> options.formatVersion(formatVersion))
                .loaded(KEYED, FACTS, row(1, "a", 1), row(2, "b", 2));
        RelationSchema altered = keyed(
                ID,
                Column.of("amount", 2, TEXT),
                new Column("name", 3, INT4, -1, true, java.util.Optional.empty()),
                Column.of("note", 4, TEXT));
        TableFacts now = facts("100", 4, Map.of(1, 5L, 2, 6L, 3, 6L, 4, 6L));
        lake.apply(feed.begin().picture(altered, now).commit());
        assertThat(lake.table("orders").schema().columns())
                .extracting(Types.NestedField::name)
                .containsExactly("id", "amount", "name", "note");
        assertThat(lake.rows("orders")).containsExactly("1|a|1|null", "2|b|2|null");
        assertThat(lake.sink().committedUpTo(altered)).contains(feed.end());
        assertThat(lake.sink().lastPicture(ORDERS)).contains(new TablePicture(altered, now));
        RelationSchema shorter = keyed(ID, Column.of("note", 4, TEXT));
        lake.apply(feed.begin()
                .picture(shorter, facts("100", 4, Map.of(1, 5L, 4, 6L)))
                .update(shorter, 1, "n")
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|n", "2|null");
    }

    @Test
    void what_is_known_already_is_no_commit() {
        TestLake lake = new TestLake().loaded(KEYED, FACTS, row(1, "a", 1));
        assertThat(reasons(
                        lake.write(feed.begin().picture(KEYED, FACTS).commit().batch())))
                .isEmpty();
        assertThat(lake.commitResult(feed.end()).outcomes()).isEmpty();
        lake.restart().resume(KEYED, LOADED_AT);
        lake.write(feed.begin().picture(KEYED, FACTS).commit().batch());
        assertThat(lake.commitResult(feed.end()).outcomes()).isEmpty();
    }

    @Test
    void a_table_without_facts_takes_the_first_as_they_are() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        lake.apply(feed.begin().picture(KEYED, FACTS).commit());
        assertThat(lake.sink().lastPicture(ORDERS)).contains(new TablePicture(KEYED, FACTS));
        lake.apply(feed.begin().picture(KEYED, FACTS).update(KEYED, 1, "b", 1).commit());
        assertThat(lake.rows("orders")).containsExactly("1|b|1");
    }

    @Test
    void what_was_not_committed_is_told_again_after_a_crash() {
        TestLake lake = new TestLake().loaded(KEYED, FACTS, row(1, "a", 1));
        RelationSchema added = keyed(ID, NAME, AMOUNT, Column.of("c", 4, INT4));
        TableFacts rewritten = facts("200", 4, Map.of(1, 5L, 2, 5L, 3, 5L, 4, 9L));
        ChangeBatch batch = feed.begin()
                .update(KEYED, 1, "b", 1)
                .commit()
                .begin()
                .picture(added, rewritten)
                .commit()
                .batch();
        String reason = "rows were rewritten when columns were added, so that older ones may hold values there: c";
        assertThat(reasons(lake.write(batch))).containsExactly(reason);
        lake.restart();
        assertThat(lake.table("orders").schema().findField("c")).as("ran ahead").isNotNull();
        assertThat(lake.sink().lastPicture(ORDERS)).as("that of the position").contains(new TablePicture(KEYED, FACTS));
        lake.sink().resume(added, LOADED_AT);
        assertThat(reasons(lake.write(batch))).containsExactly(reason);
        lake.commit(feed.end());
        assertThat(lake.rows("orders")).containsExactly("1|b|1|null");
        lake.restart().resume(added, LOADED_AT);
        assertThat(reasons(lake.write(batch))).as("it stands in the target").containsExactly(reason);
        assertThat(lake.sink().lastPicture(ORDERS)).contains(new TablePicture(added, rewritten));
        assertThat(reasons(lake.write(
                        feed.begin().picture(added, rewritten).commit().batch())))
                .isEmpty();
    }

    @Test
    void discarded_pictures_come_again() {
        TestLake lake = new TestLake().loaded(KEYED, FACTS, row(1, "a", 1));
        ChangeBatch batch = feed.begin()
                .picture(KEYED, facts("200", 3, Map.of(1, 5L, 2, 6L, 3, 5L)))
                .commit()
                .batch();
        assertThat(reasons(lake.write(batch))).hasSize(1);
        lake.sink().discard();
        assertThat(reasons(lake.write(batch))).hasSize(1);
        lake.commit(feed.end());
        assertThat(reasons(lake.write(batch))).isEmpty();
    }

    @Test
    void the_relation_of_the_newest_committed_row_is_the_known_one() {
        TestLake lake = new TestLake().loaded(KEYED, FACTS, row(1, "a", 1));
        RelationSchema added = keyed(ID, NAME, AMOUNT, Column.of("note", 4, TEXT));
        lake.apply(feed.begin().insert(added, 2, "b", 2, "x").commit());
        assertThat(lake.sink().lastPicture(ORDERS)).contains(new TablePicture(added, FACTS));
    }

    @Test
    void changes_that_were_left_out_end_the_table_and_no_other() {
        rejected(
                KEYED,
                new TableNotice.Undecodable("two readings"),
                "could not be understood and are left out: two readings");
        rejected(KEYED, new TableNotice.Gone("it was dropped at the source"), "it was dropped at the source");
    }

    @Test
    void what_no_copied_row_fits_ends_the_table_and_no_other() {
        RelationSchema otherKey = Relations.orders(ReplicaIdentity.DEFAULT, List.of(1), ID, NAME, AMOUNT);
        rejected(otherKey, new TableNotice.Picture(FACTS), "changed from [id] to [name]");
        RelationSchema noKey = Relations.orders(ReplicaIdentity.FULL, List.of(), ID, NAME, AMOUNT);
        rejected(noKey, new TableNotice.Picture(FACTS), "changed from [id] to []");
        RelationSchema otherType = keyed(ID, Column.of("name", 2, INT4), AMOUNT);
        rejected(otherType, new TableNotice.Picture(FACTS), "Cannot follow column name from string to int");
        TableId name = new TableId("archive", "orders");
        RelationSchema renamed = new RelationSchema(4711, name, ReplicaIdentity.DEFAULT, KEYED.columns(), List.of(0));
        rejected(renamed, new TableNotice.Picture(FACTS), "it was renamed to archive.orders");
        RelationSchema anew = new RelationSchema(99, ORDERS, ReplicaIdentity.DEFAULT, KEYED.columns(), List.of(0));
        rejected(anew, new TableNotice.Picture(FACTS), "it was dropped and created again");
        rejected(
                Relations.orders(ReplicaIdentity.DEFAULT, List.of()),
                new TableNotice.Picture(FACTS),
                "its last column was dropped");
    }

    private static void rejected(RelationSchema relation, TableNotice notice, String why) {
        TestLake lake = new TestLake().loaded(KEYED, FACTS, row(1, "a", 1)).loaded(ITEMS, row(1, "i"));
        ChangeFeed feed = new ChangeFeed(LOADED_AT.value());
        WriteResult result = lake.write(feed.begin()
                .insert(KEYED, 5, "lost", 5)
                .insert(ITEMS, 2, "j")
                .notice(relation, notice)
                .insert(KEYED, 6, "lost", 6)
                .insert(ITEMS, 3, "k")
                .commit()
                .batch());
        Rejection rejection = result.rejections().get(0);
        assertThat(result.rejections()).hasSize(1);
        assertThat(rejection.table()).isEqualTo(ORDERS);
        assertThat(rejection.at().commitLsn()).isEqualTo(feed.commitLsn());
        assertThat(rejection.failure().code()).isEqualTo(ErrorCode.RESYNC_NEEDED);
        assertThat(rejection.failure().recovery()).isEqualTo(Recovery.HOLD_TABLE);
        assertThat(rejection.failure()).hasMessageContaining(why).hasMessageContaining("table=public.orders");
        assertThat(lake.commitResult(feed.end()).outcomes()).containsOnlyKeys(ITEMS.table());
        assertThat(lake.rows("orders")).containsExactly("1|a|1");
        assertThat(lake.rows("items")).containsExactly("1|i", "2|j", "3|k");
    }

    @Test
    void the_hint_is_a_command() {
        TestLake lake = new TestLake().loaded(KEYED, FACTS, row(1, "a", 1));
        WriteResult result = lake.write(
                feed.begin().notice(KEYED, new TableNotice.Gone("x")).commit().batch());
        assertThat(result.rejections().get(0).failure().hint()).isEqualTo("bin/philotes resync shop public.orders");
    }

    @Test
    void two_tables_that_swapped_their_names_both_end() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1)).loaded(ITEMS, row(1, "i"));
        RelationSchema ordersNow =
                new RelationSchema(4711, ITEMS.table(), ReplicaIdentity.DEFAULT, KEYED.columns(), List.of(0));
        assertThat(lake.write(feed.begin().insert(ordersNow, 2, "b", 2).commit().batch())
                        .rejections())
                .singleElement()
                .satisfies(rejection -> assertThat(rejection.table()).isEqualTo(ORDERS));
        assertThat(lake.commitResult(feed.end()).outcomes()).isEmpty();
    }

    @Test
    void what_changes_no_row_and_no_key_is_followed() {
        TestLake lake = new TestLake().loaded(KEYED, FACTS, row(1, "a", 1));
        RelationSchema notNull = keyed(ID, new Column("name", 2, TEXT, -1, true, java.util.Optional.empty()), AMOUNT);
        RelationSchema full = Relations.orders(ReplicaIdentity.FULL, List.of(0), ID, NAME, AMOUNT);
        lake.apply(feed.begin()
                .picture(notNull, facts("100", 3, Map.of(1, 5L, 2, 6L, 3, 5L)))
                .commit());
        lake.apply(feed.begin()
                .picture(full, facts("101", 3, Map.of(1, 5L, 2, 6L, 3, 5L)))
                .insert(full, 2, null, 2)
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|a|1", "2|null|2");
    }

    @Test
    void notices_before_the_tables_position_are_skipped() {
        TestLake lake = new TestLake();
        ChangeBatch old = feed.begin()
                .notice(KEYED, new TableNotice.Gone("x"))
                .commit()
                .begin()
                .picture(keyed(ID), FACTS)
                .commit()
                .batch();
        TestLake.load(lake.sink(), new TablePicture(KEYED, FACTS), feed.end(), row(1, "a", 1));
        assertThat(lake.write(old)).isEqualTo(WriteResult.CLEAN);
        lake.sink().suspend(ORDERS);
        ChangeBatch next =
                feed.begin().notice(KEYED, new TableNotice.Gone("x")).commit().batch();
        assertThat(lake.write(next)).isEqualTo(WriteResult.CLEAN);
    }

    @Test
    void a_column_that_was_there_before_must_be_copied() {
        RelationSchema part = keyed(ID, NAME);
        TestLake lake = new TestLake().loaded(part, FACTS, row(1, "a"));
        Column kept = new Column("amount", 3, INT4, -1, false, java.util.Optional.of("7"));
        WriteResult result = lake.write(
                feed.begin().insert(keyed(ID, NAME, kept), 2, "b", 2).commit().batch());
        assertThat(reasons(result))
                .containsExactly("column amount was there before and is mirrored only now: older rows show NULL");
        lake.commit(feed.end());
        assertThat(lake.rows("orders")).containsExactly("1|a|null", "2|b|2");
    }

    @Test
    void other_rules_are_told_until_the_table_is_copied() {
        TestLake lake = new TestLake().loaded(KEYED, FACTS, row(1, "a", 1));
        TablePicture now = new TablePicture(KEYED, FACTS.withRules("where id > 5"));
        assertThat(lake.sink().reloadReason(new TablePicture(KEYED, FACTS))).isEmpty();
        assertThat(lake.sink().reloadReason(now).orElseThrow()).contains("filtered");
        assertThat(reasons(lake.write(feed.begin()
                        .picture(KEYED, now.facts())
                        .update(KEYED, 1, "b", 1)
                        .commit()
                        .batch())))
                .singleElement()
                .asString()
                .contains("filtered");
        lake.commit(feed.end());
        assertThat(lake.sink().reloadReason(now)).isPresent();
        TestLake.load(lake.sink(), now, feed.end(), row(1, "a", 1));
        assertThat(lake.sink().reloadReason(now)).isEmpty();
        assertThat(lake.sink().lastPicture(ORDERS)).contains(now);
    }

    @Test
    void what_other_rules_said_stands_in_the_target_until_the_table_is_copied() {
        TestLake lake = new TestLake().loaded(KEYED, FACTS, row(1, "a", 1));
        TableFacts now = FACTS.withRules("rules\nmore");
        lake.write(feed.begin().picture(KEYED, now).commit().batch());
        lake.commit(feed.end());
        lake.write(feed.begin().picture(KEYED, FACTS).commit().batch());
        lake.commit(feed.end());
        lake.restart();
        assertThat(lake.sink().lastPicture(ORDERS).orElseThrow().facts().rules())
                .isEqualTo("rules\nchanged\nmore");
        assertThat(lake.sink().reloadReason(new TablePicture(KEYED, FACTS)))
                .as("rows between the two were written by other rules")
                .isPresent();
        TestLake.load(lake.sink(), new TablePicture(KEYED, FACTS), feed.end(), row(1, "a", 1));
        assertThat(lake.sink().reloadReason(new TablePicture(KEYED, FACTS))).isEmpty();
    }

    @Test
    void types_and_row_options_that_changed_are_reasons_to_copy_again() {
        var catalog = TestLake.memoryCatalog();
        TestLake lake = new TestLake(catalog, options -> options).loaded(KEYED, FACTS, row(1, "a", 1));
        TablePicture now = new TablePicture(KEYED, FACTS);
        TestLake asText = new TestLake(catalog, options -> options.type("int4", "string"));
        assertThat(asText.sink().reloadReason(now).orElseThrow()).contains("column amount is int");
        TestLake soft = new TestLake(catalog, IcebergSinkBuilder::withSoftDelete);
        assertThat(soft.sink().reloadReason(now).orElseThrow()).contains("soft-delete");
        assertThat(lake.sink().reloadReason(new TablePicture(ITEMS, FACTS)))
                .as("no target")
                .isEmpty();
        assertThat(lake.sink().lastPicture(ITEMS.table())).isEmpty();
        assertThat(lake.another("somebody else", 9).lastPicture(ORDERS)).isEmpty();
    }

    @Test
    void others_may_commit_before_a_picture_whose_table_had_no_row() {
        for (RelationSchema relation : List.of(KEYED, KEYLESS)) {
            for (WriteMode mode : WriteMode.values()) {
                TestLake lake = new TestLake(options -> options.mode(mode)).loaded(relation, FACTS, row(1, "a", 1));
                ChangeFeed own = new ChangeFeed(LOADED_AT.value());
                TableFacts now = facts("101", 3, FACTS.columns());
                lake.write(own.begin().picture(relation, now).commit().batch());
                OtherWriter.compact(lake.table("orders"));
                lake.commit(own.end());
                assertThat(lake.sink().lastPicture(ORDERS)).contains(new TablePicture(relation, now));
                lake.apply(own.begin().insert(relation, 2, "b", 2).commit());
                assertThat(lake.rows("orders")).hasSize(2);
            }
        }
    }

    @Test
    void of_several_pictures_at_one_place_the_last_is_followed_also_in_a_replay() {
        TestLake lake = new TestLake().loaded(KEYED, FACTS, row(1, "a", 1));
        RelationSchema shorter = keyed(ID, AMOUNT);
        RelationSchema again = keyed(ID, AMOUNT, new Column("name", 4, TEXT, -1, false, java.util.Optional.of("new")));
        ChangeBatch batch = feed.begin()
                .picture(shorter, facts("100", 3, Map.of(1, 5L, 3, 5L)))
                .picture(again, facts("100", 4, Map.of(1, 5L, 3, 5L, 4, 9L)))
                .commit()
                .batch();
        assertThat(lake.write(batch)).isEqualTo(WriteResult.CLEAN);
        int schemas = lake.table("orders").schemas().size();
        lake.restart().resume(again, LOADED_AT);
        assertThat(lake.write(batch)).isEqualTo(WriteResult.CLEAN);
        lake.commit(feed.end());
        assertThat(lake.table("orders").schemas()).hasSize(schemas);
        assertThat(lake.rows("orders")).containsExactly("1|1|new");
    }

    @Test
    void a_replay_of_older_pictures_never_runs_backwards() {
        TestLake lake = new TestLake().loaded(KEYED, FACTS, row(1, "a", 1));
        RelationSchema wider = keyed(ID, NAME, AMOUNT, Column.of("note", 4, TEXT));
        TableFacts now = facts("100", 4, Map.of(1, 5L, 2, 5L, 3, 5L));
        List<ChangeBatch> batches = List.of(
                feed.begin().picture(wider, now).commit().batch(),
                feed.begin().picture(keyed(ID, NAME, AMOUNT), now).commit().batch());
        batches.forEach(batch -> assertThat(lake.write(batch)).isEqualTo(WriteResult.CLEAN));
        int schemas = lake.table("orders").schemas().size();
        lake.restart().resume(KEYED, LOADED_AT);
        batches.forEach(batch -> assertThat(lake.write(batch)).isEqualTo(WriteResult.CLEAN));
        lake.commit(feed.end());
        assertThat(lake.table("orders").schemas()).hasSize(schemas);
        assertThat(lake.rows("orders")).containsExactly("1|a|1");
    }

    @Test
    void what_stands_in_the_way_in_the_target_is_named() {
        TestLake lake = new TestLake(options -> options.table(ORDERS, TableOptions.DEFAULTS.partitionBy("name")))
                .loaded(KEYED, FACTS, row(1, "a", 1));
        WriteResult result = lake.write(
                feed.begin().picture(keyed(ID, AMOUNT), FACTS).commit().batch());
        assertThat(result.rejections()).singleElement().satisfies(rejection -> {
            assertThat(rejection.failure().code()).isEqualTo(ErrorCode.SCHEMA_CHANGE);
            assertThat(rejection.failure().hint()).contains("partition field", "bin/philotes resync");
        });
    }

    @Test
    void a_picture_alone_is_one_commit() {
        TestLake lake = new TestLake().loaded(KEYED, FACTS, row(1, "a", 1));
        lake.write(feed.begin()
                .picture(KEYED, facts("101", 3, FACTS.columns()))
                .commit()
                .batch());
        CommitResult result = lake.commitResult(feed.end());
        assertThat(result.outcomes().get(ORDERS).kind()).isEqualTo(CommitResult.Kind.COMMITTED);
        assertThat(lake.commitResult(feed.end()).outcomes()).isEmpty();
        assertThat(lake.rows("orders")).containsExactly("1|a|1");
    }
}
