// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.BigEndian;
import io.philotes.model.Lsn;
import io.philotes.source.postgres.internal.pgoutput.Begin;
import io.philotes.source.postgres.internal.pgoutput.Commit;
import io.philotes.source.postgres.internal.pgoutput.PgOutputDecoder;
import io.philotes.source.postgres.internal.pgoutput.PgOutputMessage;
import io.philotes.source.postgres.internal.pgoutput.StreamAbort;
import io.philotes.source.postgres.internal.pgoutput.StreamCommit;
import io.philotes.source.postgres.internal.pgoutput.StreamStart;
import io.philotes.source.postgres.internal.spool.Spool;
import io.philotes.source.postgres.internal.spool.SpoolReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactions that come while they are still open: their messages wait in a {@link Spool} each, and with the commit they
 * go to the assembler as if they came only now. So nobody behind knows of them, and what they say of relations is heard where
 * the server takes it for heard: when they commit, and only by who heard nothing newer. Confined to one thread.
 *
 * <p>Nothing here outlives the connection: after a new start the server sends each open transaction from its beginning.
 */
final class StreamedTransactions implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StreamedTransactions.class);

    /** With more transactions than these open, what pauses leaves memory. */
    private static final int MOST_IN_MEMORY = 64;

    /** So many messages are given on before the caller looks after the connection again. */
    private static final int MESSAGES_AT_ONCE = 512;

    private final TransactionAssembler assembler;
    private final StreamRelations relations;
    private final StreamMode mode;
    private final Path directory;
    private final Map<Integer, StreamedTransaction> open = new HashMap<>();

    /** Of which messages are coming in; null between streams. */
    private StreamedTransaction incoming;

    /** What has committed and is being given on; null when nothing is. */
    private Replay replay;

    private record Replay(StreamedTransaction transaction, StreamCommit commit, SpoolReader reader) {}

    /** @param mode where to say that this will not do for a transaction */
    StreamedTransactions(TransactionAssembler assembler, StreamRelations relations, StreamMode mode) {
        this.assembler = assembler;
        this.relations = relations;
        this.mode = mode;
        this.directory =
                mode.streaming().flatMap(SourceSettings.Streaming::directory).orElse(null);
    }

    /** Takes a message that is about a transaction which came while it was open; false for any other. */
    boolean take(byte[] bytes, int offset, int limit) {
        try {
            return accept(bytes, offset, limit);
        } catch (PhilotesException e) {
            throw told(e);
        }
    }

    private boolean accept(byte[] bytes, int offset, int limit) {
        byte kind = offset < limit ? bytes[offset] : 0;
        if (incoming != null) {
            keep(kind, bytes, offset, limit);
            return true;
        }
        if (kind != 'S' && kind != 'E' && kind != 'c' && kind != 'A') {
            return false;
        }
        PgOutputMessage message = PgOutputDecoder.decode(bytes, offset, limit);
        if (assembler.isInTransaction()) {
            throw unexpected("a streamed transaction goes on inside another one");
        }
        if (message instanceof StreamStart start) {
            start(start);
        } else if (message instanceof StreamCommit commit) {
            commit(commit);
        } else if (message instanceof StreamAbort abort) {
            abort(abort);
        } else {
            throw unexpected("a stream stops that did not start");
        }
        return true;
    }

    private void start(StreamStart start) {
        StreamedTransaction known = open.get(start.xid());
        if (start.first() != (known == null)) {
            throw unexpected("a streamed transaction has no beginning, or two, xid=" + unsigned(start.xid()));
        }
        incoming = start.first() ? new StreamedTransaction(new Spool(start.xid(), directory)) : known;
        open.put(start.xid(), incoming);
    }

    private void keep(byte kind, byte[] bytes, int offset, int limit) {
        switch (kind) {
            case 'E' -> stop();
            case 'I', 'U', 'D', 'T' -> spool(kind, bytes, offset, limit);
            case 'R' -> {
                spool(kind, bytes, offset, limit);
                noteRelation(bytes, offset, limit);
            }
            case 'M' -> {
                incoming.noteLogicalMessage(bytes, offset, limit);
                spool(kind, bytes, offset, limit);
            }
            case 'Y', 'O' -> {} // Types are looked up, origins are not asked for.
            default -> throw unexpected("a stream holds a message of kind " + kind);
        }
    }

    private void spool(byte kind, byte[] bytes, int offset, int limit) {
        if (limit - offset < 5) {
            throw unexpected("a message of a stream ends early");
        }
        incoming.spool.add(BigEndian.getInt(bytes, offset + 1), kind, bytes, offset + 5, limit);
    }

    private void noteRelation(byte[] bytes, int offset, int limit) {
        if (limit - offset < 9) {
            throw unexpected("a message of a stream ends early");
        }
        incoming.noteRelation(
                BigEndian.getInt(bytes, offset + 1), BigEndian.getInt(bytes, offset + 5), relations.arrives());
    }

    private void stop() {
        if (open.size() > MOST_IN_MEMORY) {
            incoming.spool.leaveMemory();
        }
        incoming = null;
    }

    /** One of which nothing came has nothing to drop: it was rolled back before this stream began. */
    private void abort(StreamAbort abort) {
        StreamedTransaction transaction = open.get(abort.xid());
        if (transaction == null) {
            return;
        }
        if (abort.subxid() == abort.xid()) {
            open.remove(abort.xid());
            transaction.spool.close();
        } else {
            transaction.abort(abort.subxid());
        }
    }

    private void commit(StreamCommit commit) {
        StreamedTransaction transaction = open.get(commit.xid());
        if (transaction == null) {
            throw unexpected("a streamed transaction commits that never began, xid=" + unsigned(commit.xid()));
        }
        requireCertain(transaction, commit.commitLsn());
        assembler.begin(new Begin(commit.commitLsn(), commit.commitMicros(), commit.xid()));
        relations.beginLate();
        replay = new Replay(transaction, commit, transaction.spool.read());
    }

    private void requireCertain(StreamedTransaction transaction, Lsn commitLsn) {
        if (transaction.isDoubtful()) {
            mode.stopStreaming();
            throw new PhilotesException(
                            ErrorCode.SOURCE_QUERY,
                            "Cannot take a transaction as it was streamed: it changed a table's definition and rolled"
                                    + " subtransactions back, and which of them did what is not sent")
                    .at(commitLsn)
                    .hinting("nothing to do: the stream starts again without streaming");
        }
    }

    /** What a failure of the stream means, see {@link StreamMode#failure}. */
    PhilotesException failure(PhilotesException failure) {
        return mode.failure(failure);
    }

    /** Whether {@link #giveOn} must be called before the next message is taken. */
    boolean isGivingOn() {
        return replay != null;
    }

    /** Whether messages of an open transaction are just coming in, or those of one that committed are given on. */
    boolean isBusy() {
        return incoming != null || replay != null;
    }

    /** Gives some messages on, until the assembler is full at the latest. */
    void giveOn() {
        try {
            giveSomeOn();
        } catch (PhilotesException e) {
            throw told(e);
        }
    }

    private void giveSomeOn() {
        SpoolReader reader = replay.reader();
        for (int i = 0; i < MESSAGES_AT_ONCE && !assembler.isFull(); i++) {
            if (!reader.next()) {
                end();
                return;
            }
            assembler.accept(reader.bytes(), reader.offset(), reader.limit());
        }
    }

    private void end() {
        relations.endLate(replay.transaction()::arrived);
        StreamCommit commit = replay.commit();
        assembler.commit(new Commit(commit.commitLsn(), commit.endLsn(), commit.commitMicros()));
        open.remove(commit.xid());
        replay.transaction().spool.close();
        replay = null;
    }

    /** What finds no room here is asked for again without streaming, or it would come again and again: then the server keeps it. */
    private PhilotesException told(PhilotesException failure) {
        boolean ofSpool = failure.code() == ErrorCode.BUFFER_FULL || failure.code() == ErrorCode.BUFFER_FAILED;
        if (ofSpool) {
            mode.stopStreaming();
            LOG.warn(
                    "Large transactions are not streamed any more until the process starts again: {}",
                    failure.getMessage());
        }
        return failure;
    }

    private static String unsigned(int xid) {
        return Integer.toUnsignedString(xid);
    }

    private static PhilotesException unexpected(String what) {
        return new PhilotesException(ErrorCode.PROTOCOL, "Cannot follow the replication stream: " + what);
    }

    /** Drops what is open. Idempotent; does not throw. */
    @Override
    public void close() {
        open.values().forEach(transaction -> transaction.spool.close());
        open.clear();
        incoming = null;
        replay = null;
    }
}
