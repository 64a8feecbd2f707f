// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.TEXT_KEYED;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.metrics.PipelineMetrics;
import io.philotes.model.ChangeBatch;
import io.philotes.model.RelationSchema;
import io.philotes.sink.Divergence;
import io.philotes.sink.SinkContext;
import io.philotes.sink.iceberg.internal.index.IndexMemory;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.testkit.OtherWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An index that was saved is used as far as it is true, and the table is right in any case. */
class IndexCheckpointTest {

    private static final long FILE_NUMBERS = 1L << 23;

    @TempDir
    private Path warehouse;

    @TempDir
    private Path saved;

    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());
    private JdbcCatalog catalog;
    private TestLake lake;

    @BeforeEach
    void open() {
        catalog = LocalCatalog.open(warehouse);
        lake = new TestLake(catalog, options -> options.indexDirectory(saved));
    }

    @AfterEach
    void close() {
        lake.sink().close();
        catalog.close();
    }

    static Stream<RelationSchema> keyed() {
        return Stream.of(KEYED, TEXT_KEYED);
    }

    private static Object key(RelationSchema relation, int i) {
        return relation == KEYED ? (Object) i : "k" + i;
    }

    /** Rows 1 to 3, the first of which was updated and the third deleted, and the index of that, saved. */
    private void saved(RelationSchema relation) {
        lake.loaded(
                relation, row(key(relation, 1), "a", 1), row(key(relation, 2), "b", 2), row(key(relation, 3), "c", 3));
        lake.apply(feed.begin()
                .update(relation, key(relation, 1), "A", 1)
                .delete(relation, 'K', key(relation, 3), null, null)
                .commit());
        lake.sink().close();
        assertThat(files()).hasSize(1);
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.list(saved)) {
            return files.toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void restart(RelationSchema relation) {
        lake.restart().resume(relation, lake.sink().committedUpTo(relation).orElseThrow());
    }

    /** Changes every row that there ever was, so that each key must be found, or found not to be there. */
    private void changeAll(RelationSchema relation) {
        lake.apply(feed.begin()
                .update(relation, key(relation, 1), "x", 10)
                .update(relation, key(relation, 2), "y", 20)
                .insert(relation, key(relation, 3), "z", 30)
                .commit());
        assertThat(lake.rows("orders"))
                .containsExactly(key(relation, 1) + "|x|10", key(relation, 2) + "|y|20", key(relation, 3) + "|z|30");
    }

    private List<Path> dataFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        try (var tasks = lake.table("orders").newScan().planFiles()) {
            for (FileScanTask task : tasks) {
                files.add(Path.of(task.file().location()));
            }
        }
        return files;
    }

    /** What cannot be read was not read. */
    @ParameterizedTest
    @MethodSource("keyed")
    void a_restart_reads_no_data_file_that_the_saved_index_knows(RelationSchema relation) throws Exception {
        saved(relation);
        List<Path> known = dataFiles();
        assertThat(known).hasSize(2);
        for (Path file : known) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".aside"));
        }
        restart(relation);
        lake.write(feed.begin()
                .update(relation, key(relation, 1), "x", 10)
                .update(relation, key(relation, 2), "y", 20)
                .insert(relation, key(relation, 3), "z", 30)
                .commit()
                .batch());
        lake.commit(feed.end());
        for (Path file : known) {
            Files.move(file.resolveSibling(file.getFileName() + ".aside"), file);
        }
        assertThat(lake.rows("orders")).hasSize(3).noneMatch(row -> row.endsWith("|1") || row.endsWith("|2"));
    }

    /** No data file can be read that would say so. */
    @Test
    void a_row_that_stays_though_it_was_deleted_is_known_for_such() throws Exception {
        TableOptions options = TableOptions.DEFAULTS.withSoftDelete();
        lake = new TestLake(catalog, all -> all.indexDirectory(saved).table(Relations.ORDERS, options));
        saved(KEYED);
        for (Path file : dataFiles()) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".aside"));
        }
        restart(KEYED);
        ChangeBatch again =
                feed.begin().delete(KEYED, 'K', 3, null, null).commit().batch();
        assertThat(lake.write(again).divergences())
                .extracting(Divergence::reason)
                .containsExactly("a row was deleted that the target did not have");
    }

    /** Entries still name the files of before, and what is saved names those of the table. */
    @Test
    void what_compaction_moved_is_saved_where_it_is_now() throws Exception {
        lake = new TestLake(
                catalog,
                options -> options.indexDirectory(saved)
                        .compaction(CompactionOptions.DEFAULT
                                .withMinFiles(2)
                                .withMinDeletedRows(1)
                                .withDeletedFraction(0.05)
                                .withCpuShare(1)));
        lake.loaded(KEYED, row(1, "a", 1), row(2, "b", 2), row(3, "c", 3));
        lake.apply(feed.begin().update(KEYED, 1, "A", 1).commit());
        lake.apply(feed.begin().delete(KEYED, 'K', 3, null, null).commit());
        Compactions.settle(lake);
        assertThat(dataFiles()).anyMatch(file -> file.toString().contains("compacted"));
        lake.sink().close();
        List<Path> known = dataFiles();
        for (Path file : known) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".aside"));
        }
        restart(KEYED);
        lake.write(feed.begin()
                .update(KEYED, 1, "x", 10)
                .update(KEYED, 2, "y", 20)
                .insert(KEYED, 3, "z", 30)
                .commit()
                .batch());
        lake.commit(feed.end());
        for (Path file : known) {
            Files.move(file.resolveSibling(file.getFileName() + ".aside"), file);
        }
        assertThat(lake.rows("orders")).containsExactly("1|x|10", "2|y|20", "3|z|30");
    }

    private static Path old(Path file, int days) throws IOException {
        return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(days))));
    }

    private Path another() {
        return saved.resolve(UUID.randomUUID() + ".index");
    }

    /** As of tables that were dropped. */
    @Test
    void an_index_that_nobody_used_for_long_goes_and_nothing_else() throws Exception {
        saved(KEYED);
        Path own = old(files().get(0), 60);
        old(Files.copy(own, another()), 31);
        Path used = old(Files.copy(own, another()), 29);
        Path named = old(Files.copy(own, saved.resolve("by-hand.index")), 60);
        Path foreign = old(Files.writeString(another(), "something else"), 60);
        restart(KEYED);
        changeAll(KEYED);
        lake.sink().close();
        assertThat(files()).containsExactlyInAnyOrder(own, used, named, foreign);
    }

    @Test
    void an_index_that_a_start_read_is_in_use() throws Exception {
        saved(KEYED);
        Path own = old(files().get(0), 60);
        restart(KEYED);
        lake.write(feed.begin().update(KEYED, 1, "x", 10).commit().batch());
        assertThat(Files.getLastModifiedTime(own).toInstant())
                .isAfter(Instant.now().minus(Duration.ofDays(1)));
    }

    @Test
    void without_a_saved_index_the_table_is_read() throws Exception {
        saved(KEYED);
        Files.delete(files().get(0));
        Path file = dataFiles().get(0);
        Files.move(file, file.resolveSibling("aside"));
        restart(KEYED);
        assertThatThrownBy(() -> lake.write(
                        feed.begin().update(KEYED, 1, "x", 10).commit().batch()))
                .isInstanceOf(PhilotesException.class)
                .extracting("code")
                .isEqualTo(ErrorCode.STORAGE_FAILED);
        Files.move(file.resolveSibling("aside"), file);
    }

    @ParameterizedTest
    @MethodSource("keyed")
    void a_crash_with_an_old_index_and_commits_and_a_compaction_since(RelationSchema relation) {
        saved(relation);
        restart(relation);
        lake.apply(feed.begin().update(relation, key(relation, 2), "B", 2).commit());
        OtherWriter.compactHalf(lake.table("orders"));
        lake.apply(feed.begin()
                .insert(relation, key(relation, 3), "C", 3)
                .delete(relation, 'K', key(relation, 1), null, null)
                .commit());
        lake.apply(feed.begin()
                .insert(relation, key(relation, 1), "again", 1)
                .delete(relation, 'K', key(relation, 3), null, null)
                .commit());
        restart(relation);
        changeAll(relation);
    }

    @Test
    void an_index_of_before_a_new_copy_of_the_table() {
        saved(KEYED);
        lake.restart();
        TestLake.load(lake.sink(), KEYED, feed.end(), row(1, "copied", 1), row(2, "copied", 2));
        restart(KEYED);
        changeAll(KEYED);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 0.5, 0.9, 1})
    void a_damaged_file_is_not_used(double where) throws Exception {
        saved(KEYED);
        byte[] bytes = Files.readAllBytes(files().get(0));
        bytes[(int) (where * (bytes.length - 1))] ^= 4;
        Files.write(files().get(0), bytes);
        restart(KEYED);
        changeAll(KEYED);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.001, 0.3, 0.7, 0.999})
    void a_file_that_was_cut_off_is_not_used(double where) throws Exception {
        saved(KEYED);
        byte[] bytes = Files.readAllBytes(files().get(0));
        Files.write(files().get(0), Arrays.copyOf(bytes, (int) (where * bytes.length)));
        restart(KEYED);
        changeAll(KEYED);
    }

    @Test
    void a_file_of_another_version_is_not_used() throws Exception {
        saved(KEYED);
        byte[] bytes = Files.readAllBytes(files().get(0));
        bytes[15]++;
        write(bytes);
        restart(KEYED);
        changeAll(KEYED);
    }

    private void write(byte[] bytes) throws IOException {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, bytes.length - 4);
        ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) checksum.getValue());
        Files.write(files().get(0), bytes);
    }

    /** The first of them is what a session leaves that reached the last number. */
    @ParameterizedTest
    @ValueSource(longs = {FILE_NUMBERS, FILE_NUMBERS - 1, FILE_NUMBERS / 2, FILE_NUMBERS + 1, Integer.MAX_VALUE})
    void file_numbers_that_are_nearly_used_up_begin_anew(long next) throws Exception {
        saved(KEYED);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(files().get(0)));
        write(bytes.putLong(nextOrdinalAt(bytes), next).array());
        restart(KEYED);
        changeAll(KEYED);
        lake.sink().close();
        bytes = ByteBuffer.wrap(Files.readAllBytes(files().get(0)));
        assertThat(bytes.getLong(nextOrdinalAt(bytes))).isBetween(2L, 10L);
        restart(KEYED);
        lake.apply(feed.begin().update(KEYED, 3, "again", 30).commit());
        assertThat(lake.rows("orders")).containsExactly("1|x|10", "2|y|20", "3|again|30");
    }

    @Test
    void file_numbers_that_are_left_are_used() throws Exception {
        saved(KEYED);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(files().get(0)));
        write(bytes.putLong(nextOrdinalAt(bytes), FILE_NUMBERS / 2 - 1).array());
        restart(KEYED);
        changeAll(KEYED);
        lake.sink().close();
        bytes = ByteBuffer.wrap(Files.readAllBytes(files().get(0)));
        assertThat(bytes.getLong(nextOrdinalAt(bytes))).isBetween(FILE_NUMBERS / 2, FILE_NUMBERS / 2 + 10);
    }

    /** Behind magic, format, byte order, table, table snapshot, the only column of the key and its kind. */
    private static int nextOrdinalAt(ByteBuffer bytes) {
        int at = 2 * Long.BYTES;
        for (int text = 0; text < 2; text++) {
            at += Short.BYTES + bytes.getShort(at);
        }
        return at + 4 * Long.BYTES;
    }

    @Test
    void an_index_of_another_key_is_not_used() {
        saved(KEYED);
        saveEmptyIndex(List.of(2));
        restart(KEYED);
        changeAll(KEYED);
    }

    /** As a defect would, or an entry that points into nowhere. */
    @Test
    void an_index_that_misses_a_row_is_not_used() {
        saved(KEYED);
        saveEmptyIndex(List.copyOf(lake.table("orders").schema().identifierFieldIds()));
        restart(KEYED);
        changeAll(KEYED);
    }

    /** Says of all files that it knows their rows, and knows none. */
    private void saveEmptyIndex(List<Integer> keyFieldIds) {
        TargetTable target = new TargetTable(
                Relations.ORDERS,
                TableIdentifier.of("shop", "orders"),
                new SinkContext("shop", TestLake.PIPELINE_ID, 1, Clock.systemUTC(), PipelineMetrics.NONE, 0),
                lake.table("orders"),
                () -> lake.table("orders"),
                ManifestThreads.create(),
                new SnapshotKeeper(Optional.empty()));
        LiveFiles files = new LiveFiles();
        assertThat(new TableFollower(target, files).follow()).isNotEmpty();
        IndexMemory memory = new IndexMemory(1_000_000, saved);
        KeyLocator locator = new KeyLocator(files, true, memory.forTable(Relations.ORDERS));
        new IndexCheckpoint(saved, target, keyFieldIds, true).save(files, locator);
        target.manifests().shutdown();
    }

    @Test
    void the_file_of_another_table_is_not_used() throws Exception {
        saved(KEYED);
        Path other = Files.move(files().get(0), warehouse.resolve("other.index"));
        catalog.dropTable(TableIdentifier.of("shop", "orders"), true);
        lake.restart();
        lake.loaded(KEYED, row(1, "a", 1), row(2, "b", 2));
        Files.copy(other, saved.resolve(lake.table("orders").uuid() + ".index"));
        restart(KEYED);
        changeAll(KEYED);
    }

    @Test
    void an_index_of_a_table_snapshot_that_has_expired() {
        saved(KEYED);
        restart(KEYED);
        lake.apply(feed.begin().update(KEYED, 2, "B", 2).commit());
        lake.table("orders")
                .expireSnapshots()
                .expireOlderThan(System.currentTimeMillis() + 1_000)
                .retainLast(1)
                .commit();
        restart(KEYED);
        changeAll(KEYED);
    }

    @Test
    void a_directory_that_cannot_be_written_to_only_costs_time() throws Exception {
        Path file = Files.writeString(saved.resolve("file"), "not a directory");
        lake = new TestLake(catalog, options -> options.indexDirectory(file));
        lake.loaded(KEYED, row(1, "a", 1), row(2, "b", 2));
        lake.apply(feed.begin().update(KEYED, 1, "A", 1).commit());
        lake.sink().close();
        restart(KEYED);
        changeAll(KEYED);
    }

    /** Each as large as an index, on a disk that outlives the processes. */
    @Test
    void what_a_process_left_that_was_killed_while_it_saved_goes_with_the_next_one() throws Exception {
        saved(KEYED);
        Path index = files().get(0);
        Path killed = Files.copy(index, saved.resolve(index.getFileName() + "-123.tmp"));
        Path ofAnother = Files.copy(index, saved.resolve("other-table.index-123.tmp"));
        restart(KEYED);
        changeAll(KEYED);
        lake.sink().close();
        assertThat(killed).doesNotExist();
        assertThat(files()).containsExactlyInAnyOrder(index, ofAnother);
    }

    @Test
    void nothing_is_left_in_the_directory_but_one_file_for_each_table() {
        saved(KEYED);
        restart(KEYED);
        lake.apply(feed.begin().update(KEYED, 2, "B", 2).commit());
        lake.sink().close();
        assertThat(files()).containsExactly(saved.resolve(lake.table("orders").uuid() + ".index"));
    }
}
