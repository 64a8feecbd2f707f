// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.INT4;
import static io.philotes.sink.iceberg.Relations.INT8;
import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.TEXT;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static io.philotes.sink.iceberg.Tuples.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.CheckpointStore;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.sink.CommitResult;
import io.philotes.sink.RangeWriter;
import io.philotes.sink.TableLoad;
import io.philotes.sink.WriteResult;
import io.philotes.sink.iceberg.HoldingCatalog.Call;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataOperations;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each call on catalog and storage hangs in turn, deaf to interrupts, and the sink comes back all the same. */
class DeadlineTest {

    private static final RelationSchema WIDER = Relations.orders(
            ReplicaIdentity.DEFAULT,
            List.of(0),
            Column.of("id", 1, INT8),
            Column.of("name", 2, TEXT),
            Column.of("amount", 3, INT4),
            Column.of("note", 4, TEXT));

    private static final RelationSchema NEW =
            new RelationSchema(5, new TableId("public", "new"), ReplicaIdentity.DEFAULT, KEYED.columns(), List.of(0));

    private final HoldingCatalog catalog = new HoldingCatalog();
    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());
    private final TestLake lake = new TestLake(catalog, options -> options.commitTimeout(Duration.ofMillis(700)));

    DeadlineTest() {
        new TestLake(catalog, options -> options).loaded(KEYED, row(1, "a", 1), row(2, "b", 2));
    }

    @AfterEach
    void release() {
        catalog.release();
    }

    @Test
    void a_position_that_does_not_come() {
        catalog.hold(Call.LOAD);
        fails(() -> lake.sink().committedUpTo(KEYED), ErrorCode.CATALOG_UNREACHABLE);
        catalog.holdNoMore();
        assertThat(lake.sink().committedUpTo(KEYED)).contains(LOADED_AT);
    }

    @Test
    void a_table_that_does_not_open() {
        catalog.hold(Call.LOAD);
        fails(() -> lake.sink().resume(KEYED, LOADED_AT), ErrorCode.CATALOG_UNREACHABLE);
        goesOn();
    }

    @Test
    void a_check_that_gets_no_answer_is_a_finding() {
        for (Call call : List.of(Call.NAMESPACE, Call.LOAD, Call.WRITE_FILE)) {
            catalog.hold(call);
            assertThat(lake.sink().check("shop", List.of(KEYED)))
                    .extracting(Finding::code)
                    .contains(java.util.Optional.of(ErrorCode.CATALOG_UNREACHABLE));
            catalog.holdNoMore();
        }
    }

    @Test
    void a_plan_that_gets_no_answer() {
        catalog.hold(Call.LOAD);
        fails(() -> lake.sink().plan("shop", List.of(KEYED)), ErrorCode.CATALOG_UNREACHABLE);
    }

    @Test
    void a_creation_that_gets_no_answer_is_unknown_and_made_again() {
        catalog.hold(Call.COMMIT);
        fails(() -> lake.sink().load(TablePicture.of(NEW), LOADED_AT), ErrorCode.COMMIT_UNKNOWN);
        catalog.holdNoMore();
        lake.loaded(NEW, row(1, "a", 1));
        catalog.release();
        assertThat(lake.rows("new")).containsExactly("1|a|1");
    }

    @Test
    void a_namespace_that_gets_no_answer() {
        catalog.hold(Call.NAMESPACE);
        fails(() -> lake.sink().load(TablePicture.of(NEW), LOADED_AT), ErrorCode.COMMIT_UNKNOWN);
    }

    @Test
    void a_load_that_does_not_commit_is_unknown() {
        try (TableLoad load = lake.sink().load(TablePicture.of(KEYED), new Lsn(0x9000))) {
            try (RangeWriter writer = load.writer()) {
                writer.write(TestLake.view(7, "x", 7));
            }
            catalog.hold(Call.COMMIT);
            fails(load::commit, ErrorCode.COMMIT_UNKNOWN);
        }
        catalog.holdNoMore();
        assertThat(lake.sink().committedUpTo(KEYED)).contains(LOADED_AT);
    }

    @Test
    void an_abandoned_load_whose_files_do_not_go() {
        TableLoad load = lake.sink().load(TablePicture.of(KEYED), new Lsn(0x9000));
        try (RangeWriter writer = load.writer()) {
            writer.write(TestLake.view(7, "x", 7));
        }
        catalog.hold(Call.DELETE_FILE);
        load.close();
        goesOn();
    }

    @Test
    void an_index_that_cannot_be_read() {
        lake.sink().resume(KEYED, LOADED_AT);
        catalog.hold(Call.READ_FILE);
        fails(() -> lake.write(change()), ErrorCode.STORAGE_FAILED);
        goesOn();
    }

    @Test
    void a_data_file_that_cannot_be_created() {
        lake.sink().resume(KEYED, LOADED_AT);
        catalog.hold(Call.WRITE_FILE);
        fails(() -> lake.write(change()), ErrorCode.STORAGE_FAILED);
        goesOn();
    }

    @Test
    void nothing_is_committed_after_a_write_that_was_given_up() {
        lake.sink().resume(KEYED, LOADED_AT);
        catalog.hold(Call.WRITE_FILE);
        ChangeBatch batch = change();
        fails(() -> lake.write(batch), ErrorCode.STORAGE_FAILED);
        fails(() -> lake.sink().commit(feed.end()), ErrorCode.DEFECT);
        catalog.release();
        lake.sink().discard();
        assertThat(lake.commitResult(feed.end())).isEqualTo(CommitResult.EMPTY);
        assertThat(lake.rows("orders")).containsExactly("1|a|1", "2|b|2");
    }

    @Test
    void a_schema_change_that_gets_no_answer_is_unknown_and_found_later() {
        lake.sink().resume(KEYED, LOADED_AT);
        ChangeBatch batch =
                feed.begin().insert(WIDER, 3, "c", 3, "noted").commit().batch();
        catalog.hold(Call.COMMIT);
        fails(() -> lake.write(batch), ErrorCode.COMMIT_UNKNOWN);
        catalog.release();
        lake.restart().resume(WIDER, LOADED_AT);
        assertThat(lake.write(batch)).isEqualTo(WriteResult.CLEAN);
        lake.commit(feed.end());
        assertThat(lake.rows("orders")).containsExactly("1|a|1|null", "2|b|2|null", "3|c|3|noted");
    }

    @Test
    void a_commit_that_gets_no_answer_is_unknown() {
        for (Call call : List.of(Call.COMMIT, Call.REFRESH)) {
            lake.restart().resume(KEYED, LOADED_AT);
            lake.write(change());
            catalog.hold(call);
            assertThat(lake.commitResult(feed.end()).outcomes().values())
                    .singleElement()
                    .satisfies(outcome -> assertThat(outcome.kind()).isEqualTo(CommitResult.Kind.UNKNOWN));
            catalog.holdNoMore();
        }
    }

    @Test
    void an_older_version_that_cannot_be_read_for_a_commit_leaves_nothing_unknown() {
        lake.sink().resume(KEYED, LOADED_AT);
        lake.write(feed.begin().update(KEYED, 1, UNCHANGED, 10).commit().batch());
        catalog.hold(Call.READ_DATA);
        assertThat(lake.commitResult(feed.end()).outcomes().values())
                .singleElement()
                .satisfies(outcome -> {
                    assertThat(outcome.kind()).isEqualTo(CommitResult.Kind.UNKNOWN);
                    assertThat(outcome.failure().orElseThrow().code())
                            .as("nothing was sent")
                            .isEqualTo(ErrorCode.STORAGE_FAILED);
                });
        goesOn();
    }

    @Test
    void staged_files_that_do_not_go_do_not_hold_a_restart() {
        lake.sink().resume(KEYED, LOADED_AT);
        lake.write(feed.begin()
                .insert(KEYED, 3, "c", 3)
                .insert(WIDER, 4, "d", 4, "x")
                .commit()
                .batch());
        catalog.hold(Call.DELETE_FILE);
        fails(() -> lake.sink().discard(), ErrorCode.STORAGE_FAILED);
        goesOn();
    }

    @Test
    void a_suspended_table_whose_files_do_not_go() {
        lake.sink().resume(KEYED, LOADED_AT);
        lake.write(change());
        catalog.hold(Call.DELETE_FILE);
        lake.sink().suspend(KEYED.table());
        goesOn();
    }

    @Test
    void a_checkpoint_that_gets_no_answer() {
        CheckpointStore store = lake.sink().checkpoints().orElseThrow();
        catalog.hold(Call.LOAD);
        fails(() -> store.load("shop"), ErrorCode.CHECKPOINT_FAILED);
        fails(() -> store.save("shop", checkpoint(5)), ErrorCode.CHECKPOINT_FAILED);
        catalog.holdNoMore();
        store.save("shop", checkpoint(5));
        catalog.hold(Call.COMMIT);
        fails(() -> store.save("shop", checkpoint(6)), ErrorCode.COMMIT_UNKNOWN);
        fails(() -> store.remove("shop"), ErrorCode.COMMIT_UNKNOWN);
        catalog.release();
        store.save("shop", checkpoint(7));
        assertThat(store.load("shop").orElseThrow().coveredUpTo()).isEqualTo(new Lsn(7));
    }

    /** It shares nothing with the next one, which lands while it hangs on. */
    @Test
    void a_compaction_that_hangs_is_given_up_and_the_next_one_lands() {
        TestLake compacted = compacted();
        insert(compacted, 3);
        catalog.hold(Call.READ_DATA);
        insert(compacted, 4, 5);
        Compactions.awaitCopy(compacted);
        Compactions.tend(compacted);
        catalog.holdNoMore();
        insert(compacted, 6, 7, 8);
        Compactions.settle(compacted);
        assertThat(compacted.table("orders").snapshots())
                .anyMatch(snapshot -> snapshot.operation().equals(DataOperations.REPLACE));
        assertThat(compacted.rows("orders", "id")).containsExactly("1", "2", "3", "4", "5", "6", "7", "8");
    }

    @Test
    void a_compaction_that_hangs_holds_neither_close_nor_what_is_opened_behind_it() {
        TestLake compacted = compacted();
        insert(compacted, 3);
        catalog.hold(Call.READ_DATA);
        insert(compacted, 4, 5);
        compacted.sink().close();
        catalog.holdNoMore();
        compacted.restart().resume(KEYED, feed.end());
        insert(compacted, 6, 7, 8);
        Compactions.settle(compacted);
        catalog.release();
        assertThat(compacted.rows("orders", "id")).containsExactly("1", "2", "3", "4", "5", "6", "7", "8");
    }

    private TestLake compacted() {
        TestLake compacted = new TestLake(
                catalog,
                options -> options.commitTimeout(Duration.ofMillis(700))
                        .compaction(CompactionOptions.DEFAULT.withMinFiles(3).withCpuShare(1)));
        compacted.sink().resume(KEYED, LOADED_AT);
        return compacted;
    }

    private void insert(TestLake into, int... keys) {
        for (int key : keys) {
            into.apply(feed.begin().insert(KEYED, key, "row", key).commit());
        }
    }

    @Test
    void an_interrupt_reaches_a_write_that_hangs() {
        lake.sink().resume(KEYED, LOADED_AT);
        catalog.hold(Call.WRITE_FILE);
        ChangeBatch batch = change();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> lake.sink().write(batch)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        goesOn();
    }

    private static Checkpoint checkpoint(long coveredUpTo) {
        return new Checkpoint("id", 1, "system", "slot", new Lsn(coveredUpTo), Map.of());
    }

    /** The catalog answers again, while the abandoned call still hangs and then ends. */
    private void goesOn() {
        catalog.holdNoMore();
        lake.restart().resume(KEYED, LOADED_AT);
        ChangeBatch batch = change();
        assertThat(lake.write(batch)).isEqualTo(WriteResult.CLEAN);
        catalog.release();
        lake.commit(feed.end());
        assertThat(lake.rows("orders")).contains("1|changed|1");
    }

    private ChangeBatch change() {
        return feed.begin().update(KEYED, 1, "changed", 1).commit().batch();
    }

    private static void fails(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOf(PhilotesException.class)
                .extracting("code")
                .isEqualTo(code);
    }
}
