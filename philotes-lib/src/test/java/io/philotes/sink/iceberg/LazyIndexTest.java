// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.INT4;
import static io.philotes.sink.iceberg.Relations.INT8;
import static io.philotes.sink.iceberg.Relations.KEYLESS;
import static io.philotes.sink.iceberg.Relations.TEXT;
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
import io.philotes.sink.WriteResult;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.testkit.Fault;
import io.philotes.testkit.FaultyCatalog;
import io.philotes.testkit.OtherWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the rows of a table without a key are is learnt by the first change that must find one, wherever that comes. */
class LazyIndexTest {

    private static final RelationSchema WIDER = Relations.orders(
            ReplicaIdentity.FULL,
            List.of(),
            Column.of("id", 1, INT8),
            Column.of("amount", 3, INT4),
            Column.of("note", 4, TEXT));

    @TempDir
    private Path directory;

    private final FaultyCatalog catalog = FaultyCatalog.inMemory();
    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    private TestLake lake() {
        return new TestLake(catalog, options -> options);
    }

    /** A sink that cannot have an index: there is neither memory nor a place on the disk. */
    private UnaryOperator<IcebergSinkBuilder> withoutRoom() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "not a directory");
        return options -> options.indexMemoryBytes(100).indexDirectory(file);
    }

    private static UnaryOperator<IcebergSinkBuilder> eager() {
        return options -> options.compaction(
                CompactionOptions.DEFAULT.withMinFiles(3).withMinDeletedRows(1).withCpuShare(1));
    }

    private void during(Consumer<Table> others) {
        Table table = catalog.real().loadTable(TableIdentifier.of("shop", "orders"));
        catalog.next(Fault.after(() -> others.accept(table)));
    }

    private ChangeFeed oneRow() {
        return feed.begin().insert(KEYLESS, 1, "a", 1).commit();
    }

    private ChangeFeed oneRowLess() {
        return feed.begin().delete(KEYLESS, 'O', 1, "a", 1).commit();
    }

    private void restart(TestLake lake) {
        lake.restart().resume(KEYLESS, feed.end());
    }

    private static void requireNoMore(TestLake lake, ChangeFeed delete) {
        WriteResult result = lake.write(delete.batch());
        assertThat(result.divergences())
                .singleElement()
                .satisfies(d -> assertThat(d.reason()).contains("deleted"));
        lake.commit(delete.end());
    }

    @Test
    void appended_rows_need_no_index() throws Exception {
        TestLake lake = new TestLake(catalog, withoutRoom()).loaded(KEYLESS, row(1, "a", 1), row(1, "a", 1));
        lake.apply(oneRow());
        restart(lake);
        during(OtherWriter::compact);
        lake.apply(oneRow());
        assertThat(lake.rows("orders")).containsExactlyElementsOf(Collections.nCopies(4, "1|a|1"));
        lake.apply(feed.begin()
                .insert(KEYLESS, 2, "b", 2)
                .truncate(KEYLESS)
                .insert(KEYLESS, 3, "c", 3)
                .insert(WIDER, 4, 4, "new")
                .commit());
        ChangeBatch again = feed.begin().insert(WIDER, 5, 5, "new").commit().batch();
        lake.write(again);
        lake.sink().discard();
        lake.write(again);
        lake.commit(feed.end());
        assertThat(lake.rows("orders")).containsExactly("3|3|null", "4|4|new", "5|5|new");
        ChangeBatch search =
                feed.begin().delete(WIDER, 'O', 4, 4, "new").commit().batch();
        assertThatThrownBy(() -> lake.write(search))
                .isInstanceOf(PhilotesException.class)
                .extracting("code")
                .isEqualTo(ErrorCode.OVER_BUDGET);
    }

    @Test
    void compaction_of_appended_rows_needs_no_index() throws Exception {
        UnaryOperator<IcebergSinkBuilder> tight = withoutRoom();
        TestLake lake =
                new TestLake(catalog, options -> eager().apply(tight.apply(options))).loaded(KEYLESS, row(1, "a", 1));
        for (int i = 0; i < 5; i++) {
            lake.apply(oneRow());
        }
        Compactions.settle(lake);
        assertThat(isCompacted(lake)).isTrue();
        lake.apply(oneRow());
        assertThat(lake.rows("orders")).hasSize(7);
    }

    private static boolean isCompacted(TestLake lake) {
        return StreamSupport.stream(lake.table("orders").snapshots().spliterator(), false)
                .anyMatch(snapshot -> snapshot.operation().equals(DataOperations.REPLACE));
    }

    @Test
    void appended_rows_need_no_data_file() throws Exception {
        try (var local = LocalCatalog.open(directory)) {
            TestLake lake = new TestLake(local, options -> options).loaded(KEYLESS, row(1, "a", 1), row(2, "b", 2));
            lake.apply(oneRow());
            restart(lake);
            List<Path> files = new ArrayList<>();
            try (var tasks = lake.table("orders").newScan().planFiles()) {
                for (FileScanTask task : tasks) {
                    files.add(Path.of(task.file().location()));
                }
            }
            assertThat(files).hasSize(2);
            for (Path file : files) {
                Files.move(file, aside(file));
            }
            lake.apply(oneRow());
            lake.apply(oneRow());
            // Behind a TRUNCATE the table's rows are of no interest to anybody, and its next commit has none of them.
            lake.apply(feed.begin()
                    .truncate(KEYLESS)
                    .insert(KEYLESS, 1, "a", 1)
                    .insert(KEYLESS, 2, "b", 2)
                    .delete(KEYLESS, 'O', 1, "a", 1)
                    .commit());
            for (Path file : files) {
                Files.move(aside(file), file);
            }
            assertThat(lake.rows("orders")).containsExactly("2|b|2");
        }
    }

    private static Path aside(Path file) {
        return file.resolveSibling(file.getFileName() + ".aside");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void the_first_search_finds_rows_of_the_table_and_of_the_commit(int place) {
        TestLake lake = lake().loaded(KEYLESS, row(1, "a", 1), row(2, "b", 2));
        for (int commit = 0; commit < 2; commit++) {
            feed.begin();
            for (int i = 0; i < 3; i++) {
                if (place == 3 * commit + i) {
                    feed.delete(KEYLESS, 'O', 1, "a", 1);
                }
                feed.insert(KEYLESS, 1, "a", 1);
            }
            lake.apply(feed.commit());
        }
        if (place == 6) {
            lake.apply(oneRowLess());
        }
        for (int left = 6; left > 0; left--) {
            assertThat(lake.rows("orders")).hasSize(1 + left);
            lake.apply(oneRowLess());
        }
        assertThat(lake.rows("orders")).containsExactly("2|b|2");
        requireNoMore(lake, oneRowLess());
        assertThat(lake.rows("orders")).containsExactly("2|b|2");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_first_search_finds_rows_in_closed_and_open_files_of_the_commit(boolean partitioned) {
        String[] partitions = partitioned ? new String[] {"truncate(2000, amount)"} : new String[0];
        TestLake lake = new TestLake(
                        catalog,
                        options -> options.targetFileSizeBytes(3_000)
                                .table(Relations.ORDERS, TableOptions.DEFAULTS.partitionBy(partitions)))
                .loaded(KEYLESS);
        int rows = 4_000;
        feed.begin();
        for (int i = 0; i < rows; i++) {
            feed.insert(KEYLESS, i, "row " + i, i);
        }
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            if (i % 3 == 0) {
                feed.delete(KEYLESS, 'O', i, "row " + i, i);
            } else if (i % 3 == 1) {
                feed.update(KEYLESS, 'O', List.of(i, "row " + i, i), Arrays.asList(i, UNCHANGED, -1));
                expected.add(i + "|row " + i + "|-1");
            } else {
                expected.add(i + "|row " + i + "|" + i);
            }
        }
        lake.apply(feed.commit());
        assertThat(lake.rows("orders")).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void an_update_may_be_the_first_to_search() {
        TestLake lake = lake().loaded(KEYLESS, row(1, "a", 1), row(1, "a", 1));
        lake.apply(feed.begin()
                .insert(KEYLESS, 2, "b", 2)
                .update(KEYLESS, 'O', List.of(1, "a", 1), Arrays.asList(1, UNCHANGED, 7))
                .update(KEYLESS, 'O', List.of(1, "a", 7), List.of(1, "c", 7))
                .update(KEYLESS, 'O', List.of(2, "b", 2), List.of(2, "b", 3))
                .commit());
        assertThat(lake.rows("orders")).containsExactly("1|a|1", "1|c|7", "2|b|3");
        lake.apply(feed.begin().delete(KEYLESS, 'O', 1, "c", 7).commit());
        assertThat(lake.rows("orders")).containsExactly("1|a|1", "2|b|3");
    }

    @Test
    void a_search_behind_a_truncate_finds_no_row_of_before() {
        TestLake lake = lake().loaded(KEYLESS, row(1, "a", 1), row(1, "a", 1));
        during(OtherWriter::compact);
        feed.begin()
                .insert(KEYLESS, 1, "a", 1)
                .truncate(KEYLESS)
                .insert(KEYLESS, 1, "a", 1)
                .delete(KEYLESS, 'O', 1, "a", 1)
                .delete(KEYLESS, 'O', 1, "a", 1)
                .insert(KEYLESS, 1, "a", 1)
                .insert(KEYLESS, 2, "b", 2)
                .commit();
        requireNoMore(lake, feed);
        assertThat(catalog.isPlayed()).isTrue();
        assertThat(lake.rows("orders")).containsExactly("1|a|1", "2|b|2");
        lake.apply(oneRowLess());
        assertThat(lake.rows("orders")).containsExactly("2|b|2");
        requireNoMore(lake, oneRowLess());
    }

    @Test
    void a_truncate_before_the_first_search_is_committed_alone() {
        TestLake lake = lake().loaded(KEYLESS, row(1, "a", 1), row(1, "a", 1));
        lake.apply(feed.begin().truncate(KEYLESS).insert(KEYLESS, 1, "a", 1).commit());
        lake.apply(oneRowLess());
        assertThat(lake.rows("orders")).isEmpty();
        requireNoMore(lake, oneRowLess());
    }

    /** Where in a commit that is discarded its first search is. */
    private enum Discarded {
        WITHOUT_TRUNCATE,
        BEFORE_TRUNCATE,
        BEHIND_TRUNCATE,
        BEFORE_AND_BEHIND_TRUNCATE,
        BEHIND_TRUNCATE_AND_NEW_COLUMNS
    }

    @ParameterizedTest
    @EnumSource
    void what_a_discarded_commit_learnt_misses_no_row(Discarded kind) {
        TestLake lake = lake().loaded(KEYLESS, row(1, "a", 1), row(1, "a", 1));
        lake.apply(oneRow());
        feed.begin().insert(KEYLESS, 1, "a", 1);
        if (kind != Discarded.BEHIND_TRUNCATE) {
            feed.delete(KEYLESS, 'O', 1, "a", 1).delete(KEYLESS, 'O', 1, "a", 1);
        }
        if (kind != Discarded.WITHOUT_TRUNCATE) {
            feed.truncate(KEYLESS);
        }
        feed.insert(KEYLESS, 1, "a", 1);
        if (kind != Discarded.BEFORE_TRUNCATE) {
            feed.delete(KEYLESS, 'O', 1, "a", 1);
        }
        if (kind == Discarded.BEHIND_TRUNCATE_AND_NEW_COLUMNS) {
            feed.insert(WIDER, 1, 1, null).delete(WIDER, 'O', 1, 1, null);
        }
        assertThat(lake.write(feed.commit().batch())).isEqualTo(WriteResult.CLEAN);
        lake.sink().discard();
        boolean narrower = kind == Discarded.BEHIND_TRUNCATE_AND_NEW_COLUMNS;
        for (int left = 2; left >= 0; left--) {
            lake.apply(narrower ? feed.begin().delete(WIDER, 'O', 1, 1, null).commit() : oneRowLess());
            assertThat(lake.rows("orders")).hasSize(left);
        }
        if (!narrower) {
            requireNoMore(lake, oneRowLess());
        }
    }

    @Test
    void a_discarded_commit_of_appended_rows_leaves_none() {
        TestLake lake = lake().loaded(KEYLESS, row(1, "a", 1));
        lake.write(oneRow().batch());
        lake.sink().discard();
        lake.apply(oneRowLess());
        requireNoMore(lake, oneRowLess());
        assertThat(lake.rows("orders")).isEmpty();
    }

    private TestLake inTwoFiles(int format) {
        TestLake lake = new TestLake(catalog, options -> options.formatVersion(format))
                .loaded(KEYLESS, row(1, "a", 1), row(2, "b", 2), row(3, "c", 3));
        lake.apply(oneRow());
        return lake;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void others_may_compact_the_table_while_the_first_search_is_committed(int format) {
        TestLake lake = inTwoFiles(format);
        during(OtherWriter::compactHalf);
        lake.apply(oneRowLess());
        assertThat(catalog.isPlayed()).isTrue();
        assertThat(lake.rows("orders")).containsExactly("1|a|1", "2|b|2", "3|c|3");
        lake.apply(oneRowLess());
        requireNoMore(lake, oneRowLess());
        assertThat(lake.rows("orders")).containsExactly("2|b|2", "3|c|3");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void others_may_change_the_table_before_the_first_search(int format) {
        TestLake lake = inTwoFiles(format);
        during(table -> {
            OtherWriter.compactHalf(table);
            if (format == 2) {
                OtherWriter.deleteRowsOfSeveralFiles(table, "id", 2L);
            } else {
                OtherWriter.deleteRow(table, "id", 2L);
            }
            OtherWriter.append(table, 4L, "d", 4);
        });
        lake.write(feed.begin().insert(KEYLESS, 2, "b", 2).commit().batch());
        lake.commit(feed.end());
        assertThat(catalog.isPlayed()).isTrue();
        assertThat(lake.rows("orders")).containsExactly("1|a|1", "1|a|1", "2|b|2", "3|c|3", "4|d|4");
        lake.write(feed.begin()
                .delete(KEYLESS, 'O', 1, "a", 1)
                .delete(KEYLESS, 'O', 2, "b", 2)
                .delete(KEYLESS, 'O', 4, "d", 4)
                .commit()
                .batch());
        lake.commit(feed.end());
        assertThat(lake.rows("orders")).containsExactly("1|a|1", "3|c|3");
        requireNoMore(lake, feed.begin().delete(KEYLESS, 'O', 2, "b", 2).commit());
        lake.apply(oneRowLess());
        requireNoMore(lake, oneRowLess());
        assertThat(lake.rows("orders")).containsExactly("3|c|3");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void compaction_may_land_before_the_first_search_or_behind_it(boolean before) {
        TestLake lake = new TestLake(eager()).loaded(KEYLESS, row(1, "a", 1), row(1, "a", 1));
        for (int i = 0; i < 4; i++) {
            lake.apply(oneRow());
            Compactions.awaitCopy(lake);
        }
        if (before) {
            Compactions.settle(lake);
            assertThat(isCompacted(lake)).isTrue();
        }
        lake.apply(feed.begin()
                .insert(KEYLESS, 1, "a", 1)
                .delete(KEYLESS, 'O', 1, "a", 1)
                .delete(KEYLESS, 'O', 1, "a", 1)
                .commit());
        Compactions.settle(lake);
        assertThat(isCompacted(lake)).isTrue();
        for (int left = 5; left > 0; left--) {
            assertThat(lake.rows("orders")).hasSize(left);
            lake.apply(oneRowLess());
        }
        assertThat(lake.rows("orders")).isEmpty();
        requireNoMore(lake, oneRowLess());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void columns_may_come_and_go_before_the_first_search(boolean committed) {
        TestLake lake = lake().loaded(KEYLESS, row(1, "a", 1), row(1, "b", 1), row(2, "c", 2));
        feed.begin().insert(KEYLESS, 3, "d", 3);
        if (committed) {
            lake.apply(feed.commit());
            feed.begin();
        }
        feed.insert(WIDER, 4, 4, "new")
                .delete(WIDER, 'O', 1, 1, null)
                .delete(WIDER, 'O', 3, 3, null)
                .delete(WIDER, 'O', 4, 4, "new");
        lake.write(feed.commit().batch());
        lake.commit(feed.end());
        assertThat(lake.rows("orders")).containsExactly("1|1|null", "2|2|null");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void deleted_rows_that_stay_are_learnt_by_none(boolean searchedBefore) {
        TestLake lake = new TestLake(catalog, IcebergSinkBuilder::withSoftDelete)
                .loaded(KEYLESS, row(1, "a", 1), row(1, "a", 1));
        lake.apply(oneRow());
        restart(lake);
        feed.begin().insert(KEYLESS, 1, "a", 1);
        if (searchedBefore) {
            feed.delete(KEYLESS, 'O', 1, "a", 1);
        }
        lake.apply(feed.truncate(KEYLESS).insert(KEYLESS, 1, "a", 1).commit());
        List<String> expected = new ArrayList<>(Collections.nCopies(searchedBefore ? 3 : 4, "1|a|1|truncate|true"));
        if (searchedBefore) {
            expected.add("1|a|1|delete|true");
        }
        expected.add("1|a|1|insert|false");
        assertThat(rowsWithDeleted(lake)).containsExactlyInAnyOrderElementsOf(expected);
        restart(lake);
        lake.apply(oneRow());
        lake.apply(oneRowLess());
        lake.apply(oneRowLess());
        requireNoMore(lake, oneRowLess());
        assertThat(rowsWithDeleted(lake)).hasSize(6).allMatch(row -> row.endsWith("true"));
    }

    private static List<String> rowsWithDeleted(TestLake lake) {
        return lake.rows("orders", "id", "name", "amount", "_cdc_operation", "_cdc_deleted");
    }
}
