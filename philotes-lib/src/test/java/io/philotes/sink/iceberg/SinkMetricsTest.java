// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.INT4;
import static io.philotes.sink.iceberg.Relations.INT8;
import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.ORDERS;
import static io.philotes.sink.iceberg.Relations.TEXT;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static io.philotes.sink.iceberg.Tuples.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import io.philotes.sink.CommitResult;
import io.philotes.testkit.Fault;
import io.philotes.testkit.FaultyCatalog;
import io.philotes.testkit.Meters;
import io.philotes.testkit.OtherWriter;
import io.philotes.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotChanges;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the sink tells of its commits, held against what stands in the table. */
class SinkMetricsTest {

    private final Meters meters = new Meters();
    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());
    private final Catalog memory = TestLake.memoryCatalog();
    private final FaultyCatalog catalog = new FaultyCatalog(memory);

    private TestLake lake(int formatVersion) {
        return new TestLake(catalog, options -> options.formatVersion(formatVersion)).metrics(meters.metrics());
    }

    private void requireTableAsTold(TestLake lake) {
        Table table = lake.table("orders");
        Map<String, String> summary = table.currentSnapshot().summary();
        assertThat(meters.value("philotes.table.files")).isEqualTo(Double.parseDouble(summary.get("total-data-files")));
        assertThat(meters.value("philotes.table.delete.files"))
                .isEqualTo(Double.parseDouble(summary.get("total-delete-files")));
        assertThat(meters.value("philotes.table.size")).isEqualTo(Double.parseDouble(summary.get("total-files-size")));
        assertThat(meters.value("philotes.table.snapshots"))
                .isEqualTo(table.history().size());
    }

    @ParameterizedTest
    @CsvSource({"2, position-delete", "3, deletion-vector"})
    void files_and_rows_are_those_of_the_table(int formatVersion, String deletes) {
        TestLake lake = lake(formatVersion).loaded(KEYED, row(1, "a", 1), row(2, "b", 2), row(3, "c", 3));
        assertThat(meters.value("philotes.rows.written", "kind", "data")).isEqualTo(3);
        assertThat(meters.value("philotes.files.written", "kind", "data")).isEqualTo(1);
        requireTableAsTold(lake);

        lake.apply(feed.begin()
                .delete(KEYED, 'K', 1, null, null)
                .insert(KEYED, 4, "d", 4)
                .commit());
        lake.apply(feed.begin()
                .update(KEYED, 2, "B", 3)
                .delete(KEYED, 'K', 4, null, null)
                .commit());

        assertThat(meters.value("philotes.rows.written", "kind", "data")).isEqualTo(5);
        assertThat(meters.value("philotes.rows.written", "kind", deletes))
                .as("each deleted row once, although its vector or file is written again")
                .isEqualTo(3);
        assertThat(meters.value("philotes.commit.rows")).isEqualTo(2);
        assertThat(meters.total("philotes.commit.rows")).isEqualTo(5);
        assertThat(meters.value("philotes.commit", "outcome", "success")).isEqualTo(2);
        assertThat(meters.value("philotes.commit.size"))
                .as("the copy, and two commits")
                .isEqualTo(3);
        requireFilesAsTold(lake.table("orders"), deletes);
        requireTableAsTold(lake);
    }

    /** By what each table snapshot of the table added. */
    private void requireFilesAsTold(Table table, String deletes) {
        List<DataFile> data = new ArrayList<>();
        Map<String, DeleteFile> deleteFiles = new TreeMap<>();
        for (Snapshot snapshot : table.snapshots()) {
            SnapshotChanges changes =
                    SnapshotChanges.builderFor(table).snapshot(snapshot).build();
            changes.addedDataFiles().forEach(data::add);
            changes.addedDeleteFiles().forEach(file -> deleteFiles.put(file.location(), file));
        }
        assertThat(meters.value("philotes.files.written", "kind", "data")).isEqualTo(data.size());
        assertThat(meters.value("philotes.files.written", "kind", deletes)).isEqualTo(deleteFiles.size());
        double dataBytes = data.stream().mapToLong(ContentFile::fileSizeInBytes).sum();
        double deleteBytes = deleteFiles.values().stream()
                .mapToLong(ContentFile::fileSizeInBytes)
                .sum();
        assertThat(meters.total("philotes.file.size", "kind", "data")).isEqualTo(dataBytes);
        assertThat(meters.total("philotes.file.size", "kind", deletes)).isEqualTo(deleteBytes);
        assertThat(meters.total("philotes.commit.size")).isEqualTo(dataBytes + deleteBytes);
    }

    @Test
    void a_table_that_is_only_opened_is_told_as_it_stands() {
        TestLake lake = lake(3).loaded(KEYED, row(1, "a", 1));
        lake.metrics(meters.metrics());
        assertThat(meters.has("philotes.table.files")).isFalse();
        lake.sink().resume(KEYED, LOADED_AT);
        requireTableAsTold(lake);
    }

    @Test
    void a_commit_that_somebody_came_before_is_a_conflict_and_sent_again() {
        TestLake lake = lake(3).loaded(KEYED, row(1, "a", 1));
        Table other = memory.loadTable(TableIdentifier.of("shop", "orders"));
        catalog.next(real -> {
            OtherWriter.compact(other);
            real.run();
        });
        catalog.next(Fault.lose());
        lake.apply(feed.begin().insert(KEYED, 2, "b", 2).commit());
        assertThat(meters.value("philotes.commit.retries", "reason", "conflict"))
                .isEqualTo(1);
        assertThat(meters.value("philotes.commit.retries", "reason", "unknown")).isEqualTo(1);
        assertThat(meters.value("philotes.commit", "outcome", "success")).isEqualTo(1);
        assertThat(meters.value("philotes.rows.written", "kind", "data"))
                .as("told once, however often it was sent")
                .isEqualTo(2);
        requireTableAsTold(lake);
    }

    @Test
    void a_commit_that_others_always_come_before_is_given_up_as_a_conflict() {
        CommitRetry brief = new CommitRetry(2, 3, Duration.ofMillis(1), Duration.ofMillis(2));
        TestLake lake = new TestLake(catalog, options -> options.commitRetry(brief))
                .metrics(meters.metrics())
                .loaded(KEYED, row(1, "a", 1));
        Table other = memory.loadTable(TableIdentifier.of("shop", "orders"));
        for (int i = 0; i < 2; i++) {
            long key = 100 + i;
            catalog.next(real -> {
                OtherWriter.append(other, key, "foreign", 9);
                real.run();
            });
        }
        lake.write(feed.begin().insert(KEYED, 2, "b", 2).commit().batch());
        CommitResult.Outcome outcome = lake.commitResult(feed.end()).outcomes().get(ORDERS);
        assertThat(outcome.kind()).isNotEqualTo(CommitResult.Kind.COMMITTED);
        assertThat(meters.value("philotes.commit", "outcome", "conflict")).isEqualTo(1);
        assertThat(meters.has("philotes.commit", "outcome", "failure")).isFalse();
    }

    @Test
    void tables_that_commit_at_once_are_told_each_by_itself() {
        RelationSchema items = new RelationSchema(
                4712, new TableId("public", "items"), KEYED.identity(), KEYED.columns(), KEYED.keyColumns());
        CommonCatalog common = new CommonCatalog();
        TestLake lake = new TestLake(common, IcebergSinkBuilder::atomicCommits)
                .metrics(meters.metrics())
                .loaded(KEYED, row(1, "a", 1))
                .loaded(items, row(1, "x", 1));
        common.nextRequest(Fault.lose());
        lake.apply(feed.begin()
                .insert(KEYED, 2, "b", 2)
                .insert(items, 2, "y", 2)
                .insert(items, 3, "z", 3)
                .commit());
        assertThat(meters.value("philotes.commit.retries", "reason", "unknown")).isEqualTo(2);
        assertThat(meters.value("philotes.commit", "outcome", "success")).isEqualTo(2);
        assertThat(meters.value("philotes.rows.written", "table", "public.orders"))
                .isEqualTo(2);
        assertThat(meters.value("philotes.rows.written", "table", "public.items"))
                .isEqualTo(3);
        assertThat(meters.value("philotes.table.files", "table", "public.items"))
                .isEqualTo(2);
    }

    @Test
    void unchanged_values_that_had_to_be_read_are_counted() {
        TestLake lake = lake(3).loaded(KEYED, row(1, "big", 1), row(2, "big", 2));
        lake.apply(feed.begin()
                .update(KEYED, 1, UNCHANGED, 10)
                .update(KEYED, 2, "told", 20)
                .commit());
        assertThat(meters.value("philotes.toast.unchanged", "table", "public.orders"))
                .isEqualTo(1);
    }

    private static RelationSchema keyed(Column... more) {
        Column[] columns = new Column[more.length + 1];
        columns[0] = Column.of("id", 1, INT8);
        System.arraycopy(more, 0, columns, 1, more.length);
        return Relations.orders(ReplicaIdentity.DEFAULT, List.of(0), columns);
    }

    @Test
    void changes_of_definition_are_counted_by_what_became_of_them() {
        TestLake lake = lake(3).loaded(KEYED, row(1, "a", 1));
        RelationSchema changed =
                keyed(Column.of("title", 2, TEXT), Column.of("amount", 3, INT8), Column.of("note", 4, TEXT));
        lake.apply(feed.begin().insert(changed, 2, "b", 2, "c").commit());
        lake.apply(
                feed.begin().insert(keyed(Column.of("title", 2, TEXT)), 3, "c").commit());
        assertThat(meters.value("philotes.schema.changes", "type", "rename-column", "action", "applied"))
                .isEqualTo(1);
        assertThat(meters.value("philotes.schema.changes", "type", "widen-type", "action", "applied"))
                .isEqualTo(1);
        assertThat(meters.value("philotes.schema.changes", "type", "add-column", "action", "applied"))
                .isEqualTo(1);
        assertThat(meters.value("philotes.schema.changes", "type", "drop-column", "action", "applied"))
                .isEqualTo(2);
        RelationSchema narrower = keyed(Column.of("title", 2, INT4));
        assertThat(lake.write(feed.begin().insert(narrower, 4, 4).commit().batch())
                        .rejections())
                .hasSize(1);
        assertThat(meters.value("philotes.schema.changes", "type", "other", "action", "resync"))
                .isEqualTo(1);
        assertThat(meters.value("philotes.schema.changes")).isEqualTo(6);
    }

    @Test
    void a_compaction_is_timed_and_the_table_told_as_it_stands_then() throws Exception {
        TestLake lake = new TestLake(options -> options.compaction(CompactionOptions.DEFAULT
                        .withMinFiles(3)
                        .withMinDeletedRows(1)
                        .withCpuShare(1)))
                .metrics(meters.metrics())
                .loaded(KEYED, row(0, "loaded", 0));
        for (int key = 1; key < 8; key++) {
            lake.apply(feed.begin().insert(KEYED, key, "row " + key, key).commit());
        }
        Compactions.settle(lake);
        assertThat(meters.value("philotes.maintenance", "action", "compact", "outcome", "success"))
                .isPositive();
        assertThat(meters.total("philotes.maintenance", "action", "compact")).isPositive();
        requireTableAsTold(lake);
    }

    @Test
    void files_of_expired_snapshots_are_timed() {
        SettableClock clock = new SettableClock(Instant.now());
        TestLake lake = new TestLake(
                        catalog,
                        options -> options.keepSnapshots(
                                new SnapshotRetention(Duration.ofDays(3), 12, Duration.ofHours(1))))
                .clock(clock)
                .metrics(meters.metrics())
                .loaded(KEYED, row(1, "a", 1));
        for (int i = 0; i < 20; i++) {
            lake.apply(feed.begin().update(KEYED, 1, "a", i).commit());
        }
        clock.advance(Duration.ofHours(2));
        lake.apply(feed.begin().update(KEYED, 1, "a", 99).commit());
        lake.sink().awaitFileRemoval();
        assertThat(meters.value("philotes.maintenance", "action", "expire", "outcome", "success"))
                .isEqualTo(1);
        assertThat(meters.value("philotes.snapshots.expired")).isPositive();
        assertThat(meters.value("philotes.files.removed")).isPositive();
        requireTableAsTold(lake);
    }
}
