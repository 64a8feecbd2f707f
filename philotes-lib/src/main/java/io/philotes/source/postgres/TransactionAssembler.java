// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeBatchBuilder;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.source.postgres.internal.pgoutput.Begin;
import io.philotes.source.postgres.internal.pgoutput.Commit;
import io.philotes.source.postgres.internal.pgoutput.Delete;
import io.philotes.source.postgres.internal.pgoutput.Insert;
import io.philotes.source.postgres.internal.pgoutput.LogicalMessage;
import io.philotes.source.postgres.internal.pgoutput.PgOutputDecoder;
import io.philotes.source.postgres.internal.pgoutput.PgOutputMessage;
import io.philotes.source.postgres.internal.pgoutput.Relation;
import io.philotes.source.postgres.internal.pgoutput.Truncate;
import io.philotes.source.postgres.internal.pgoutput.TupleRange;
import io.philotes.source.postgres.internal.pgoutput.Update;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Turns messages into batches: whole transactions, or parts of one that outgrows a batch. A transaction without a wanted
 * change leaves no trace. Confined to one thread.
 *
 * <p>The server may send transactions again that end at or before {@code from}; they are dropped. Their end is known only
 * at Commit, but positions are record boundaries: the commit record starts before {@code from} exactly when it ends at or
 * before it.
 */
final class TransactionAssembler {

    /** 1970-01-01 to 2000-01-01, PostgreSQL's epoch, in µs. */
    private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;

    private final StreamRelations relations;
    private final SourceSettings.Limits limits;
    private final Lsn from;
    private final TableMessages messages;
    private final ChangeBatchBuilder builder;

    /** Oids of relations of whose trouble the open transaction's readers were told. */
    private final Set<Integer> inTrouble = new HashSet<>();

    private final TupleRewriter rewriter = new TupleRewriter();

    /** The open transaction; null between transactions. */
    private Begin open;

    private boolean dropped;
    private boolean begun;
    private Lsn lastCommitLsn = Lsn.ZERO;

    /** @param slot which this stream reads: messages may be for other slots */
    TransactionAssembler(StreamRelations relations, SourceSettings.Limits limits, Lsn from, String slot) {
        this.messages = new TableMessages(slot);
        this.relations = relations;
        this.limits = limits;
        this.builder = new ChangeBatchBuilder(limits.maxBatchBytes());
        this.from = from;
    }

    /** Takes one message; whoever calls must {@link #cut()} once {@link #isFull()}. */
    void accept(byte[] bytes, int offset, int limit) {
        PgOutputMessage message = PgOutputDecoder.decode(bytes, offset, limit);
        if (message instanceof Insert insert) {
            insert(insert, bytes);
        } else if (message instanceof Update update) {
            update(update, bytes);
        } else if (message instanceof Delete delete) {
            delete(delete, bytes);
        } else if (message instanceof Begin begin) {
            begin(begin);
        } else if (message instanceof Commit commit) {
            commit(commit);
        } else if (message instanceof Relation relation) {
            relations.announce(relation);
        } else if (message instanceof Truncate truncate) {
            truncate(truncate);
        } else if (message instanceof LogicalMessage logical) {
            tell(logical, bytes);
        }
    }

    /** A transaction begins; {@link #accept} calls this for one that has committed before it came. */
    void begin(Begin begin) {
        if (open != null) {
            throw unexpected("a transaction begins inside another");
        }
        if (!begin.finalLsn().isAfter(lastCommitLsn)) {
            throw unexpected("transactions do not arrive in commit order").at(begin.finalLsn());
        }
        open = begin;
        dropped = begin.finalLsn().isBefore(from);
        begun = false;
        inTrouble.clear();
        relations.begin(begin);
    }

    void commit(Commit commit) {
        if (open == null || !open.finalLsn().equals(commit.commitLsn())) {
            throw unexpected("a commit does not match its transaction").at(commit.commitLsn());
        }
        if (begun) {
            builder.commit(commit.endLsn());
        }
        lastCommitLsn = commit.commitLsn();
        open = null;
    }

    private void insert(Insert insert, byte[] bytes) {
        Optional<RuledRelation> relation = change(insert.relation());
        if (relation.isPresent()) {
            TupleRange row = checked(insert.newTuple(), relation.get());
            if (relation.get().isPlain()) {
                builder.insert(relation.get().given(), bytes, row.offset(), row.length());
            } else {
                rewrite(relation.get(), bytes, row);
                builder.insert(relation.get().given(), rewriter.bytes(), 0, rewriter.length());
            }
        }
    }

    private void update(Update update, byte[] bytes) {
        Optional<RuledRelation> relation = change(update.relation());
        if (relation.isPresent()) {
            TupleRange row = checked(update.newTuple(), relation.get());
            TupleRange old =
                    update.oldTuple() == null ? new TupleRange(0, 0, 0) : checked(update.oldTuple(), relation.get());
            if (relation.get().isPlain()) {
                builder.update(
                        relation.get().given(),
                        update.oldKind(),
                        bytes,
                        old.offset(),
                        old.length(),
                        row.offset(),
                        row.length());
            } else {
                rewrite(relation.get(), bytes, old, row);
                builder.update(relation.get().given(), update.oldKind(), rewriter.bytes(), 0, rewriter.length());
            }
        }
    }

    /** The tuples as they may be given on, one behind the other; a range without length is none. */
    private void rewrite(RuledRelation relation, byte[] bytes, TupleRange... tuples) {
        rewriter.clear();
        for (TupleRange tuple : tuples) {
            if (tuple.length() > 0) {
                rewriter.append(relation, bytes, tuple.offset(), tuple.length());
            }
        }
    }

    private void delete(Delete delete, byte[] bytes) {
        Optional<RuledRelation> relation = change(delete.relation());
        if (relation.isPresent()) {
            TupleRange old = checked(delete.oldTuple(), relation.get());
            if (relation.get().isPlain()) {
                builder.delete(relation.get().given(), delete.oldKind(), bytes, old.offset(), old.length());
            } else {
                rewrite(relation.get(), bytes, old);
                builder.delete(relation.get().given(), delete.oldKind(), rewriter.bytes(), 0, rewriter.length());
            }
        }
    }

    private void truncate(Truncate truncate) {
        relations.truncates();
        List<RelationSchema> truncated = truncate.relations().stream()
                .map(this::change)
                .flatMap(Optional::stream)
                .map(RuledRelation::given)
                .toList();
        if (!truncated.isEmpty()) {
            builder.truncate(truncated, truncate.options());
        }
    }

    /** The relation of a change that is wanted, its transaction begun in the batch; empty for one that is passed over. */
    private Optional<RuledRelation> change(int oid) {
        if (open == null) {
            throw unexpected("a change arrives outside a transaction");
        }
        Decoding decoding = dropped ? Decoding.UNWANTED : relations.decoding(oid);
        if (decoding.relation().isPresent()) {
            beginInBatch();
            relations.takeNews().ifPresent(this::tell);
        } else if (decoding.trouble().isPresent() && inTrouble.add(oid)) {
            tell(decoding.trouble().get());
        }
        return decoding.relation();
    }

    private void beginInBatch() {
        if (!begun) {
            builder.begin(open.finalLsn(), open.commitMicros() + POSTGRES_EPOCH_MICROS, open.xid());
            begun = true;
        }
    }

    private void tell(TableTold told) {
        beginInBatch();
        builder.notice(told.relation(), told.notice());
    }

    private void tell(LogicalMessage message, byte[] bytes) {
        if (message.transactional() && open != null && !dropped) {
            messages.read(message, bytes).map(relations::take).orElse(List.of()).forEach(this::tell);
        }
    }

    private TupleRange checked(TupleRange tuple, RuledRelation ruled) {
        RelationSchema relation = ruled.wire();
        if (tuple.columns() != relation.columns().size()) {
            throw unexpected("a row has " + tuple.columns() + " columns instead of "
                            + relation.columns().size())
                    .inTable(relation.table());
        }
        if (tuple.length() > limits.maxRowBytes()) {
            throw new PhilotesException(
                            ErrorCode.ROW_TOO_LARGE,
                            "Cannot take a row of " + tuple.length() + " bytes: the limit is " + limits.maxRowBytes())
                    .inTable(relation.table())
                    .at(open.finalLsn());
        }
        return tuple;
    }

    private static PhilotesException unexpected(String what) {
        return new PhilotesException(ErrorCode.PROTOCOL, "Cannot follow the replication stream: " + what);
    }

    /** Whether a transaction is open at the server's end of the stream, wanted or not. */
    boolean isInTransaction() {
        return open != null;
    }

    /** Whether {@link #cut()} would give whole transactions, or the end of one that was cut in parts. */
    boolean hasWhole() {
        return builder.hasWhole();
    }

    /** Whether {@link #cut()} must come before the next message: the batch is large enough, or ends a parted transaction. */
    boolean isFull() {
        return builder.size() >= limits.maxBatchBytes() || (builder.isContinued() && !builder.isOpen());
    }

    /** Cuts off what is whole, else a part of the open transaction. */
    ChangeBatch cut() {
        return builder.hasWhole() ? builder.cutWhole() : builder.cutPart();
    }
}
