// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.KEYLESS;
import static io.philotes.sink.iceberg.Relations.TEXT_KEYED;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TablePicture;
import io.philotes.sink.CommitResult;
import io.philotes.sink.Divergence;
import io.philotes.sink.WriteResult;
import io.philotes.testkit.OtherWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.UpdateProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestartTest {

    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    @Test
    void the_table_tells_how_far_it_is() {
        TestLake lake = new TestLake();
        assertThat(lake.sink().committedUpTo(KEYED)).isEmpty();
        lake.loaded(KEYED, row(1, "a", 1));
        assertThat(lake.restart().committedUpTo(KEYED)).contains(LOADED_AT);
        lake.sink().resume(KEYED, LOADED_AT);
        lake.apply(feed.begin().update(KEYED, 1, "b", 2).commit());
        assertThat(lake.restart().committedUpTo(KEYED)).contains(feed.end());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void a_replay_changes_nothing(int formatVersion) {
        TestLake lake = new TestLake(options -> options.formatVersion(formatVersion))
                .loaded(TEXT_KEYED, row("a", "x", 1), row("b", "y", 2));
        ChangeBatch batch = feed.begin()
                .update(TEXT_KEYED, "a", "changed", 1)
                .insert(TEXT_KEYED, "c", "z", 3)
                .delete(TEXT_KEYED, 'K', "b", null, null)
                .commit()
                .batch();
        lake.write(batch);
        lake.commit(feed.end());
        lake.restart().resume(TEXT_KEYED, LOADED_AT);
        assertThat(lake.write(batch)).isEqualTo(WriteResult.CLEAN);
        assertThat(lake.commitResult(feed.end())).isEqualTo(CommitResult.EMPTY);
        lake.apply(feed.begin().delete(TEXT_KEYED, 'K', "c", null, null).commit());
        assertThat(lake.rows("orders")).containsExactly("a|changed|1");
    }

    @Test
    void what_was_not_committed_is_gone_and_comes_again() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        ChangeBatch batch = feed.begin().update(KEYED, 1, "b", 2).commit().batch();
        lake.write(batch);
        lake.restart().resume(KEYED, LOADED_AT);
        lake.write(batch);
        lake.commit(feed.end());
        assertThat(lake.rows("orders")).containsExactly("1|b|2");
    }

    @Test
    void a_position_that_grew_old_before_the_first_change_is_not_used() throws Exception {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        IcebergSink zombie = lake.sink();
        ChangeBatch batch = feed.begin().update(KEYED, 1, "b", 2).commit().batch();
        lake.restart().resume(KEYED, LOADED_AT);
        zombie.write(batch);
        zombie.commit(feed.end()).toCompletableFuture().join();
        lake.write(batch);
        assertThat(lake.commitResult(feed.end()).outcomes().values())
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.kind()).isEqualTo(CommitResult.Kind.UNKNOWN));
        lake.sink().resume(KEYED, LOADED_AT);
        assertThat(lake.write(batch)).isEqualTo(WriteResult.CLEAN);
        assertThat(lake.commitResult(feed.end())).isEqualTo(CommitResult.EMPTY);
        assertThat(lake.rows("orders")).containsExactly("1|b|2");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_compaction_of_others_before_the_first_change_is_followed(boolean keyed) {
        TestLake lake = resumed(keyed ? KEYED : KEYLESS);
        OtherWriter.compact(lake.table("orders"));
        assertThat(lake.write(newColumnAndDelete(keyed))).isEqualTo(WriteResult.CLEAN);
        lake.commit(feed.end());
        assertThat(lake.rows("orders")).containsExactly("2|b|2|null");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_change_of_others_before_the_first_change_is_told(boolean keyed) {
        TestLake lake = resumed(keyed ? KEYED : KEYLESS);
        OtherWriter.append(lake.table("orders"), 5L, "foreign", 9);
        assertThat(lake.write(newColumnAndDelete(keyed)).divergences())
                .extracting(Divergence::reason)
                .containsExactly("another writer changed the target: append");
        lake.commit(feed.end());
        assertThat(lake.rows("orders")).containsExactly("2|b|2|null", "5|foreign|9|null");
    }

    private static TestLake resumed(RelationSchema relation) {
        TestLake lake = new TestLake().loaded(relation, row(1, "a", 1), row(2, "b", 2));
        lake.restart().resume(relation, LOADED_AT);
        return lake;
    }

    /** To follow the new column, the table is read anew. */
    private ChangeBatch newColumnAndDelete(boolean keyed) {
        RelationSchema before = keyed ? KEYED : KEYLESS;
        List<Column> columns = new ArrayList<>(before.columns());
        columns.add(Column.of("note", 4, Relations.TEXT));
        RelationSchema now = Relations.orders(before.identity(), before.keyColumns(), columns.toArray(Column[]::new));
        feed.begin();
        return (keyed ? feed.delete(now, 'K', 1, null, null, null) : feed.delete(now, 'O', 1, "a", 1, null))
                .commit()
                .batch();
    }

    @Test
    void a_suspended_table_is_skipped() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        lake.sink().suspend(Relations.ORDERS);
        lake.write(feed.begin().update(KEYED, 1, "b", 2).commit().batch());
        assertThat(lake.commitResult(feed.end())).isEqualTo(CommitResult.EMPTY);
        assertThat(lake.rows("orders")).containsExactly("1|a|1");
    }

    @Test
    void another_pipelines_table_is_refused() {
        TestLake lake = new TestLake().loaded(KEYED);
        IcebergSink other = lake.another("other", 1);
        refused(() -> other.committedUpTo(KEYED), ErrorCode.FOREIGN_OWNER);
        refused(() -> other.resume(KEYED, LOADED_AT), ErrorCode.FOREIGN_OWNER);
        refused(() -> other.load(TablePicture.of(KEYED), LOADED_AT), ErrorCode.FOREIGN_OWNER);
    }

    @Test
    void a_table_of_somebody_else_is_refused() {
        TestLake lake = new TestLake().loaded(KEYED);
        lake.table("orders").updateProperties().remove("philotes.owner").commit();
        refused(() -> lake.sink().resume(KEYED, LOADED_AT), ErrorCode.TARGET_UNUSABLE);
    }

    @Test
    void a_smaller_epoch_may_not_resume() {
        TestLake lake = new TestLake();
        lake.restart();
        lake.loaded(KEYED);
        refused(() -> lake.another(TestLake.PIPELINE_ID, 1).resume(KEYED, LOADED_AT), ErrorCode.FENCED);
    }

    @Test
    void a_table_that_was_rolled_back_is_held() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        long loaded = lake.table("orders").currentSnapshot().snapshotId();
        lake.apply(feed.begin().update(KEYED, 1, "b", 2).commit());
        lake.table("orders").manageSnapshots().rollbackTo(loaded).commit();
        refused(() -> lake.restart().committedUpTo(KEYED), ErrorCode.TABLE_ROLLED_BACK);
    }

    /** As by a tool that keeps a table's properties as they were declared: the changes since then would come twice. */
    @Test
    void a_position_that_somebody_set_back_is_not_used() {
        TestLake lake = new TestLake().loaded(KEYLESS, row(1, "a", 1));
        Map<String, String> earlier = lake.table("orders").properties();
        ChangeFeed insert = feed.begin().insert(KEYLESS, 2, "b", 2).commit();
        lake.apply(insert);
        UpdateProperties properties = lake.table("orders").updateProperties();
        earlier.forEach(properties::set);
        properties.commit();
        refused(() -> lake.restart().committedUpTo(KEYLESS), ErrorCode.TABLE_ROLLED_BACK);
        refused(() -> lake.sink().resume(KEYLESS, LOADED_AT), ErrorCode.TABLE_ROLLED_BACK);
    }

    @ParameterizedTest
    @CsvSource({
        "philotes.end-lsn, 0/16B3748",
        "philotes.epoch, first",
        "philotes.standing, here",
        "philotes.dead-letters-from, 0/16B3748"
    })
    void a_property_that_somebody_damaged_holds_the_table_and_is_named(String property, String text) {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        lake.table("orders").updateProperties().set(property, text).commit();
        lake.restart();
        assertThat(lake.sink().reloadReason(TablePicture.of(KEYED))).isEmpty();
        assertThatThrownBy(() -> lake.sink()
                        .resume(KEYED, lake.sink().committedUpTo(KEYED).orElseThrow()))
                .isInstanceOfSatisfying(PhilotesException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.TARGET_UNUSABLE);
                    assertThat(e.reason()).contains(property + " is damaged");
                    assertThat(e.hint()).contains("set the property back");
                });
    }

    @Test
    void a_damaged_place_of_the_newest_definition_holds_the_table() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        lake.table("orders")
                .updateProperties()
                .set(TargetProperties.SCHEMA_LSN, "0/16B3748")
                .commit();
        lake.restart().resume(KEYED, LOADED_AT);
        assertThat(lake.write(feed.begin().update(KEYED, 1, "b", 2).commit().batch())
                        .rejections())
                .singleElement()
                .satisfies(rejection -> assertThat(rejection.failure().code()).isEqualTo(ErrorCode.TARGET_UNUSABLE));
    }

    @Test
    void a_rollback_while_running_holds_the_table() {
        TestLake lake = new TestLake().loaded(KEYED, row(1, "a", 1));
        long loaded = lake.table("orders").currentSnapshot().snapshotId();
        lake.apply(feed.begin().update(KEYED, 1, "b", 2).commit());
        lake.table("orders").manageSnapshots().rollbackTo(loaded).commit();
        lake.write(feed.begin().update(KEYED, 1, "c", 3).commit().batch());
        assertThat(lake.commitResult(feed.end()).outcomes().values())
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.kind()).isEqualTo(CommitResult.Kind.HELD));
        assertThat(lake.rows("orders")).containsExactly("1|a|1");
    }

    @Test
    void a_dropped_table_cannot_be_resumed() {
        refused(() -> new TestLake().sink().resume(KEYED, new Lsn(5)), ErrorCode.TABLE_ROLLED_BACK);
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOf(PhilotesException.class)
                .extracting("code")
                .isEqualTo(code);
    }
}
