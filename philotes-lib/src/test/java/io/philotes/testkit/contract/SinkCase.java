// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.metrics.PipelineMetrics;
import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeBatchBuilder;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.model.TupleView;
import io.philotes.sink.CommitResult;
import io.philotes.sink.CommitResult.Kind;
import io.philotes.sink.RangeWriter;
import io.philotes.sink.Sink;
import io.philotes.sink.SinkContext;
import io.philotes.sink.TableLoad;
import io.philotes.sink.WriteResult;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of {@link SinkContract} share: a source of changes, and the steps that an engine takes with a sink. */
abstract class SinkCase {

    /** The position of the first load. */
    protected static final Lsn LOADED_AT = new Lsn(0x1000);

    /** orders(id int8 primary key, name text). */
    protected static final RelationSchema ORDERS = relation(1001, "orders");

    /** items(id int8 primary key, name text). */
    protected static final RelationSchema ITEMS = relation(1002, "items");

    final ChangeBatchBuilder changes = new ChangeBatchBuilder();
    long lsn = LOADED_AT.value();
    long epoch;
    Sink sink;

    private final List<Sink> made = new ArrayList<>();

    protected abstract Sink newSink();

    protected abstract List<String> rows(RelationSchema table);

    protected abstract boolean keepsHistory();

    protected abstract Object[] impossibleRow();

    static RelationSchema relation(int oid, String name) {
        return new RelationSchema(
                oid,
                new TableId("public", name),
                ReplicaIdentity.DEFAULT,
                List.of(Column.of("id", 1, PgType.base(20, "int8")), Column.of("name", 2, PgType.base(25, "text"))),
                List.of(0));
    }

    @BeforeEach
    void open() {
        sink = opened();
    }

    @AfterEach
    void close() {
        made.forEach(Sink::close);
        sink.close();
    }

    Sink opened() {
        Sink opened = another();
        opened.open(context(++epoch));
        return opened;
    }

    Sink another() {
        Sink another = newSink();
        made.add(another);
        return another;
    }

    static SinkContext context(long epoch) {
        return new SinkContext("contract", "contract-id", epoch, Clock.systemUTC(), PipelineMetrics.NONE);
    }

    /** What a process does that was killed: the old object is not told, and closed only behind the test. */
    void reopen() {
        sink = opened();
    }

    void load(RelationSchema table, Lsn at, Object[]... rows) {
        try (TableLoad load = sink.load(TablePicture.of(table), at)) {
            try (RangeWriter writer = load.writer()) {
                for (Object[] row : rows) {
                    writer.write(view(row));
                }
            }
            load.commit();
        }
    }

    ChangeBatch insert(RelationSchema table, Object... row) {
        begin();
        put(table, row);
        return end(changes);
    }

    void begin() {
        beginAt(lsn + 0x100);
    }

    /** The transaction's commit record begins there. */
    void beginAt(long commitLsn) {
        lsn = commitLsn;
        changes.begin(new Lsn(lsn), 1_700_000_000_000_000L + lsn, (int) lsn);
    }

    void put(RelationSchema table, Object[] row) {
        byte[] tuple = tuple(row);
        changes.insert(table, tuple, 0, tuple.length);
    }

    ChangeBatch end(ChangeBatchBuilder builder) {
        builder.commit(end());
        return builder.cutWhole();
    }

    /** Where the newest transaction ends. */
    Lsn end() {
        return new Lsn(lsn + 8);
    }

    void write(ChangeBatch batch) {
        assertThat(tryWrite(batch)).isEqualTo(WriteResult.CLEAN);
    }

    WriteResult tryWrite(ChangeBatch batch) {
        try {
            return sink.write(batch);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    CommitResult commit() {
        return committed(end());
    }

    CommitResult committed(Lsn upTo) {
        CommitResult result = sink.commit(upTo).toCompletableFuture().join();
        assertThat(result.outcomes().values())
                .allSatisfy(outcome -> assertThat(outcome.kind())
                        .describedAs("%s", outcome.failure())
                        .isEqualTo(Kind.COMMITTED));
        return result;
    }

    void assertHolds(RelationSchema table, String... expected) {
        Map<String, Long> seen = rows(table).stream().collect(Collectors.groupingBy(row -> row, Collectors.counting()));
        assertThat(seen).isEqualTo(Arrays.stream(expected).collect(Collectors.toMap(row -> row, row -> 1L)));
    }

    static Object[] row(Object... values) {
        return values;
    }

    static TupleView view(Object[] row) {
        byte[] tuple = tuple(row);
        TupleView view = new TupleView();
        view.readTupleData(tuple, 0, tuple.length);
        return view;
    }

    /** TupleData as pgoutput sends it, values in text form. */
    static byte[] tuple(Object[] row) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ByteBuffer.allocate(2).putShort((short) row.length).array());
        for (Object value : row) {
            if (value == null) {
                bytes.write('n');
            } else {
                byte[] text = value.toString().getBytes(StandardCharsets.UTF_8);
                bytes.write('t');
                bytes.writeBytes(ByteBuffer.allocate(4).putInt(text.length).array());
                bytes.writeBytes(text);
            }
        }
        return bytes.toByteArray();
    }
}
