// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.ORDERS;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.sink.CommitResult;
import io.philotes.sink.iceberg.HoldingCatalog.Call;
import io.philotes.testkit.OtherWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others do, and what storage and catalog fail at, at the moments where compaction could lose a row or bring one back. */
class CompactionHazardsTest {

    private final HoldingCatalog catalog = new HoldingCatalog();
    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    @AfterEach
    void release() {
        catalog.release();
    }

    private TestLake lake(int formatVersion, UnaryOperator<IcebergSinkBuilder> more) {
        return new TestLake(
                catalog,
                options -> more.apply(options.formatVersion(formatVersion)
                        .commitTimeout(Duration.ofSeconds(2))
                        .compaction(CompactionOptions.DEFAULT
                                .withMinFiles(3)
                                .withMinDeletedRows(1)
                                .withCpuShare(1))));
    }

    /** Commits one row each, so that there are as many small files; others may have changed the table. */
    private void insert(TestLake lake, int... keys) {
        for (int key : keys) {
            lake.write(
                    feed.begin().insert(KEYED, key, "row " + key, key).commit().batch());
            lake.commit(feed.end());
        }
    }

    /** A mirror of four files whose rows are copied, and not in the table yet. */
    private TestLake copied(int formatVersion) {
        TestLake lake = lake(formatVersion, options -> options).loaded(KEYED, row(0, "loaded", 0));
        for (int key = 1; key <= 3; key++) {
            insert(lake, key);
            Compactions.awaitCopy(lake);
        }
        assertThat(compactions(lake)).isEmpty();
        return lake;
    }

    private static List<Snapshot> compactions(TestLake lake) {
        return StreamSupport.stream(lake.table("orders").snapshots().spliterator(), false)
                .filter(snapshot -> snapshot.operation().equals(DataOperations.REPLACE))
                .toList();
    }

    private void changeAll(TestLake lake) {
        lake.write(feed.begin()
                .update(KEYED, 0, "changed", 0)
                .delete(KEYED, 'K', 2, null, null)
                .insert(KEYED, 5, "row 5", 5)
                .commit()
                .batch());
        lake.commit(feed.end());
    }

    private static void requireChanged(TestLake lake) {
        assertThat(rows(lake)).containsExactly("0|changed|0", "1|row 1|1", "3|row 3|3", "5|row 5|5");
    }

    /** With what others deleted by value, which the sink itself never writes. */
    private static List<String> rows(TestLake lake) {
        List<String> rows = new ArrayList<>();
        try (CloseableIterable<Record> records =
                IcebergGenerics.read(lake.table("orders")).build()) {
            records.forEach(record ->
                    rows.add(record.getField("id") + "|" + record.getField("name") + "|" + record.getField("amount")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows.stream().sorted().toList();
    }

    private static List<Object> ids(TestLake lake) {
        List<Object> ids = new ArrayList<>();
        try (CloseableIterable<Record> records =
                IcebergGenerics.read(lake.table("orders")).select("id").build()) {
            records.forEach(record -> ids.add(record.getField("id")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ids.stream().sorted().toList();
    }

    /** Whoever hangs before the request may send it late: in a session that went on, before or behind its commits. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_rewrite_that_lands_in_another_session_loses_nothing_and_brings_nothing_back(boolean before) {
        TestLake lake = copied(3);
        catalog.hold(Call.COMMIT);
        assertThatThrownBy(() -> lake.sink().tend())
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.COMMIT_UNKNOWN));
        catalog.holdNoMore();
        lake.restart().resume(KEYED, feed.end());
        if (before) {
            catalog.release();
            await().until(() -> !compactions(lake).isEmpty());
        }
        changeAll(lake);
        catalog.release();
        requireChanged(lake);
        Compactions.settle(lake);
        lake.write(feed.begin().update(KEYED, 1, "last", 1).commit().batch());
        lake.commit(feed.end());
        Compactions.settle(lake);
        assertThat(rows(lake)).containsExactly("0|changed|0", "1|last|1", "3|row 3|3", "5|row 5|5");
    }

    /** The commit landed before, and stays so. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void deletes_that_cannot_be_written_refuse_the_rewrite_and_not_the_commit(int formatVersion) {
        TestLake lake = copied(formatVersion);
        catalog.afterNextCommit(() -> catalog.refuseFiles("-deletes."));
        lake.write(feed.begin()
                .update(KEYED, 0, "changed", 0)
                .delete(KEYED, 'K', 2, null, null)
                .insert(KEYED, 5, "row 5", 5)
                .commit()
                .batch());
        assertThat(lake.commitResult(feed.end()).outcomes().get(ORDERS).kind()).isEqualTo(CommitResult.Kind.COMMITTED);
        assertThat(compactions(lake)).isEmpty();
        requireChanged(lake);
        catalog.refuseFiles(null);
        insert(lake, 6);
        Compactions.settle(lake);
        assertThat(compactions(lake)).isNotEmpty();
        assertThat(ids(lake)).containsExactly(0L, 1L, 3L, 5L, 6L);
    }

    /** One file of positions speaks of several data files: it cannot go with one of them. */
    @Test
    void rows_that_others_deleted_in_several_files_at_once_stay_deleted() {
        TestLake lake = copied(2);
        OtherWriter.deleteRowsOfSeveralFiles(lake.table("orders"), "id", 1L, 3L);
        insert(lake, 5);
        assertThat(ids(lake)).containsExactly(0L, 2L, 5L);
        Compactions.settle(lake);
        insert(lake, 6, 7, 8);
        Compactions.settle(lake);
        assertThat(ids(lake)).containsExactly(0L, 2L, 5L, 6L, 7L, 8L);
    }

    @Test
    void a_row_that_others_bring_back_while_the_file_is_copied_without_it_is_not_lost() {
        TestLake lake = lake(3, options -> options).loaded(KEYED, row(0, "loaded", 0), row(1, "loaded", 1));
        lake.write(feed.begin().delete(KEYED, 'K', 1, null, null).commit().batch());
        lake.commit(feed.end());
        Compactions.awaitCopy(lake);
        OtherWriter.bringBack(lake.table("orders"));
        insert(lake, 5);
        assertThat(ids(lake)).containsExactly(0L, 1L, 5L);
        Compactions.settle(lake);
        assertThat(ids(lake)).containsExactly(0L, 1L, 5L);
    }

    /** The file that deleted them goes with none of the files that are written again. */
    @Test
    void rows_of_a_history_that_others_bring_back_are_not_lost() {
        TestLake lake = lake(2, options -> options.mode(WriteMode.APPEND)).loaded(KEYED);
        insert(lake, 1, 2);
        Compactions.settle(lake);
        OtherWriter.deleteRowsOfSeveralFiles(lake.table("orders"), "id", 1L, 2L);
        insert(lake, 3);
        Compactions.awaitCopy(lake);
        OtherWriter.bringBack(lake.table("orders"));
        insert(lake, 4);
        Compactions.settle(lake);
        assertThat(ids(lake)).containsExactly(1L, 2L, 3L, 4L);
    }

    /** What the copy cannot know of is not copied; what came after is. */
    @Test
    void rows_of_a_history_that_others_deleted_by_value_stay_deleted() {
        TestLake lake = lake(3, options -> options.mode(WriteMode.APPEND)).loaded(KEYED);
        insert(lake, 1, 2);
        Compactions.settle(lake);
        OtherWriter.deleteByValue(lake.table("orders"), "id", 1L);
        insert(lake, 3, 4, 5, 6, 7, 8);
        Compactions.settle(lake);
        assertThat(compactions(lake)).isNotEmpty();
        assertThat(ids(lake)).containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L);
    }

    @Test
    void a_row_of_a_history_that_others_delete_by_value_while_it_is_copied_stays_deleted() {
        TestLake lake = lake(3, options -> options.mode(WriteMode.APPEND)).loaded(KEYED);
        insert(lake, 1, 2, 3);
        Compactions.awaitCopy(lake);
        OtherWriter.deleteByValue(lake.table("orders"), "id", 1L);
        insert(lake, 4);
        Compactions.settle(lake);
        assertThat(ids(lake)).containsExactly(2L, 3L, 4L);
    }

    /** Rows of format 2 have no identity that the copy could have kept; in format 3 they got one. */
    @Test
    void rows_of_a_table_that_others_upgrade_while_it_is_copied_keep_the_identity_that_they_got() {
        TestLake lake = copied(2);
        lake.table("orders")
                .updateProperties()
                .set(TableProperties.FORMAT_VERSION, "3")
                .commit();
        List<String> identities = new ArrayList<>();
        catalog.afterNextCommit(() -> identities.addAll(identities(lake)));
        insert(lake, 5);
        assertThat(identities).hasSize(5).doesNotHaveDuplicates().noneMatch(text -> text.contains("null"));
        Compactions.settle(lake);
        insert(lake, 6);
        Compactions.settle(lake);
        assertThat(identities(lake)).containsAll(identities).hasSize(6);
        assertThat(compactions(lake)).isNotEmpty();
    }

    private static List<String> identities(TestLake lake) {
        Table table = lake.table("orders");
        List<String> found = new ArrayList<>();
        try (CloseableIterable<Record> rows = IcebergGenerics.read(table)
                .project(MetadataColumns.schemaWithRowLineage(table.schema()))
                .build()) {
            rows.forEach(row -> found.add(row.getField("id") + " is " + row.getField(MetadataColumns.ROW_ID.name())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }
}
