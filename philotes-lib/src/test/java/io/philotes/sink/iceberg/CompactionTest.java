// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.KEYLESS;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.testkit.Fault;
import io.philotes.testkit.FaultyCatalog;
import io.philotes.testkit.OtherWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compaction beside the writer, its moments chosen by hand. */
class CompactionTest {

    /** Changes after which an index is saved. */
    private static final int ENOUGH_TO_SAVE = 100_000;

    private ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    private static UnaryOperator<IcebergSinkBuilder> eager(int formatVersion) {
        return options -> options.formatVersion(formatVersion)
                .compaction(CompactionOptions.DEFAULT
                        .withMinFiles(3)
                        .withMinDeletedRows(1)
                        .withCpuShare(1));
    }

    /** Commits one row, so that there are as many small files as rows. */
    private void insert(TestLake lake, int... keys) {
        for (int key : keys) {
            lake.apply(feed.begin().insert(KEYED, key, "row " + key, key).commit());
        }
    }

    /** The same into a table of which the sink tells that others changed it. */
    private void insertIntoDiverged(TestLake lake, int key) {
        lake.write(feed.begin().insert(KEYED, key, "row " + key, key).commit().batch());
        lake.commit(feed.end());
    }

    /** Behind it the rows of four files are copied, and not in the table yet. */
    private TestLake copied(TestLake lake) {
        lake.loaded(KEYED, row(0, "loaded", 0));
        for (int key = 1; key <= 3; key++) {
            insert(lake, key);
            Compactions.awaitCopy(lake);
        }
        assertThat(compactions(lake)).isEmpty();
        return lake;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void small_files_become_one_and_their_rows_are_found_again(int formatVersion) throws Exception {
        TestLake lake = new TestLake(eager(formatVersion)).loaded(KEYED, row(0, "loaded", 0));
        insert(lake, 1, 2, 3, 4, 5, 6, 7, 8);
        Compactions.settle(lake);

        assertThat(files(lake)).hasSizeLessThan(4);
        assertThat(compactions(lake)).isNotEmpty();
        lake.apply(feed.begin()
                .update(KEYED, 1, "changed", 1)
                .delete(KEYED, 'K', 2, null, null)
                .update(KEYED, 'K', Arrays.asList(3, null, null), List.of(33, "moved", 3))
                .commit());
        assertThat(lake.rows("orders"))
                .containsExactly(
                        "0|loaded|0",
                        "1|changed|1",
                        "33|moved|3",
                        "4|row 4|4",
                        "5|row 5|5",
                        "6|row 6|6",
                        "7|row 7|7",
                        "8|row 8|8");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void rows_that_change_while_they_are_copied_are_deleted_in_the_copy(int formatVersion) throws Exception {
        TestLake lake = copied(new TestLake(eager(formatVersion)));
        lake.write(feed.begin()
                .update(KEYED, 1, "changed", 1)
                .delete(KEYED, 'K', 2, null, null)
                .commit()
                .batch());
        lake.commit(feed.end());

        assertThat(compactions(lake)).hasSize(1);
        assertThat(deletes(lake)).isPositive();
        assertThat(lake.rows("orders")).containsExactly("0|loaded|0", "1|changed|1", "3|row 3|3");
        lake.apply(feed.begin()
                .update(KEYED, 1, "again", 1)
                .insert(KEYED, 2, "back", 2)
                .commit());
        assertThat(lake.rows("orders")).containsExactly("0|loaded|0", "1|again|1", "2|back|2", "3|row 3|3");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void a_file_of_which_much_is_deleted_is_written_again(int formatVersion) throws Exception {
        TestLake lake = new TestLake(eager(formatVersion))
                .loaded(KEYED, row(0, "a", 0), row(1, "b", 1), row(2, "c", 2), row(3, "d", 3));
        lake.apply(feed.begin().delete(KEYED, 'K', 1, null, null).commit());
        Compactions.settle(lake);
        assertThat(deletes(lake)).isZero();
        assertThat(lake.rows("orders")).containsExactly("0|a|0", "2|c|2", "3|d|3");
        lake.apply(feed.begin()
                .delete(KEYED, 'K', 0, null, null)
                .delete(KEYED, 'K', 2, null, null)
                .delete(KEYED, 'K', 3, null, null)
                .commit());
        Compactions.settle(lake);
        assertThat(files(lake)).isEmpty();
        insert(lake, 1);
        assertThat(lake.rows("orders")).containsExactly("1|row 1|1");
    }

    @Test
    void rows_keep_their_lineage() throws Exception {
        TestLake lake = new TestLake(eager(3)).loaded(KEYED, row(0, "loaded", 0), row(9, "loaded", 9));
        insert(lake, 1, 2);
        lake.apply(feed.begin().update(KEYED, 0, "changed", 0).commit());
        Map<Object, String> before = lineage(lake);
        Compactions.settle(lake);
        assertThat(compactions(lake)).isNotEmpty();
        assertThat(lineage(lake)).isEqualTo(before).hasSize(4);
        insert(lake, 3, 4, 5, 6);
        Compactions.settle(lake);
        assertThat(lineage(lake)).containsAllEntriesOf(before);
        assertThat(lineage(lake).values()).doesNotHaveDuplicates();
    }

    @Test
    void the_position_does_not_move_and_a_restart_goes_on() throws Exception {
        TestLake lake = new TestLake(eager(3)).loaded(KEYED, row(0, "loaded", 0));
        insert(lake, 1, 2, 3, 4);
        Map<String, String> before = lake.table("orders").properties();
        Compactions.settle(lake);
        assertThat(lake.table("orders").currentSnapshot().operation()).isEqualTo(DataOperations.REPLACE);
        assertThat(lake.table("orders").properties()).isEqualTo(before);
        lake.restart().resume(KEYED, lake.sink().committedUpTo(KEYED).orElseThrow());
        assertThat(lake.sink().committedUpTo(KEYED)).contains(feed.end());
        lake.apply(feed.begin().update(KEYED, 4, "changed", 4).commit());
        assertThat(lake.rows("orders"))
                .containsExactly("0|loaded|0", "1|row 1|1", "2|row 2|2", "3|row 3|3", "4|changed|4");
    }

    @Test
    void a_table_without_key_still_finds_each_of_its_rows_once() throws Exception {
        TestLake lake = new TestLake(eager(3)).loaded(KEYLESS, row(1, "a", 1), row(1, "a", 1));
        for (int i = 0; i < 4; i++) {
            lake.apply(feed.begin().insert(KEYLESS, 1, "a", 1).commit());
        }
        Compactions.awaitCopy(lake);
        lake.apply(feed.begin()
                .delete(KEYLESS, 'O', 1, "a", 1)
                .delete(KEYLESS, 'O', 1, "a", 1)
                .commit());
        Compactions.settle(lake);
        assertThat(compactions(lake)).isNotEmpty();
        assertThat(lake.rows("orders")).hasSize(4);
        for (int left = 3; left >= 0; left--) {
            lake.apply(feed.begin().delete(KEYLESS, 'O', 1, "a", 1).commit());
            assertThat(lake.rows("orders")).hasSize(left);
        }
    }

    @Test
    void a_history_only_gets_fewer_files() throws Exception {
        TestLake lake = new TestLake(options -> eager(3).apply(options).mode(WriteMode.APPEND)).loaded(KEYED);
        insert(lake, 1, 2, 3, 4, 5, 6);
        Compactions.settle(lake);
        assertThat(compactions(lake)).isNotEmpty();
        assertThat(files(lake)).hasSizeLessThan(4);
        insert(lake, 1);
        assertThat(lake.rows("orders", "id")).containsExactly("1", "1", "2", "3", "4", "5", "6");
    }

    /** Behind it a compaction hangs in reading the rows that it copies. */
    private void beginCopy(TestLake lake, HoldingCatalog catalog) throws Exception {
        lake.loaded(KEYED);
        insert(lake, 1, 2);
        Compactions.settle(lake);
        catalog.hold(HoldingCatalog.Call.READ_DATA);
        insert(lake, 3);
        catalog.awaitHeld();
    }

    /** Behind it four small files of a history were planned on, and so many commits followed before they are copied. */
    private TestLake overtaken(HoldingCatalog catalog, int commits) throws Exception {
        TestLake lake = new TestLake(
                catalog,
                options -> eager(3).apply(options)
                        .mode(WriteMode.APPEND)
                        .keepSnapshots(new SnapshotRetention(
                                Duration.ofDays(3), SnapshotRetention.KEEP_AT_LEAST, Duration.ofHours(1))));
        beginCopy(lake, catalog);
        catalog.holdNoMore();
        for (int i = 0; i < commits; i++) {
            insert(lake, 100 + i);
        }
        return lake;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 2 * SnapshotRetention.KEEP_AT_LEAST})
    void a_copy_of_a_history_lands_though_what_it_was_planned_on_has_expired(int commits) throws Exception {
        HoldingCatalog catalog = new HoldingCatalog();
        TestLake lake = overtaken(catalog, commits);
        List<String> before = lake.rows("orders", "id");
        catalog.release();
        Compactions.awaitCopy(lake);
        assertThat(compactions(lake)).isEmpty();
        Compactions.tend(lake);
        assertThat(compactions(lake)).hasSize(1);
        assertThat(lake.rows("orders", "id")).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 2 * SnapshotRetention.KEEP_AT_LEAST})
    void rows_of_a_history_that_others_delete_while_they_are_copied_stay_deleted(int commits) throws Exception {
        HoldingCatalog catalog = new HoldingCatalog();
        TestLake lake = overtaken(catalog, 0);
        OtherWriter.deleteRow(lake.table("orders"), "id", 1L);
        for (int i = 0; i < commits; i++) {
            insertIntoDiverged(lake, 100 + i);
        }
        catalog.release();
        Compactions.awaitCopy(lake);
        Compactions.tend(lake);
        assertThat(compactions(lake)).isEmpty();
        Compactions.settle(lake);
        insertIntoDiverged(lake, 200);
        Compactions.settle(lake);
        assertThat(lake.rows("orders", "id"))
                .hasSize(commits + 3)
                .doesNotContain("1")
                .contains("2", "3", "200");
    }

    @Test
    void what_others_compacted_meanwhile_is_not_put_back() throws Exception {
        TestLake lake = copied(new TestLake(eager(3)));
        OtherWriter.compact(lake.table("orders"));
        insert(lake, 5);
        assertThat(compactions(lake)).hasSize(1);
        Compactions.settle(lake);
        insert(lake, 6);
        assertThat(lake.rows("orders", "id")).containsExactly("0", "1", "2", "3", "5", "6");
    }

    /** While a file is written, text that compresses well counts as if it did not. */
    @Test
    void files_that_come_out_smaller_than_they_seemed_are_not_merged_for_ever() throws Exception {
        TestLake lake = new TestLake(options -> eager(3).apply(options).targetFileSizeBytes(64 << 10)).loaded(KEYED);
        String wide = "wide ".repeat(500);
        for (int file = 0; file < 6; file++) {
            ChangeFeed rows = feed.begin();
            for (int row = 0; row < 1024; row++) {
                rows.insert(KEYED, file * 1024 + row, wide, row);
            }
            lake.apply(rows.commit());
        }
        Compactions.settle(lake);
        int runs = compactions(lake).size();
        Compactions.settle(lake);
        assertThat(compactions(lake)).hasSize(runs);
        assertThat(lake.rows("orders", "id")).hasSize(6 * 1024);
    }

    /** Memory follows others with the table's own next commit: until then every copy would be in vain. */
    @Test
    void nothing_is_copied_again_before_the_tables_own_next_commit_when_others_changed_it() throws Exception {
        TestLake lake = copied(new TestLake(eager(3)));
        OtherWriter.append(lake.table("orders"), 100L, "of others", 1);
        for (int i = 0; i < 20; i++) {
            Compactions.tend(lake);
            assertThat(lake.sink().isTending()).as("round %d", i).isFalse();
        }
        assertThat(compactions(lake)).isEmpty();
        insert(lake, 5);
        Compactions.settle(lake);
        assertThat(compactions(lake)).isNotEmpty();
        assertThat(lake.rows("orders", "id")).containsExactly("0", "1", "100", "2", "3", "5");
    }

    @Test
    void truncate_and_a_new_copy_end_a_compaction() throws Exception {
        TestLake lake = copied(new TestLake(eager(3)));
        lake.apply(feed.begin().truncate(KEYED).insert(KEYED, 7, "after", 7).commit());
        Compactions.settle(lake);
        assertThat(lake.rows("orders")).containsExactly("7|after|7");
        for (int key = 1; key <= 3; key++) {
            insert(lake, key);
            Compactions.awaitCopy(lake);
        }
        TestLake.load(lake.sink(), KEYED, feed.end(), row(8, "copied", 8));
        insert(lake, 9);
        assertThat(lake.rows("orders")).containsExactly("8|copied|8", "9|row 9|9");
    }

    @Test
    void a_refused_or_lost_rewrite_changes_nothing_and_comes_again() throws Exception {
        List<Fault> faults = List.of(
                Fault.reject(),
                Fault.lose(),
                Fault.failAfter(),
                Fault.failAfter(() -> new CommitFailedException("resent")));
        for (Fault fault : faults) {
            FaultyCatalog catalog = FaultyCatalog.inMemory();
            feed = new ChangeFeed(LOADED_AT.value());
            TestLake lake = copied(new TestLake(catalog, eager(3)));
            catalog.next(fault);
            lake.sink().tend();
            assertThat(catalog.isPlayed()).isTrue();
            lake.apply(feed.begin()
                    .update(KEYED, 1, "changed", 1)
                    .delete(KEYED, 'K', 2, null, null)
                    .insert(KEYED, 5, "row", 5)
                    .commit());
            Compactions.settle(lake);
            lake.apply(feed.begin().update(KEYED, 3, "changed", 3).commit());
            assertThat(lake.rows("orders")).containsExactly("0|loaded|0", "1|changed|1", "3|changed|3", "5|row|5");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 12, 15})
    void a_rewrite_that_was_made_and_is_called_refused_keeps_its_files_though_looks_are_old(int oldLooks)
            throws Exception {
        FaultyCatalog catalog = FaultyCatalog.inMemory();
        TestLake lake = copied(new TestLake(catalog, eager(3)));
        catalog.next(call -> {
            call.run();
            for (int look = 0; look < oldLooks; look++) {
                catalog.nextOldLook();
            }
            throw new CommitFailedException("resent");
        });
        lake.sink().tend();
        assertThat(compactions(lake)).hasSize(1);
        assertThat(lake.rows("orders")).containsExactly("0|loaded|0", "1|row 1|1", "2|row 2|2", "3|row 3|3");
        lake.apply(feed.begin()
                .update(KEYED, 1, "changed", 1)
                .delete(KEYED, 'K', 2, null, null)
                .commit());
        assertThat(catalog.isPlayed()).isTrue();
        assertThat(lake.rows("orders")).containsExactly("0|loaded|0", "1|changed|1", "3|row 3|3");
    }

    /** What others put on top of it goes on with its files. */
    @Test
    void a_rewrite_that_was_made_and_has_expired_and_is_called_refused_keeps_its_files() throws Exception {
        FaultyCatalog catalog = FaultyCatalog.inMemory();
        TestLake lake = copied(new TestLake(catalog, eager(3)));
        Table other = lake.table("orders");
        catalog.next(call -> {
            call.run();
            other.refresh();
            other.newFastAppend().commit();
            other.expireSnapshots()
                    .expireOlderThan(System.currentTimeMillis() + 1_000)
                    .retainLast(1)
                    .commit();
            throw new CommitFailedException("resent");
        });
        lake.sink().tend();
        assertThat(lake.rows("orders")).containsExactly("0|loaded|0", "1|row 1|1", "2|row 2|2", "3|row 3|3");
        lake.restart().resume(KEYED, feed.end());
        lake.write(feed.begin().update(KEYED, 1, "changed", 1).commit().batch());
        lake.commit(feed.end());
        assertThat(lake.rows("orders")).containsExactly("0|loaded|0", "1|changed|1", "2|row 2|2", "3|row 3|3");
    }

    /** What cannot be read was not read. */
    @Test
    void a_saved_index_knows_where_rows_went(@TempDir Path warehouse, @TempDir Path saved) throws Exception {
        try (JdbcCatalog catalog = LocalCatalog.open(warehouse)) {
            TestLake lake = copied(
                    new TestLake(catalog, options -> eager(3).apply(options).indexDirectory(saved)));
            lake.apply(feed.begin().update(KEYED, 1, "changed", 1).commit());
            assertThat(compactions(lake)).hasSize(1);
            lake.sink().close();
            List<Path> known = new ArrayList<>();
            for (FileScanTask task : files(lake)) {
                known.add(Path.of(task.file().location()));
            }
            lake.restart().resume(KEYED, lake.sink().committedUpTo(KEYED).orElseThrow());
            for (Path file : known) {
                Files.move(file, file.resolveSibling(file.getFileName() + ".aside"));
            }
            lake.write(feed.begin()
                    .update(KEYED, 0, "again", 0)
                    .update(KEYED, 1, "again", 1)
                    .delete(KEYED, 'K', 2, null, null)
                    .commit()
                    .batch());
            for (Path file : known) {
                Files.move(file.resolveSibling(file.getFileName() + ".aside"), file);
            }
            lake.commit(feed.end());
            assertThat(lake.rows("orders")).containsExactly("0|again|0", "1|again|1", "3|row 3|3");
            lake.sink().close();
        }
    }

    /** A commit that saves the index, too, must not wait for rows that are being copied: that may take minutes. */
    @Test
    void an_index_that_is_to_be_saved_does_not_wait_for_a_copy(@TempDir Path saved) throws Exception {
        HoldingCatalog catalog = new HoldingCatalog();
        TestLake lake = new TestLake(catalog, options -> eager(3).apply(options).indexDirectory(saved));
        beginCopy(lake, catalog);
        feed.begin();
        for (int key = 10; key < 10 + ENOUGH_TO_SAVE; key++) {
            feed.insert(KEYED, key, "row", key);
        }
        lake.apply(feed.commit());
        assertThat(saved).isDirectoryContaining("glob:**.index");
        assertThat(lake.sink().isTending()).isTrue();
        lake.apply(feed.begin().update(KEYED, 2, "while it is copied", 2).commit());
        catalog.release();
        Compactions.awaitCopy(lake);
        Compactions.tend(lake);
        assertThat(compactions(lake)).isNotEmpty();
        lake.restart().resume(KEYED, lake.sink().committedUpTo(KEYED).orElseThrow());
        lake.apply(feed.begin()
                .update(KEYED, 1, "behind it", 1)
                .delete(KEYED, 'K', 2, null, null)
                .commit());
        assertThat(lake.rows("orders", "id")).hasSize(ENOUGH_TO_SAVE + 2).doesNotContain("2");
        assertThat(lake.rows("orders")).contains("1|behind it|1", "3|row 3|3");
    }

    private static List<FileScanTask> files(TestLake lake) throws IOException {
        List<FileScanTask> all = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks =
                lake.table("orders").newScan().planFiles()) {
            tasks.forEach(all::add);
        }
        return all;
    }

    private static long deletes(TestLake lake) throws IOException {
        return files(lake).stream().mapToLong(task -> task.deletes().size()).sum();
    }

    private static List<Snapshot> compactions(TestLake lake) {
        List<Snapshot> found = new ArrayList<>();
        lake.table("orders").snapshots().forEach(snapshot -> {
            if (snapshot.operation().equals(DataOperations.REPLACE)) {
                found.add(snapshot);
            }
        });
        return found;
    }

    private static Map<Object, String> lineage(TestLake lake) throws IOException {
        Table table = lake.table("orders");
        Map<Object, String> found = new TreeMap<>();
        try (CloseableIterable<Record> rows = IcebergGenerics.read(table)
                .project(MetadataColumns.schemaWithRowLineage(table.schema()))
                .build()) {
            for (Record row : rows) {
                found.put(
                        row.getField("id"),
                        row.getField(MetadataColumns.ROW_ID.name()) + "@"
                                + row.getField(MetadataColumns.LAST_UPDATED_SEQUENCE_NUMBER.name()));
            }
        }
        return found;
    }
}
