// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeBatchBuilder;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeSource;
import io.philotes.source.ChangeStream;
import io.philotes.source.CopyRange;
import io.philotes.source.RowConsumer;
import io.philotes.source.SchemaTracking;
import io.philotes.source.SlotState;
import io.philotes.source.SourceIdentity;
import io.philotes.source.SourceLook;
import io.philotes.source.TableCopy;
import io.philotes.source.TableSize;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A server in memory: one table to which numbered rows are appended, a slot with PostgreSQL's rules (what is confirmed is
 * never sent again; a start position behind it silently loses), and faults on demand. Single-threaded.
 */
final class ScriptedSource implements ChangeSource, AttachedSource {

    static final RelationSchema TABLE = new RelationSchema(
            16384,
            new TableId("public", "numbers"),
            ReplicaIdentity.DEFAULT,
            List.of(Column.of("n", 1, PgType.base(25, "text"))),
            List.of(0));

    /** One committed transaction of consecutive numbers. */
    private record Transaction(long commitLsn, long endLsn, int first, int count) {}

    private final List<Transaction> transactions = new ArrayList<>();
    private long walEnd = 1000;
    private int numbers;
    private Lsn confirmed;
    private boolean failNextPoll;
    private boolean configured = true;
    private int partSize = Integer.MAX_VALUE;
    private Stream open;

    /** Commits a transaction of so many rows. */
    void commit(int rows) {
        long commitLsn = walEnd + 50;
        walEnd = commitLsn + 30;
        transactions.add(new Transaction(commitLsn, walEnd, numbers, rows));
        numbers += rows;
    }

    /** WAL that holds nothing of ours. */
    void idleWal() {
        walEnd += 100;
    }

    void failNextPoll() {
        failNextPoll = true;
    }

    /** Whether the table is configured and published; changes made while it is not are never sent. */
    void configured(boolean now) {
        configured = now;
    }

    /** Transactions with more rows than this arrive in parts. */
    void partSize(int rows) {
        partSize = rows;
    }

    int numbers() {
        return numbers;
    }

    Lsn confirmed() {
        return confirmed;
    }

    /** The connection is cut, as when the client's process dies. */
    void disconnect() {
        open = null;
    }

    @Override
    public String description() {
        return "scripted";
    }

    @Override
    public AttachedSource attach(String pipeline) {
        return this;
    }

    @Override
    public List<Finding> check() {
        return List.of();
    }

    @Override
    public SourceIdentity identify() {
        return new SourceIdentity("scripted", 1, "db", "17", new Lsn(walEnd));
    }

    @Override
    public List<TablePicture> tables() {
        return configured ? List.of(TablePicture.of(TABLE)) : List.of();
    }

    @Override
    public void remember(TablePicture picture) {
        // There is one version of the one table.
    }

    @Override
    public SourceLook look() {
        return new SourceLook(
                SchemaTracking.INFERRED, Set.of(), configured ? Set.of(TABLE.table()) : Set.of(), Map.of());
    }

    @Override
    public TableSize estimate(TableId table) {
        return new TableSize(numbers, numbers);
    }

    @Override
    public Optional<SlotState> slot() {
        return Optional.ofNullable(confirmed)
                .map(c -> new SlotState("slot", open != null, open != null ? 1 : 0, c, c, "reserved", 0));
    }

    @Override
    public Set<TableId> unpublished() {
        return Set.of();
    }

    @Override
    public void preparePublication() {
        // Nothing to prepare: the one table is published.
    }

    @Override
    public TableCopy createSlot(Set<TableId> tables) {
        confirmed = new Lsn(walEnd);
        return new Copy(confirmed, numbers);
    }

    @Override
    public TableCopy copy(Set<TableId> tables) {
        return new Copy(new Lsn(walEnd), numbers);
    }

    @Override
    public void dropSlot() {
        confirmed = null;
    }

    @Override
    public ChangeStream open(Lsn from) {
        if (confirmed.isAfter(from)) {
            throw new PhilotesException(
                    ErrorCode.SLOT_AHEAD, "Cannot stream from " + from + ": confirmed " + confirmed);
        }
        open = new Stream(from);
        return open;
    }

    @Override
    public boolean heartbeat() {
        idleWal();
        return true;
    }

    /** A stream that sends each transaction behind its start once. */
    private final class Stream implements ChangeStream {

        private final ChangeBatchBuilder builder = new ChangeBatchBuilder();
        private Lsn sent;
        private Transaction parted;
        private int partedRows;

        Stream(Lsn from) {
            this.sent = from;
        }

        @Override
        public ChangeBatch poll(Duration timeout) {
            if (failNextPoll || open != this) {
                failNextPoll = false;
                throw new PhilotesException(ErrorCode.SOURCE_UNREACHABLE, "Cannot read: scripted");
            }
            if (parted != null) {
                return part();
            }
            Optional<Transaction> next = transactions.stream()
                    .filter(t -> new Lsn(t.endLsn()).isAfter(sent))
                    .findFirst();
            return configured && next.isPresent() ? begin(next.get()) : idle();
        }

        private ChangeBatch begin(Transaction next) {
            builder.begin(new Lsn(next.commitLsn()), 1_700_000_000_000_000L + next.commitLsn(), 7);
            parted = next;
            partedRows = 0;
            return part();
        }

        private ChangeBatch part() {
            int rows = Math.min(partSize, parted.count() - partedRows);
            for (int i = 0; i < rows; i++) {
                byte[] tuple = tuple(parted.first() + partedRows++);
                builder.insert(TABLE, tuple, 0, tuple.length);
            }
            if (partedRows < parted.count()) {
                return builder.cutPart();
            }
            builder.commit(new Lsn(parted.endLsn()));
            sent = new Lsn(parted.endLsn());
            parted = null;
            return builder.cutWhole();
        }

        private ChangeBatch idle() {
            if (!new Lsn(walEnd).isAfter(sent)) {
                return null;
            }
            sent = new Lsn(walEnd);
            return ChangeBatch.progress(sent);
        }

        @Override
        public void acknowledge(Lsn upTo) {
            confirmed = Lsn.max(confirmed, upTo);
        }

        @Override
        public Lsn walEnd() {
            return new Lsn(walEnd);
        }

        @Override
        public void close() {
            if (open == this) {
                open = null;
            }
        }
    }

    static byte[] tuple(int number) {
        byte[] text = Integer.toString(number).getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(7 + text.length)
                .putShort((short) 1)
                .put((byte) 't')
                .putInt(text.length)
                .put(text)
                .array();
    }

    /** The numbers below a bound, as a table copy. */
    private record Copy(Lsn consistentPoint, int end) implements TableCopy {

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
            io.philotes.model.TupleView view = new io.philotes.model.TupleView();
            for (int i = 0; i < end; i++) {
                byte[] tuple = tuple(i);
                view.readTupleData(tuple, 0, tuple.length);
                rows.accept(view);
            }
            return end;
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
