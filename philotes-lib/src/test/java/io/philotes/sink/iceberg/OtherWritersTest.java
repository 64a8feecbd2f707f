// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.KEYLESS;
import static io.philotes.sink.iceberg.Relations.ORDERS;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.sink.CommitResult;
import io.philotes.sink.CommitResult.Kind;
import io.philotes.sink.Divergence;
import io.philotes.sink.WriteResult;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.testkit.Fault;
import io.philotes.testkit.FaultyCatalog;
import io.philotes.testkit.LakeAudit;
import io.philotes.testkit.OtherWriter;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What others do to a target between the moment a commit is planned and the moment it is made: the table ends equal, or the
 * outcome says what is the matter; and no file is missing or left over.
 */
class OtherWritersTest {

    private static final TableIdentifier TARGET = TableIdentifier.of("shop", "orders");

    @TempDir
    Path directory;

    private JdbcCatalog local;
    private FaultyCatalog catalog;
    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    @BeforeEach
    void open() {
        local = LocalCatalog.open(directory);
        catalog = new FaultyCatalog(local);
    }

    @AfterEach
    void close() {
        local.close();
    }

    /** Three data files, the second of which has a delete: 1 and 2, 3 and 4 without 3, 5. */
    private TestLake lake(int formatVersion, RelationSchema relation) {
        TestLake lake = new TestLake(catalog, options -> options.formatVersion(formatVersion))
                .loaded(relation, row(1, "a", 1), row(2, "b", 2));
        lake.apply(feed.begin()
                .insert(relation, 3, "c", 3)
                .insert(relation, 4, "d", 4)
                .commit());
        lake.apply(feed.begin()
                .delete(relation, kind(relation), 3, "c", 3)
                .insert(relation, 5, "e", 5)
                .commit());
        return lake;
    }

    private static char kind(RelationSchema relation) {
        return relation.hasKey() ? 'K' : 'O';
    }

    /** A change in every file of {@link #lake}, and a new row. */
    private ChangeFeed changes(RelationSchema relation) {
        char kind = kind(relation);
        return feed.begin()
                .delete(relation, kind, 1, "a", 1)
                .delete(relation, kind, 4, "d", 4)
                .delete(relation, kind, 5, "e", 5)
                .insert(relation, 6, "f", 6)
                .commit();
    }

    private Table others() {
        return local.loadTable(TARGET);
    }

    private TestLake during(TestLake lake, Consumer<Table> others) {
        Table table = others();
        catalog.next(Fault.after(() -> others.accept(table)));
        return lake;
    }

    private static CommitResult.Outcome outcome(TestLake lake, ChangeFeed feed) {
        assertThat(lake.write(feed.batch()).rejections()).isEmpty();
        return lake.commitResult(feed.end()).outcomes().get(ORDERS);
    }

    private static void assertHeld(CommitResult.Outcome outcome, ErrorCode code) {
        assertThat(outcome.kind()).isEqualTo(Kind.HELD);
        assertThat(outcome.failure().orElseThrow().code()).isEqualTo(code);
    }

    private static void assertRefused(ErrorCode code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private void assertSound() {
        assertThat(catalog.isPlayed()).isTrue();
        LakeAudit.assertCompleteWithoutOrphans(others());
    }

    private static void expireAllButHead(Table table) {
        table.refresh();
        table.expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(1).commit();
    }

    @ParameterizedTest
    @CsvSource({
        "2, true, true",
        "3, true, true",
        "2, true, false",
        "3, true, false",
        "2, false, true",
        "3, false, false"
    })
    void a_compaction_of_files_that_staged_deletes_point_into(int format, boolean keyed, boolean whole) {
        RelationSchema relation = keyed ? KEYED : KEYLESS;
        TestLake lake = lake(format, relation);
        during(lake, whole ? OtherWriter::compact : OtherWriter::compactHalf);
        lake.apply(changes(relation));
        assertThat(lake.rows("orders")).containsExactly("2|b|2", "6|f|6");
        lake.apply(feed.begin().delete(relation, kind(relation), 2, "b", 2).commit());
        assertThat(lake.rows("orders")).containsExactly("6|f|6");
        assertSound();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void a_compaction_while_only_new_rows_are_staged(int format) {
        TestLake lake = lake(format, KEYED);
        during(lake, OtherWriter::compact);
        lake.apply(feed.begin().insert(KEYED, 6, "f", 6).commit());
        lake.apply(changesOfOld());
        assertThat(lake.rows("orders")).containsExactly("2|b|2", "5|e|5", "6|F|6");
        assertSound();
    }

    private ChangeFeed changesOfOld() {
        return feed.begin()
                .delete(KEYED, 'K', 1, null, null)
                .delete(KEYED, 'K', 4, null, null)
                .update(KEYED, 6, "F", 6)
                .commit();
    }

    @Test
    void one_compaction_after_another_and_a_lost_reply() {
        TestLake lake = lake(3, KEYED);
        during(lake, OtherWriter::compactHalf);
        during(lake, OtherWriter::compact);
        catalog.next(Fault.failAfter());
        lake.apply(changes(KEYED));
        assertThat(lake.rows("orders")).containsExactly("2|b|2", "6|f|6");
        assertThat(catalog.isPlayed()).isTrue();
        LakeAudit.assertComplete(others());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void our_newest_table_snapshot_is_expired_by_others(boolean running) {
        TestLake lake = lake(3, KEYED);
        Lsn position = feed.end();
        OtherWriter.compact(others());
        expireAllButHead(others());
        if (!running) {
            lake.restart();
            assertThat(lake.sink().committedUpTo(KEYED)).contains(position);
            lake.sink().resume(KEYED, position);
        }
        ChangeBatch batch = changes(KEYED).batch();
        lake.write(batch);
        CommitResult.Outcome outcome = lake.commitResult(feed.end()).outcomes().get(ORDERS);
        if (running) {
            // What happened before the expiry can no longer be told: the session begins again and looks.
            assertThat(outcome.kind()).isEqualTo(Kind.UNKNOWN);
            assertThat(lake.restart().committedUpTo(KEYED)).contains(position);
            lake.sink().resume(KEYED, position);
            lake.write(batch);
            outcome = lake.commitResult(feed.end()).outcomes().get(ORDERS);
        }
        assertThat(outcome.kind()).isEqualTo(Kind.COMMITTED);
        assertThat(lake.rows("orders")).containsExactly("2|b|2", "6|f|6");
        LakeAudit.assertComplete(others());
    }

    /** The reply is lost, and before anybody looks the others move on and forget how they came there. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_commit_without_a_reply_whose_table_snapshot_others_expire(boolean taggedBefore) {
        TestLake lake = lake(3, KEYED);
        if (taggedBefore) {
            others().manageSnapshots()
                    .createTag("before", others().currentSnapshot().snapshotId())
                    .commit();
        }
        noReplyBut(table -> {
            OtherWriter.compact(table);
            expireAllButHead(table);
        });
        ChangeBatch batch = changes(KEYED).batch();
        lake.write(batch);
        CommitResult.Outcome outcome = lake.commitResult(feed.end()).outcomes().get(ORDERS);
        assertThat(outcome.kind()).as(outcome.toString()).isEqualTo(Kind.UNKNOWN);
        assertThat(lake.restart().committedUpTo(KEYED)).contains(feed.end());
        lake.sink().resume(KEYED, feed.end());
        assertThat(lake.write(batch).divergences()).isEmpty();
        lake.apply(feed.begin().update(KEYED, 6, "F", 6).commit());
        assertThat(lake.rows("orders")).containsExactly("2|b|2", "6|F|6");
        LakeAudit.assertComplete(others());
    }

    @Test
    void a_commit_without_a_reply_that_others_roll_back_and_hide() {
        TestLake lake = lake(3, KEYED);
        noReplyBut(table -> {
            table.refresh();
            table.manageSnapshots()
                    .rollbackTo(table.currentSnapshot().parentId())
                    .commit();
            OtherWriter.compact(table);
            expireAllButHead(table);
        });
        assertHeld(outcome(lake, changes(KEYED)), ErrorCode.TABLE_ROLLED_BACK);
        assertRefused(ErrorCode.TABLE_ROLLED_BACK, () -> lake.restart().committedUpTo(KEYED));
    }

    private void noReplyBut(Consumer<Table> others) {
        Table table = others();
        catalog.next(real -> {
            real.run();
            others.accept(table);
            throw new CommitStateUnknownException(new RuntimeException("no reply"));
        });
    }

    @Test
    void a_rollback_between_plan_and_commit() {
        TestLake lake = lake(3, KEYED);
        long older = others().currentSnapshot().parentId();
        during(lake, table -> table.manageSnapshots().rollbackTo(older).commit());
        assertHeld(outcome(lake, changes(KEYED)), ErrorCode.TABLE_ROLLED_BACK);
        assertThat(lake.rows("orders")).contains("3|c|3");
        assertRefused(ErrorCode.TABLE_ROLLED_BACK, () -> lake.restart().committedUpTo(KEYED));
    }

    @Test
    void a_rollback_whose_traces_are_expired() {
        TestLake lake = lake(3, KEYED);
        OtherWriter.compact(others());
        long compacted = others().currentSnapshot().snapshotId();
        ChangeBatch batch = changes(KEYED).batch();
        lake.write(batch);
        // The running instance follows the compaction, and then everything of ours goes.
        lake.commit(feed.end());
        others().manageSnapshots().rollbackTo(compacted).commit();
        expireAllButHead(others());
        assertThat(lake.rows("orders")).doesNotContain("6|f|6");
        assertRefused(ErrorCode.TABLE_ROLLED_BACK, () -> lake.restart().committedUpTo(KEYED));
    }

    @Test
    void a_rollback_that_a_compaction_and_an_expiry_hide() {
        TestLake lake = lake(3, KEYED);
        others().manageSnapshots()
                .rollbackTo(others().currentSnapshot().parentId())
                .commit();
        OtherWriter.compact(others());
        OtherWriter.compact(others());
        expireAllButHead(others());
        assertRefused(ErrorCode.TABLE_ROLLED_BACK, () -> lake.restart().committedUpTo(KEYED));
    }

    @Test
    void an_expiry_after_which_a_rollback_could_not_be_told() {
        TestLake lake = lake(3, KEYED);
        Lsn position = feed.end();
        others().updateProperties()
                .set("write.metadata.previous-versions-max", "1")
                .commit();
        OtherWriter.compact(others());
        expireAllButHead(others());
        assertThat(lake.restart().committedUpTo(KEYED)).contains(position);
        lake.sink().resume(KEYED, position);
        assertThat(lake.write(ChangeBatch.progress(position)).divergences())
                .extracting(Divergence::reason)
                .anyMatch(reason -> reason.contains("nobody can tell"));
    }

    @Test
    void a_rollback_whose_traces_are_expired_while_running() {
        TestLake lake = lake(3, KEYED);
        OtherWriter.compact(others());
        long compacted = others().currentSnapshot().snapshotId();
        lake.apply(changes(KEYED));
        others().manageSnapshots().rollbackTo(compacted).commit();
        expireAllButHead(others());
        CommitResult.Outcome outcome =
                outcome(lake, feed.begin().insert(KEYED, 7, "g", 7).commit());
        assertThat(outcome.kind()).isNotEqualTo(Kind.COMMITTED);
        assertRefused(ErrorCode.TABLE_ROLLED_BACK, () -> lake.restart().committedUpTo(KEYED));
    }

    @Test
    void a_rollback_and_a_foreign_commit_on_top() {
        TestLake lake = lake(3, KEYED);
        long older = others().currentSnapshot().parentId();
        during(lake, table -> {
            table.manageSnapshots().rollbackTo(older).commit();
            OtherWriter.append(table, 9L, "foreign", 9);
        });
        assertHeld(outcome(lake, changes(KEYED)), ErrorCode.TABLE_ROLLED_BACK);
        assertRefused(ErrorCode.TABLE_ROLLED_BACK, () -> lake.restart().committedUpTo(KEYED));
    }

    @Test
    void a_rollback_that_was_taken_back() {
        TestLake lake = lake(3, KEYED);
        long newest = others().currentSnapshot().snapshotId();
        long older = others().currentSnapshot().parentId();
        during(lake, table -> {
            table.manageSnapshots().rollbackTo(older).commit();
            table.manageSnapshots().setCurrentSnapshot(newest).commit();
        });
        lake.apply(changes(KEYED));
        assertThat(lake.rows("orders")).containsExactly("2|b|2", "6|f|6");
        assertSound();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_table_is_dropped(boolean running) {
        TestLake lake = lake(3, KEYED);
        local.dropTable(TARGET, false);
        if (running) {
            assertHeld(outcome(lake, changes(KEYED)), ErrorCode.TABLE_ROLLED_BACK);
        }
        assertThat(lake.restart().committedUpTo(KEYED)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_table_is_dropped_and_made_again_by_somebody_else(boolean running) {
        TestLake lake = lake(3, KEYED);
        var properties = others().properties();
        if (running) {
            during(lake, old -> makeAnew(old, properties));
            assertHeld(outcome(lake, changes(KEYED)), ErrorCode.TABLE_ROLLED_BACK);
            assertThat(catalog.isPlayed()).isTrue();
        } else {
            makeAnew(others(), properties);
        }
        assertRefused(ErrorCode.TABLE_ROLLED_BACK, () -> lake.restart().committedUpTo(KEYED));
        assertThat(others().currentSnapshot()).isNull();
    }

    @Test
    void the_table_is_made_again_with_our_properties_and_other_rows() {
        TestLake lake = lake(3, KEYED);
        var properties = new java.util.HashMap<>(others().properties());
        makeAnew(others(), properties);
        OtherWriter.append(others(), 1L, "theirs", 1);
        assertRefused(ErrorCode.TABLE_ROLLED_BACK, () -> lake.restart().committedUpTo(KEYED));
    }

    /** With our properties, as {@code CREATE TABLE … LIKE} may take them over. */
    private void makeAnew(Table old, java.util.Map<String, String> properties) {
        local.dropTable(TARGET, false);
        local.buildTable(TARGET, old.schema())
                .withProperties(properties)
                .withProperty("format-version", "3")
                .create();
    }

    @Test
    void a_foreign_row_is_told_and_the_keys_we_write_are_right() {
        TestLake lake = lake(3, KEYED);
        during(lake, table -> {
            OtherWriter.append(table, 9L, "foreign", 9);
            OtherWriter.deleteRow(table, "id", 2L);
        });
        lake.apply(changes(KEYED));
        assertThat(lake.rows("orders")).containsExactly("6|f|6", "9|foreign|9");
        WriteResult next = lake.write(ChangeBatch.progress(feed.end()));
        assertThat(next.divergences()).extracting(Divergence::reason).anyMatch(r -> r.contains("another writer"));
        assertThat(others().properties()).containsKey("philotes.diverged");
        assertSound();
    }

    @Test
    void a_foreign_column_and_a_foreign_property_are_left_alone() {
        TestLake lake = lake(3, KEYED);
        during(lake, table -> {
            table.updateSchema().addColumn("theirs", Types.StringType.get()).commit();
            table.updateProperties().set("owner", "them").commit();
        });
        lake.apply(changes(KEYED));
        assertThat(lake.rows("orders", "id", "name", "amount")).containsExactly("2|b|2", "6|f|6");
        lake.apply(feed.begin().update(KEYED, 6, "F", 6).commit());
        assertThat(lake.rows("orders")).containsExactly("2|b|2|null", "6|F|6|null");
        assertThat(others().properties()).containsEntry("owner", "them");
        assertSound();
    }

    @Test
    void a_column_that_others_renamed_keeps_its_values() {
        TestLake lake = lake(3, KEYED);
        during(
                lake,
                table -> table.updateSchema().renameColumn("name", "theirs").commit());
        lake.apply(changes(KEYED));
        lake.apply(feed.begin().update(KEYED, 6, "F", 6).commit());
        assertThat(lake.rows("orders", "id", "theirs", "amount")).containsExactly("2|b|2", "6|F|6");
        assertSound();
    }

    @Test
    void the_owner_is_taken_away() {
        TestLake lake = lake(3, KEYED);
        during(lake, table -> {
            table.updateProperties().remove("philotes.owner").commit();
            OtherWriter.append(table, 9L, "foreign", 9);
        });
        assertHeld(outcome(lake, changes(KEYED)), ErrorCode.TARGET_UNUSABLE);
        assertRefused(ErrorCode.TARGET_UNUSABLE, () -> lake.restart().committedUpTo(KEYED));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void format_2_becomes_format_3_while_deletes_are_staged(boolean between) {
        TestLake lake = lake(2, KEYED);
        Consumer<Table> upgrade =
                table -> table.updateProperties().set("format-version", "3").commit();
        if (between) {
            during(lake, upgrade);
        } else {
            upgrade.accept(others());
        }
        ChangeBatch batch = changes(KEYED).batch();
        assertThat(lake.write(batch)).isEqualTo(WriteResult.CLEAN);
        CommitResult.Outcome outcome = lake.commitResult(feed.end()).outcomes().get(ORDERS);
        if (outcome.kind() == Kind.UNKNOWN) {
            lake.restart().resume(KEYED, LOADED_AT);
            lake.write(batch);
            outcome = lake.commitResult(feed.end()).outcomes().get(ORDERS);
        }
        assertThat(outcome.kind()).describedAs("%s", outcome.failure()).isEqualTo(Kind.COMMITTED);
        lake.apply(feed.begin().update(KEYED, 6, "F", 6).commit());
        assertThat(lake.rows("orders")).containsExactly("2|b|2", "6|F|6");
        assertThat(TableUtil.formatVersion(others())).isEqualTo(3);
        LakeAudit.assertComplete(others());
    }

    @Test
    void the_namespace_is_gone() {
        TestLake lake = lake(3, KEYED);
        local.dropTable(TARGET, true);
        local.dropNamespace(Namespace.of("shop"));
        assertHeld(outcome(lake, changes(KEYED)), ErrorCode.TABLE_ROLLED_BACK);
        assertThat(lake.restart().committedUpTo(KEYED)).isEmpty();
    }
}
