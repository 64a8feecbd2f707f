// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYLESS;
import static io.philotes.sink.iceberg.Relations.ORDERS;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.metrics.PipelineMetrics;
import io.philotes.model.ChangeBatch;
import io.philotes.sink.CommitResult;
import io.philotes.sink.SinkContext;
import io.philotes.sink.WriteResult;
import io.philotes.sink.iceberg.internal.index.IndexMemory;
import io.philotes.sink.iceberg.local.LocalCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the index of a table without a key takes: nothing, until a row must be found. */
class LazyIndexMemoryTest {

    @TempDir
    private Path directory;

    private JdbcCatalog catalog;
    private TestLake lake;
    private MirroredTable table;
    private SinkContext context;
    private IndexMemory memory;
    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    @BeforeEach
    void load() {
        catalog = LocalCatalog.open(directory);
        lake = new TestLake(catalog, options -> options).loaded(KEYLESS, row(1, "a", 1), row(1, "a", 1));
        restart();
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private void restart() {
        SinkSettings settings = settings();
        TargetOpener opener = new TargetOpener(catalog, settings);
        context = new SinkContext("shop", TestLake.PIPELINE_ID, 1, Clock.systemUTC(), PipelineMetrics.NONE);
        TargetTable target = opener.open(ORDERS, opener.find(ORDERS).orElseThrow(), context);
        memory = settings.indexMemory();
        table = new MirroredTable(
                KEYLESS.oid(),
                target,
                opener.writer(target, memory),
                TableMaintenance.NONE,
                target.provenPosition().orElseThrow());
    }

    private SinkSettings settings() {
        return IcebergSink.builder(catalog)
                .namespace("shop")
                .compaction(CompactionOptions.DEFAULT.withMinFiles(2).withCpuShare(1))
                .settings();
    }

    private WriteResult write(ChangeBatch batch) throws InterruptedException {
        return new BatchWriter(new TreeMap<>(Map.of(ORDERS, table))).write(batch);
    }

    private void apply(ChangeFeed changes) throws InterruptedException {
        assertThat(write(changes.batch())).isEqualTo(WriteResult.CLEAN);
        commit();
    }

    private void commit() throws InterruptedException {
        assertThat(new CommittingTable(table, context, CommitRetry.DEFAULT, feed.end())
                        .commit()
                        .orElseThrow()
                        .kind())
                .isEqualTo(CommitResult.Kind.COMMITTED);
    }

    private void insert() throws InterruptedException {
        apply(feed.begin().insert(KEYLESS, 1, "a", 1).commit());
    }

    private ChangeFeed delete() {
        return feed.begin().delete(KEYLESS, 'O', 1, "a", 1).commit();
    }

    private long bytes() {
        return memory.memoryBytes() + memory.diskBytes();
    }

    @Test
    void nothing_while_rows_only_come() throws Exception {
        insert();
        assertThat(bytes()).isZero();
        write(feed.begin().insert(KEYLESS, 2, "b", 2).commit().batch());
        assertThat(bytes()).isZero();
        assertThat(table.writer().waitingBytes()).isZero();
        commit();
        restart();
        insert();
        apply(feed.begin().truncate(KEYLESS).insert(KEYLESS, 1, "a", 1).commit());
        insert();
        assertThat(bytes()).isZero();
        apply(delete());
        assertThat(bytes()).isPositive();
        assertThat(lake.rows("orders")).containsExactly("1|a|1");
        restart();
        insert();
        assertThat(bytes()).isZero();
    }

    @Test
    void nothing_where_learning_failed() throws Exception {
        insert();
        restart();
        ChangeBatch batch = feed.begin()
                .insert(KEYLESS, 2, "b", 2)
                .delete(KEYLESS, 'O', 1, "a", 1)
                .insert(KEYLESS, 3, "c", 3)
                .commit()
                .batch();
        for (Path file : dataFiles()) {
            Path aside = file.resolveSibling("aside");
            Files.move(file, aside);
            assertThatThrownBy(() -> write(batch))
                    .isInstanceOf(PhilotesException.class)
                    .extracting("code")
                    .isEqualTo(ErrorCode.STORAGE_FAILED);
            Files.move(aside, file);
            assertThat(bytes()).isZero();
            table.reset();
            assertThat(bytes()).isZero();
        }
        assertThat(write(batch)).isEqualTo(WriteResult.CLEAN);
        commit();
        assertThat(bytes()).isPositive();
        assertThat(lake.rows("orders")).containsExactly("1|a|1", "1|a|1", "2|b|2", "3|c|3");
    }

    private List<Path> dataFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        try (var tasks = lake.table("orders").newScan().planFiles()) {
            for (FileScanTask task : tasks) {
                files.add(Path.of(task.file().location()));
            }
        }
        assertThat(files).hasSize(2);
        return files;
    }

    @Test
    void an_index_stays_where_what_was_staged_is_forgotten_but_for_a_truncate() throws Exception {
        write(delete().batch());
        table.reset();
        long learnt = bytes();
        assertThat(learnt).isPositive();
        write(feed.begin()
                .truncate(KEYLESS)
                .insert(KEYLESS, 1, "a", 1)
                .delete(KEYLESS, 'O', 1, "a", 1)
                .commit()
                .batch());
        assertThat(bytes()).isPositive();
        table.reset();
        assertThat(bytes()).isZero();
        apply(delete());
        apply(delete());
        assertThat(lake.rows("orders")).isEmpty();
    }

    @Test
    void nothing_once_the_table_is_let_go() throws Exception {
        apply(delete());
        assertThat(bytes()).isPositive();
        table.drop();
        assertThat(bytes()).isZero();
    }

    @Test
    void moved_rows_are_followed_only_by_an_index() throws Exception {
        LiveFiles files = table.writer().files();
        compactNewRows();
        assertThat(files.hasForwards()).isTrue();
        insert();
        assertThat(files.hasForwards()).isFalse();
        compactNewRows();
        table.writer().relocate();
        assertThat(files.hasForwards()).isFalse();
        compactNewRows();
        apply(delete());
        assertThat(files.hasForwards()).isFalse();
        compactNewRows();
        insert();
        assertThat(files.hasForwards()).isTrue();
        int rows = lake.rows("orders").size();
        for (int left = rows - 1; left >= 0; left--) {
            apply(delete());
            assertThat(lake.rows("orders")).hasSize(left);
        }
    }

    /** Of two new files and the table's one. */
    private void compactNewRows() throws InterruptedException {
        insert();
        insert();
        compact();
    }

    private void compact() {
        TableWriter writer = table.writer();
        SinkSettings settings = settings();
        CompactedRows rows = new CompactionRun(() -> lake.table("orders"), settings, settings.targetFileSizeBytes())
                .get()
                .orElseThrow();
        assertThat(new CompactionLanding(writer.target(), writer.files(), rows).land())
                .isEqualTo(RewriteCommit.End.LANDED);
    }
}
