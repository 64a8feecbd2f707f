// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.metrics.PipelineMetrics;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableFacts;
import io.philotes.model.TablePicture;
import io.philotes.model.TupleView;
import io.philotes.sink.CommitResult;
import io.philotes.sink.RangeWriter;
import io.philotes.sink.SinkContext;
import io.philotes.sink.TableLoad;
import io.philotes.sink.WriteResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.io.CloseableIterable;

/** A catalog in memory, the sink under test, and what a reader sees. */
final class TestLake {

    static final String PIPELINE_ID = "pipeline-id";
    static final Lsn LOADED_AT = new Lsn(0x1000);

    private final Catalog catalog;
    private final UnaryOperator<IcebergSinkBuilder> options;
    private IcebergSink sink;
    private long epoch;
    private int maxParkedRows;
    private Clock clock = Clock.systemUTC();
    private PipelineMetrics metrics = PipelineMetrics.NONE;

    TestLake() {
        this(memoryCatalog(), builder -> builder);
    }

    TestLake(UnaryOperator<IcebergSinkBuilder> options) {
        this(memoryCatalog(), options);
    }

    TestLake(Catalog catalog, UnaryOperator<IcebergSinkBuilder> options) {
        this.catalog = catalog;
        this.options = options;
        restart();
    }

    static InMemoryCatalog memoryCatalog() {
        InMemoryCatalog memory = new InMemoryCatalog();
        memory.initialize("memory", Map.of());
        return memory;
    }

    /** A new sink object of the next epoch; the old one is forgotten as a crash would. */
    IcebergSink restart() {
        sink = another(PIPELINE_ID, ++epoch);
        return sink;
    }

    /** Without compaction, unless the options say otherwise: scripted faults count calls. */
    IcebergSink another(String pipelineId, long ownEpoch) {
        IcebergSink other = options.apply(
                        IcebergSink.builder(catalog).namespace("shop").compaction(CompactionOptions.OFF))
                .build();
        other.open(new SinkContext("shop", pipelineId, ownEpoch, clock, metrics, maxParkedRows));
        return other;
    }

    /** From now on the sink goes by another clock; a restart. */
    TestLake clock(Clock other) {
        clock = other;
        restart();
        return this;
    }

    /** From now on the sink tells what happens; a restart. */
    TestLake metrics(PipelineMetrics told) {
        metrics = told;
        restart();
        return this;
    }

    /** From now on rows are set aside; a restart. */
    TestLake parking(int rows) {
        maxParkedRows = rows;
        restart();
        return this;
    }

    IcebergSink sink() {
        return sink;
    }

    Catalog catalog() {
        return catalog;
    }

    /** Loads a table with some rows at {@link #LOADED_AT}. */
    TestLake loaded(RelationSchema relation, Object[]... rows) {
        load(sink, relation, LOADED_AT, rows);
        return this;
    }

    /** The same with what the source's catalog said then. */
    TestLake loaded(RelationSchema relation, TableFacts facts, Object[]... rows) {
        load(sink, new TablePicture(relation, facts), LOADED_AT, rows);
        return this;
    }

    static void load(IcebergSink into, RelationSchema relation, Lsn at, Object[]... rows) {
        load(into, TablePicture.of(relation), at, rows);
    }

    static void load(IcebergSink into, TablePicture picture, Lsn at, Object[]... rows) {
        try (TableLoad load = into.load(picture, at)) {
            try (RangeWriter writer = load.writer()) {
                for (Object[] row : rows) {
                    writer.write(view(row));
                }
            }
            load.commit();
        }
    }

    static TupleView view(Object... row) {
        byte[] tuple = Tuples.of(row);
        TupleView view = new TupleView();
        view.readTupleData(tuple, 0, tuple.length);
        return view;
    }

    WriteResult write(ChangeBatch batch) {
        try {
            return sink.write(batch);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Writes everything of a feed and commits; insists that all went well. */
    void apply(ChangeFeed feed) {
        assertThat(write(feed.batch())).isEqualTo(WriteResult.CLEAN);
        commit(feed.end());
    }

    void commit(Lsn upTo) {
        assertThat(commitResult(upTo).outcomes().values())
                .allSatisfy(outcome -> assertThat(outcome.kind())
                        .describedAs("%s", outcome.failure())
                        .isEqualTo(CommitResult.Kind.COMMITTED));
    }

    /** And what is to be done beside the changes begins. */
    CommitResult commitResult(Lsn upTo) {
        CommitResult result = sink.commit(upTo).toCompletableFuture().join();
        Compactions.tend(this);
        return result;
    }

    Table table(String name) {
        return catalog.loadTable(TableIdentifier.of("shop", name));
    }

    /** What a reader sees, each row as its values joined by '|', sorted. */
    List<String> rows(String name) {
        Table table = table(name);
        requireNoEqualityDeletes(table);
        return rows(columns(table), IcebergGenerics.read(table));
    }

    /** The same, some columns only. */
    List<String> rows(String name, String... columns) {
        Table table = table(name);
        requireNoEqualityDeletes(table);
        return rows(List.of(columns), IcebergGenerics.read(table));
    }

    /** The same as of a table snapshot. */
    List<String> rows(String name, long snapshotId) {
        Table table = table(name);
        return rows(columns(table), IcebergGenerics.read(table).useSnapshot(snapshotId));
    }

    private static List<String> columns(Table table) {
        return table.schema().columns().stream().map(field -> field.name()).toList();
    }

    private static List<String> rows(List<String> columns, IcebergGenerics.ScanBuilder scan) {
        List<String> rows = new ArrayList<>();
        try (CloseableIterable<Record> records = scan.build()) {
            for (Record record : records) {
                List<String> values = new ArrayList<>();
                columns.forEach(column -> values.add(String.valueOf(record.getField(column))));
                rows.add(String.join("|", values));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows.stream().sorted().toList();
    }

    private static void requireNoEqualityDeletes(Table table) {
        try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
            tasks.forEach(task ->
                    assertThat(task.deletes()).allMatch(delete -> delete.content() == FileContent.POSITION_DELETES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Object[] row(Object... values) {
        return values;
    }
}
