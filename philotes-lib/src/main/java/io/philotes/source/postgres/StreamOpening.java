// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.source.ChangeStream;
import io.philotes.source.SlotState;
import io.philotes.source.SourceIdentity;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/** Starts a stream: looks first, because the server moves a position that it does not like without a word. Immutable. */
final class StreamOpening {

    /** How long the last word of a walsender that has ended may be in coming. */
    private static final long LAST_WORD_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How long the rest of a message that has begun may let wait for itself. */
    private static final int MESSAGE_SILENCE_MILLIS = 30_000;

    private final Sessions sessions;
    private final Slot slot;
    private final Publication publication;
    private final SourceTables tables;
    private final Identification identification;

    StreamOpening(
            Sessions sessions, Slot slot, Publication publication, SourceTables tables, Identification identification) {
        this.sessions = sessions;
        this.slot = slot;
        this.publication = publication;
        this.tables = tables;
        this.identification = identification;
    }

    /** What a look before the start saw. */
    private record Before(SlotState slot, Set<Integer> oids, boolean allBinary) {}

    ChangeStream open(Lsn from, SourceSettings.Limits limits, KnownRelations known, StreamMode mode) {
        Before before = sessions.call("look at the slot", connection -> look(connection, from));
        return open(sessions.openReplicationForSlot(), before, from, limits, known, mode);
    }

    /** On the connection that made the slot, which is a temporary one; it belongs to the stream then. */
    ChangeStream openOn(
            Connection owner, Lsn from, SourceSettings.Limits limits, KnownRelations known, StreamMode mode) {
        Before before = sessions.call("look at the slot", connection -> {
            SlotState state = slot.look(connection)
                    .orElseThrow(() -> new PhilotesException(
                            ErrorCode.SOURCE_UNREACHABLE, "Cannot read on: the temporary slot is gone"))
                    .state();
            return lookAtTables(connection, state);
        });
        return open(owner, before, from, limits, known, mode);
    }

    private ChangeStream open(
            Connection connection,
            Before before,
            Lsn from,
            SourceSettings.Limits limits,
            KnownRelations known,
            StreamMode mode) {
        boolean binary = mode.mayBeBinary() && before.allBinary();
        CatalogSession session = new CatalogSession(sessions);
        try {
            SourceIdentity identity = identification.of(connection);
            Duration timeout = Server.walsenderTimeout(connection);
            slot.ensureFailover(connection);
            PGReplicationStream stream =
                    start(connection, from, binary, mode.streaming().isPresent());
            int walsender = connection.unwrap(PGConnection.class).getBackendPID();
            requireOurs(session, stream, from, walsender);
            StreamStart start = new StreamStart(from, before.slot().confirmed(), walsender, timeout, identity);
            Optional<StreamMode> binaryMode = binary ? Optional.of(mode) : Optional.empty();
            StreamRelations relations = new StreamRelations(tables, known, before.oids(), binaryMode, session);
            TransactionAssembler assembler = new TransactionAssembler(relations, limits, from, slot.name());
            StreamedTransactions streamed = new StreamedTransactions(assembler, relations, mode);
            SkippedPublication skipped = new SkippedPublication(connection, publication.name());
            return new ReplicationStream(connection, stream, session, assembler, streamed, skipped, start);
        } catch (SQLException e) {
            abandon(connection, session);
            throw mode.failure(SqlFailures.whileStreaming("start replication from slot " + slot.name(), e));
        } catch (RuntimeException e) {
            abandon(connection, session);
            throw e;
        }
    }

    private static void abandon(Connection connection, CatalogSession session) {
        Sql.closeQuietly(connection);
        session.close();
    }

    private Before look(Connection connection, Lsn from) throws SQLException {
        SlotState state = slot.require(connection, from);
        Lsn walEnd = Server.walEnd(connection);
        if (walEnd.isBefore(from)) {
            throw new PhilotesException(
                            ErrorCode.SOURCE_REWOUND,
                            "Cannot start replication: the server's WAL ends at " + walEnd
                                    + ", before what is stored here")
                    .at(from);
        }
        if (publication.state(connection).isEmpty()) {
            throw new PhilotesException(
                    ErrorCode.PUBLICATION_MISSING,
                    "Cannot start replication: publication " + publication.name() + " does not exist");
        }
        return lookAtTables(connection, state);
    }

    private Before lookAtTables(Connection connection, SlotState state) throws SQLException {
        List<RuledRelation> configured =
                tables.pictures(connection).stream().map(RuledPicture::relation).toList();
        boolean allBinary =
                configured.stream().allMatch(relation -> relation.needsText().isEmpty());
        Set<Integer> oids =
                configured.stream().map(relation -> relation.wire().oid()).collect(Collectors.toSet());
        return new Before(state, oids, allBinary);
    }

    private PGReplicationStream start(Connection connection, Lsn from, boolean binary, boolean streaming)
            throws SQLException {
        var options = connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(slot.quoted())
                .withStartPosition(LogSequenceNumber.valueOf(from.value()))
                .withStatusInterval((int) StatusUpdates.INTERVAL.toMillis(), TimeUnit.MILLISECONDS)
                .withAutomaticFlush(false)
                .withSlotOption("proto_version", streaming ? "2" : "1")
                .withSlotOption("publication_names", TableId.quote(publication.name()))
                .withSlotOption("messages", "true");
        if (streaming) {
            options.withSlotOption("streaming", "on");
        }
        if (binary) {
            options.withSlotOption("binary", "true");
        }
        PGReplicationStream stream = options.start();
        connection.setNetworkTimeout(Runnable::run, MESSAGE_SILENCE_MILLIS);
        return stream;
    }

    /** The slot is ours now: nobody can have moved it after this look, unless the look went to another server. */
    private void requireOurs(CatalogSession session, PGReplicationStream stream, Lsn from, int walsender)
            throws SQLException {
        Optional<SlotState> seen = session.ask("look at the slot", slot::look).map(Slot.Seen::state);
        if (seen.isEmpty() || seen.get().activePid() != walsender) {
            readLastWord(stream);
            throw new PhilotesException(
                    ErrorCode.SOURCE_UNREACHABLE,
                    "Cannot use replication slot " + slot.name() + ": two servers answer at the address");
        }
        if (seen.get().confirmed().isAfter(from)) {
            throw new PhilotesException(
                            ErrorCode.SLOT_AHEAD,
                            "Cannot use replication slot " + slot.name() + ": it was moved just now")
                    .at(from);
        }
    }

    /**
     * Throws what the walsender said, when it has ended already: behind everything that it had sent, which may be much. Whoever
     * took the first message for all of it would try again for ever what the server refuses each time.
     */
    private static void readLastWord(PGReplicationStream stream) throws SQLException {
        long deadline = System.nanoTime() + LAST_WORD_NANOS;
        while (System.nanoTime() - deadline < 0) {
            stream.readPending();
        }
    }
}
