// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal.verify;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.model.TupleView;
import io.philotes.sink.DigestedRow;
import io.philotes.sink.RowAudit;
import io.philotes.sink.RowDigester;
import io.philotes.source.CopyRange;
import io.philotes.source.RowConsumer;
import io.philotes.source.TableCopy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * One table without a key at both sides, in memory. A row is a text, whose first character says to which bucket it belongs, and
 * which is its key as far as a '='; the target cannot hold one that begins with '!'.
 */
final class HeldRows implements TableCopy, RowAudit, RowDigester {

    static final RelationSchema TABLE = new RelationSchema(
            16384,
            new TableId("public", "texts"),
            ReplicaIdentity.FULL,
            List.of(Column.of("t", 1, PgType.base(25, "text"))),
            List.of());

    private final Map<String, Integer> source = new TreeMap<>();
    private final Map<String, Integer> target = new TreeMap<>();

    /** A row that is its own key, or its beginning is. */
    private record Digest(String text) implements DigestedRow {

        @Override
        public long keyHi() {
            return hash(keyText());
        }

        @Override
        public long keyLo() {
            return text.charAt(0);
        }

        @Override
        public long rowHi() {
            return hash(text);
        }

        @Override
        public long rowLo() {
            return keyLo();
        }

        @Override
        public String keyText() {
            return text.split("=")[0];
        }

        @Override
        public String keyName() {
            return "";
        }

        @Override
        public String valuesText() {
            return "t=" + text;
        }

        private static long hash(String text) {
            return text.hashCode() * 0x9e3779b97f4a7c15L;
        }
    }

    static RowKey key(String text) {
        return RowKey.of(new Digest(text));
    }

    static DigestedRow row(String text) {
        return new Digest(text);
    }

    /** So many rows with this text. */
    HeldRows atSource(String text, int times) {
        source.merge(text, times, Integer::sum);
        return this;
    }

    HeldRows inTarget(String text, int times) {
        target.merge(text, times, Integer::sum);
        return this;
    }

    @Override
    public Lsn consistentPoint() {
        return Lsn.ZERO;
    }

    @Override
    public List<TablePicture> tables() {
        return List.of(TablePicture.of(TABLE));
    }

    @Override
    public List<CopyRange> ranges(RelationSchema table, int parallelism) {
        return List.of(new CopyRange(table, 0, Long.MAX_VALUE));
    }

    @Override
    public long read(CopyRange range, RowConsumer rows) {
        TupleView view = new TupleView();
        source.forEach((text, times) -> {
            byte[] tuple = tuple(text);
            view.readTupleData(tuple, 0, tuple.length);
            for (int i = 0; i < times; i++) {
                rows.accept(view);
            }
        });
        return source.values().stream().mapToLong(times -> times).sum();
    }

    private static byte[] tuple(String text) {
        byte[] value = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(7 + value.length)
                .putShort((short) 1)
                .put(TupleView.TEXT)
                .putInt(value.length)
                .put(value)
                .array();
    }

    @Override
    public Lsn position() {
        return Lsn.ZERO;
    }

    @Override
    public RowDigester digester(RelationSchema version) {
        return this;
    }

    @Override
    public DigestedRow digest(TupleView tuple) {
        String text = new String(tuple.bytes(), tuple.offset(0), tuple.length(0), StandardCharsets.UTF_8);
        if (text.startsWith("!")) {
            throw new PhilotesException(ErrorCode.VALUE_OUT_OF_RANGE, "Cannot take the value: scripted");
        }
        return new Digest(text);
    }

    @Override
    public DigestedRow digestKey(TupleView tuple) {
        return digest(tuple);
    }

    @Override
    public void scan(Consumer<DigestedRow> rows) {
        target.forEach((text, times) -> {
            Digest digest = new Digest(text);
            for (int i = 0; i < times; i++) {
                rows.accept(digest);
            }
        });
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
