// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.buffer.internal.RecentBatches;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.jdbc.HeldSession;
import io.philotes.jdbc.StateDatabase;
import io.philotes.jdbc.StateFailures;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.MalformedBatchException;
import java.io.ByteArrayOutputStream;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Queue;

/**
 * Reads rows in their order, some megabytes at a time, and puts batches together. Every row must be there and whole: rows are
 * numbered without a gap. Confined to one thread.
 */
final class RowReader {

    /** About how much one fetch brings, unless one batch is larger, however small the ones before were. */
    private static final long FETCH_BYTES = 4L << 20;

    private static final int MOST_ROWS = 1000;

    private final StateDatabase database;
    private final BufferSql sql;
    private final int bufferId;
    private final String reader;

    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private HeldSession session;
    private boolean placed;
    private long seq;
    private long lastWholeBatch;
    private int rowsPerFetch = 4;

    RowReader(StateDatabase database, BufferSql sql, int bufferId, String reader) {
        this.database = database;
        this.sql = sql;
        this.bufferId = bufferId;
        this.reader = reader;
    }

    /**
     * Adds the next batches, if there are any.
     *
     * @param after where to begin, when this is the first call
     * @param lastSeq the last row that may be read
     * @return false when a table was dropped meanwhile
     */
    boolean fetch(PostgresBuffer buffer, Lsn after, long lastSeq, Queue<ChangeBatch> batches) {
        if (placed && seq >= lastSeq) {
            return true;
        }
        try {
            if (!placed) {
                place(buffer, after, lastSeq);
            }
            while (seq < lastSeq && batches.isEmpty()) {
                if (takeRecent(buffer, batches)) {
                    break;
                }
                Optional<Segment> segment = buffer.holding(seq + 1);
                if (segment.isEmpty()) {
                    return false;
                }
                fetch(segment.get(), lastSeq, batches);
            }
            return true;
        } catch (SQLException e) {
            startAgain();
            if (Taking.isMissingTable(e)) {
                return false;
            }
            throw StateFailures.of(ErrorCode.BUFFER_FAILED, "read for '" + reader + "'", e);
        }
    }

    private boolean takeRecent(PostgresBuffer buffer, Queue<ChangeBatch> batches) {
        Optional<RecentBatches.Recent> recent = seq == lastWholeBatch ? buffer.recent(seq + 1) : Optional.empty();
        recent.ifPresent(known -> {
            batches.add(known.batch());
            seq = known.next() - 1;
            lastWholeBatch = seq;
        });
        return recent.isPresent();
    }

    private HeldSession session() throws SQLException {
        if (session == null) {
            session = database.as("philotes-reader " + reader).hold();
        }
        return session;
    }

    private void place(PostgresBuffer buffer, Lsn after, long lastSeq) throws SQLException {
        Optional<Segment> first = buffer.firstBehind(after);
        seq = lastSeq;
        if (first.isPresent()) {
            long firstSeq = first.get().firstSeq();
            try (PreparedStatement statement =
                    session().connection().prepareStatement(sql.before(bufferId, firstSeq))) {
                statement.setString(1, after.toString());
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    long before = row.getLong(1);
                    seq = row.wasNull() ? firstSeq - 1 : before;
                }
            }
        }
        lastWholeBatch = seq;
        placed = true;
    }

    private void fetch(Segment segment, long lastSeq, Queue<ChangeBatch> batches) throws SQLException {
        int rows = 0;
        try (PreparedStatement statement = session().prepareBinary(sql.read(bufferId, segment.firstSeq()))) {
            statement.setLong(1, seq);
            statement.setLong(2, lastSeq);
            statement.setInt(3, rowsPerFetch);
            statement.setLong(4, FETCH_BYTES);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    byte[] piece = row.getBytes(5);
                    requireNext(segment, row.getLong(1));
                    requireWhole(segment, row.getBoolean(2), row.getInt(3), piece);
                    add(segment, row.getBoolean(2), row.getShort(4), piece, batches);
                    rows++;
                }
            }
        }
        if (rows == 0) {
            throw corrupt(segment, seq + 1, "the row is missing");
        }
        rowsPerFetch = Math.min(MOST_ROWS, 2 * rows);
    }

    private void requireNext(Segment segment, long found) {
        if (found != seq + 1) {
            throw corrupt(segment, seq + 1, "the row is missing");
        }
        seq = found;
    }

    private void requireWhole(Segment segment, boolean last, int crc, byte[] piece) {
        if (Chunk.crc(seq, last, piece) != crc) {
            throw corrupt(segment, seq, "the row's checksum does not match");
        }
    }

    private void add(Segment segment, boolean last, short encoding, byte[] piece, Queue<ChangeBatch> batches) {
        if (!last) {
            partial.writeBytes(piece);
            return;
        }
        try {
            batches.add(BatchBytes.decode(encoding, whole(piece)));
            lastWholeBatch = seq;
        } catch (MalformedBatchException e) {
            throw corrupt(segment, seq, e.getMessage());
        }
    }

    private byte[] whole(byte[] lastPiece) {
        if (partial.size() == 0) {
            return lastPiece;
        }
        partial.writeBytes(lastPiece);
        byte[] all = partial.toByteArray();
        partial.reset();
        return all;
    }

    /** Whoever asks again is told again. */
    private PhilotesException corrupt(Segment segment, long at, String why) {
        goBack();
        return new PhilotesException(
                ErrorCode.BUFFER_CORRUPT,
                "Cannot read for '" + reader + "': " + why + ", seq=" + at + ", in "
                        + sql.table(bufferId, segment.firstSeq()));
    }

    private void startAgain() {
        if (session != null) {
            session.abort();
            session = null;
        }
        goBack();
    }

    /** The rows of a batch that came in part come again. */
    private void goBack() {
        partial.reset();
        seq = lastWholeBatch;
    }

    void close() {
        if (session != null) {
            session.close();
            session = null;
        }
    }
}
