// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.ORDERS;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.sink.CommitResult;
import io.philotes.sink.CommitResult.Kind;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.testkit.Fault;
import io.philotes.testkit.FaultyCatalog;
import io.philotes.testkit.LakeAudit;
import io.philotes.testkit.OtherWriter;
import io.philotes.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Older table snapshots go with our commits, and nothing that we or others rely on goes with them. */
class SnapshotExpiryTest {

    private static final TableIdentifier TARGET = TableIdentifier.of("shop", "orders");
    private static final int KEPT = 12;
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path directory;

    private final SettableClock clock = new SettableClock(Instant.now());
    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());
    private JdbcCatalog local;
    private FaultyCatalog catalog;
    private int amount;

    @BeforeEach
    void open() {
        local = LocalCatalog.open(directory);
        catalog = new FaultyCatalog(local);
    }

    @AfterEach
    void close() {
        local.close();
    }

    private TestLake lake(SnapshotRetention retention) {
        return new TestLake(catalog, options -> options.keepSnapshots(retention))
                .clock(clock)
                .loaded(KEYED, row(1, "a", 0), row(2, "b", 0));
    }

    /** With {@value #KEPT} table snapshots at most, and files that stay for an hour. */
    private TestLake lake() {
        return lake(new SnapshotRetention(Duration.ofDays(3), KEPT, Duration.ofHours(1)));
    }

    private TestLake commit(TestLake lake, int times) {
        for (int i = 0; i < times; i++) {
            lake.apply(change());
        }
        return lake;
    }

    private ChangeFeed change() {
        return feed.begin().update(KEYED, 1, "a", ++amount).commit();
    }

    private Table others() {
        return local.loadTable(TARGET);
    }

    private List<Long> ids() {
        List<Long> ids = new ArrayList<>();
        others().snapshots().forEach(snapshot -> ids.add(snapshot.snapshotId()));
        return ids;
    }

    private static long oldest(Table table) {
        Snapshot at = table.currentSnapshot();
        while (at.parentId() != null && table.snapshot(at.parentId()) != null) {
            at = table.snapshot(at.parentId());
        }
        return at.snapshotId();
    }

    private static void assertRefused(ErrorCode code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private void assertEqual(TestLake lake) {
        assertThat(lake.rows("orders")).containsExactly("1|a|" + amount, "2|b|0");
    }

    private void awaitNoOrphans(TestLake lake) {
        lake.sink().awaitFileRemoval();
        clock.advance(Duration.ofHours(2));
        removeDue(lake);
        LakeAudit.assertCompleteWithoutOrphans(others());
    }

    /** The next rounds, empty ones, remove what is due; one may be the turn of orphans. */
    private void removeDue(TestLake lake) {
        for (int round = 0; round < 2; round++) {
            lake.commit(feed.end());
            lake.sink().awaitFileRemoval();
        }
    }

    @Test
    void no_more_table_snapshots_stay_than_asked_for_and_each_of_them_reads_as_it_was() {
        TestLake lake = commit(lake(), 40);
        assertThat(ids()).hasSize(KEPT);
        assertEqual(lake);
        List<Long> newestFirst = new ArrayList<>();
        others().snapshots().forEach(snapshot -> newestFirst.add(0, snapshot.snapshotId()));
        for (int age = 0; age < KEPT; age++) {
            assertThat(lake.rows("orders", newestFirst.get(age))).containsExactly("1|a|" + (amount - age), "2|b|0");
        }
    }

    @Test
    void nothing_expires_when_all_are_to_stay() {
        TestLake lake = new TestLake(catalog, IcebergSinkBuilder::keepAllSnapshots)
                .clock(clock)
                .loaded(KEYED, row(1, "a", 0), row(2, "b", 0));
        clock.advance(DAY.multipliedBy(30));
        commit(lake, 20);
        assertThat(ids()).hasSize(21);
        LakeAudit.assertCompleteWithoutOrphans(others());
    }

    @Test
    void one_that_was_replaced_too_long_ago_goes_but_the_newest_stay() {
        TestLake lake = commit(lake(new SnapshotRetention(DAY.multipliedBy(3), 1_000, Duration.ZERO)), 15);
        assertThat(ids()).hasSize(16);
        clock.advance(DAY.multipliedBy(7));
        commit(lake, 1);
        assertThat(ids()).hasSize(SnapshotRetention.KEEP_AT_LEAST);
        assertEqual(lake);
    }

    @Test
    void a_table_snapshot_that_was_the_head_for_long_counts_from_when_it_was_replaced() {
        TestLake lake = commit(lake(new SnapshotRetention(Duration.ZERO, 1_000, Duration.ZERO)), 15);
        // All but the newest ten had been replaced when the clock stood still.
        clock.advance(Duration.ofSeconds(-30));
        commit(lake, 1);
        assertThat(ids().size()).isGreaterThan(SnapshotRetention.KEEP_AT_LEAST);
    }

    @Test
    void files_of_expired_table_snapshots_are_deleted_when_queries_have_had_their_time() {
        TestLake lake = commit(lake(), 40);
        assertThatThrownBy(() -> LakeAudit.assertCompleteWithoutOrphans(others()))
                .as("may be read still")
                .isInstanceOf(AssertionError.class);
        awaitNoOrphans(lake);
        assertEqual(lake);
    }

    @Test
    void a_file_stays_while_one_that_expired_later_may_still_be_read() {
        TestLake lake = lake();
        Snapshot older = others().currentSnapshot();
        commit(lake, 1);
        Snapshot newer = others().currentSnapshot();
        List<String> files = filesOf(newer);
        lake.apply(feed.begin()
                .truncate(KEYED)
                .insert(KEYED, 1, "a", 0)
                .insert(KEYED, 2, "b", 0)
                .commit());
        commit(lake, KEPT - 2);
        assertThat(ids()).doesNotContain(older.snapshotId()).contains(newer.snapshotId());
        clock.advance(Duration.ofMinutes(40));
        commit(lake, 1);
        assertThat(ids()).doesNotContain(newer.snapshotId());
        clock.advance(Duration.ofMinutes(30));
        removeDue(lake);
        assertThat(List.of(older.manifestListLocation())).noneMatch(this::isThere);
        assertThat(files).isNotEmpty().allMatch(this::isThere);
        awaitNoOrphans(lake);
        assertThat(files).noneMatch(this::isThere);
    }

    /** Its manifest list, manifests and data files. */
    private List<String> filesOf(Snapshot snapshot) {
        Table table = others();
        List<String> files = new ArrayList<>(List.of(snapshot.manifestListLocation()));
        snapshot.allManifests(table.io()).forEach(manifest -> files.add(manifest.path()));
        table.newScan()
                .useSnapshot(snapshot.snapshotId())
                .planFiles()
                .forEach(task -> files.add(task.file().location()));
        return files;
    }

    private boolean isThere(String file) {
        return others().io().newInputFile(file).exists();
    }

    @Test
    void they_are_deleted_though_others_removed_the_partition_spec_that_they_were_written_by() {
        TestLake lake = new TestLake(
                        catalog,
                        options -> options.keepSnapshots(
                                        new SnapshotRetention(Duration.ofDays(3), KEPT, Duration.ofHours(1)))
                                .table(ORDERS, TableOptions.DEFAULTS.partitionBy("bucket(2, id)")))
                .clock(clock)
                .loaded(KEYED, row(1, "a", 0), row(2, "b", 0));
        int before = others().spec().specId();
        commit(lake, 3);
        others().updateSpec().removeField(Expressions.bucket("id", 2)).commit();
        lake.restart().resume(KEYED, feed.end());
        lake.apply(feed.begin()
                .truncate(KEYED)
                .insert(KEYED, 1, "a", 0)
                .insert(KEYED, 2, "b", 0)
                .commit());
        commit(lake, 2 * KEPT);
        others().expireSnapshots().cleanExpiredMetadata(true).commit();
        assertThat(others().specs()).doesNotContainKey(before);
        awaitNoOrphans(lake);
        assertEqual(lake);
    }

    @Test
    void after_a_restart_the_position_is_proven_and_commits_go_on() {
        TestLake lake = commit(lake(), 40);
        assertThat(lake.restart().committedUpTo(KEYED)).contains(feed.end());
        lake.sink().resume(KEYED, feed.end());
        commit(lake, 40);
        assertEqual(lake);
        assertThat(ids()).hasSize(KEPT);
    }

    @Test
    void a_pipeline_that_was_down_for_a_week_goes_on() {
        TestLake lake = commit(lake(new SnapshotRetention(DAY.multipliedBy(3), 100, Duration.ZERO)), 40);
        clock.advance(DAY.multipliedBy(7));
        assertThat(lake.restart().committedUpTo(KEYED)).contains(feed.end());
        lake.sink().resume(KEYED, feed.end());
        commit(lake, 1);
        assertThat(ids()).hasSize(SnapshotRetention.KEEP_AT_LEAST);
        awaitNoOrphans(lake);
        assertEqual(lake);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_rollback_by_others_to_the_oldest_that_is_left_is_told(boolean running) {
        TestLake lake = commit(lake(), 40);
        others().manageSnapshots().rollbackTo(oldest(others())).commit();
        List<Long> left = ids();
        if (running) {
            assertThat(lake.write(change().batch()).rejections()).isEmpty();
            CommitResult.Outcome outcome =
                    lake.commitResult(feed.end()).outcomes().get(ORDERS);
            assertThat(outcome.kind()).isEqualTo(Kind.HELD);
            assertThat(outcome.failure().orElseThrow().code()).isEqualTo(ErrorCode.TABLE_ROLLED_BACK);
        }
        assertRefused(ErrorCode.TABLE_ROLLED_BACK, () -> lake.restart().committedUpTo(KEYED));
        assertThat(ids())
                .as("nobody takes away what they may go forward to again")
                .isEqualTo(left);
    }

    @Test
    void a_rollback_by_others_that_their_own_expiry_hides_is_told() {
        TestLake lake = commit(lake(), 40);
        others().manageSnapshots().rollbackTo(oldest(others())).commit();
        OtherWriter.compact(others());
        others().expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(1).commit();
        assertRefused(ErrorCode.TABLE_ROLLED_BACK, () -> lake.restart().committedUpTo(KEYED));
    }

    /** What was planned when the rollback came is refused, with the expiry in it. */
    @Test
    void a_rollback_between_plan_and_commit_expires_nothing() {
        TestLake lake = commit(lake(), 40);
        List<Long> before = ids();
        Table table = others();
        long target = oldest(table);
        catalog.next(
                Fault.after(() -> table.manageSnapshots().rollbackTo(target).commit()));
        assertThat(lake.write(change().batch()).rejections()).isEmpty();
        assertThat(lake.commitResult(feed.end()).outcomes().get(ORDERS).kind()).isEqualTo(Kind.HELD);
        assertThat(ids()).isEqualTo(before);
        assertThat(others().currentSnapshot().snapshotId()).isEqualTo(target);
    }

    @Test
    void after_lost_replies_and_lost_requests_every_table_snapshot_that_stays_has_its_files() {
        TestLake lake = lake(new SnapshotRetention(DAY, KEPT, Duration.ZERO));
        for (int i = 0; i < 30; i++) {
            if (i % 3 != 0) {
                catalog.next(i % 3 == 1 ? Fault.failAfter() : Fault.lose());
            }
            commit(lake, 1);
            LakeAudit.assertComplete(others());
        }
        assertThat(ids()).hasSize(KEPT);
        assertEqual(lake);
    }

    @Test
    void what_a_tag_or_a_branch_points_at_stays() {
        TestLake lake = commit(lake(), 5);
        long tagged = others().currentSnapshot().snapshotId();
        others().manageSnapshots().createTag("audit", tagged).commit();
        commit(lake, 1);
        long branched = others().currentSnapshot().snapshotId();
        others().manageSnapshots().createBranch("theirs", branched).commit();
        commit(lake, 30);
        assertThat(ids()).contains(tagged, branched).hasSize(KEPT + 2);
        awaitNoOrphans(lake);
        assertThat(lake.rows("orders", tagged)).containsExactly("1|a|5", "2|b|0");
        assertThat(lake.rows("orders", branched)).containsExactly("1|a|6", "2|b|0");
        assertThat(others().refs()).containsKeys("audit", "theirs");
    }

    /** What was behind it has expired long ago, so no walk from the head meets it. */
    @Test
    void what_a_tag_pointed_at_goes_when_the_tag_is_gone_and_it_is_old_enough() {
        TestLake lake = commit(lake(), 5);
        long tagged = others().currentSnapshot().snapshotId();
        others().manageSnapshots().createTag("audit", tagged).commit();
        commit(lake, 30);
        others().manageSnapshots().removeTag("audit").commit();
        commit(lake, 1);
        assertThat(ids()).as("may be tagged again").contains(tagged);
        clock.advance(DAY.multipliedBy(4));
        commit(lake, 1);
        assertThat(ids()).doesNotContain(tagged).hasSize(SnapshotRetention.KEEP_AT_LEAST);
        awaitNoOrphans(lake);
        assertEqual(lake);
    }

    @Test
    void what_was_rolled_back_goes_after_the_table_was_copied_again() {
        TestLake lake = commit(lake(), 5);
        List<Long> before = ids();
        others().manageSnapshots().rollbackTo(before.get(2)).commit();
        clock.advance(DAY.multipliedBy(4));
        lake.restart();
        TestLake.load(lake.sink(), KEYED, feed.end(), row(1, "a", amount), row(2, "b", 0));
        assertThat(ids()).contains(before.get(0), before.get(2)).doesNotContainAnyElementsOf(before.subList(3, 6));
        awaitNoOrphans(lake);
        assertEqual(lake);
    }

    /** Nobody but its author knows whether it will be published. */
    @Test
    void what_others_staged_or_had_on_a_branch_stays() {
        TestLake lake = commit(lake(), 2);
        long head = others().currentSnapshot().snapshotId();
        others().newAppend().set("wap.id", "review").stageOnly().commit();
        others().manageSnapshots().createBranch("theirs", head).commit();
        others().newAppend().toBranch("theirs").commit();
        long branched = others().refs().get("theirs").snapshotId();
        others().manageSnapshots().removeBranch("theirs").commit();
        List<Long> unreached = new ArrayList<>(ids());
        unreached.removeIf(
                id -> id != branched && others().snapshot(id).summary().get("wap.id") == null);
        clock.advance(DAY.multipliedBy(30));
        commit(lake, 30);
        assertThat(unreached).hasSize(2);
        assertThat(ids()).containsAll(unreached).hasSize(SnapshotRetention.KEEP_AT_LEAST + 2);
        assertEqual(lake);
    }

    @Test
    void a_tag_that_is_set_between_plan_and_commit_keeps_its_table_snapshot() {
        TestLake lake = commit(lake(), 30);
        Table table = others();
        long tagged = oldest(table);
        catalog.next(Fault.after(
                () -> table.manageSnapshots().createTag("late", tagged).commit()));
        commit(lake, 1);
        assertThat(ids()).contains(tagged);
        commit(lake, 5);
        assertThat(others().refs()).containsKey("late");
        LakeAudit.assertComplete(others());
    }

    @Test
    void a_compaction_by_others_is_followed_and_its_leftovers_go() {
        TestLake lake = lake();
        for (int i = 0; i < 6; i++) {
            commit(lake, 5);
            OtherWriter.compact(others());
        }
        commit(lake, KEPT);
        awaitNoOrphans(lake);
        assertEqual(lake);
        assertThat(ids()).hasSize(KEPT);
    }

    @Test
    void retention_that_a_person_set_on_the_table_goes_before() {
        TestLake lake = lake();
        set(properties -> properties.set(TableProperties.MIN_SNAPSHOTS_TO_KEEP, "20"));
        commit(lake, 40);
        assertThat(ids()).hasSize(20);
        set(properties -> properties
                .remove(TableProperties.MIN_SNAPSHOTS_TO_KEEP)
                .set(TableProperties.MAX_SNAPSHOT_AGE_MS, "1000"));
        clock.advance(Duration.ofSeconds(120));
        commit(lake, 1);
        assertThat(ids()).hasSize(SnapshotRetention.KEEP_AT_LEAST);
    }

    private void set(Consumer<org.apache.iceberg.UpdateProperties> change) {
        org.apache.iceberg.UpdateProperties properties = others().updateProperties();
        change.accept(properties);
        properties.commit();
    }

    @Test
    void a_table_whose_files_others_share_keeps_everything() {
        TestLake lake = lake();
        set(properties -> properties.set(TableProperties.GC_ENABLED, "false"));
        commit(lake, 30);
        assertThat(ids()).hasSize(31);
    }

    @Test
    void a_table_of_an_earlier_version_gets_its_bounds_and_what_a_person_set_stays() {
        TestLake lake = lake();
        set(properties -> properties
                .remove(TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED)
                .remove(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX)
                .set(TableProperties.MANIFEST_MIN_MERGE_COUNT, "17"));
        commit(lake, 1);
        assertThat(others().properties())
                .containsEntry(TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true")
                .containsEntry(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "100")
                .containsEntry(TableProperties.MANIFEST_MIN_MERGE_COUNT, "17");
    }
}
