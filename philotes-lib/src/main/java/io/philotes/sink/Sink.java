// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink;

import io.philotes.checkpoint.CheckpointStore;
import io.philotes.health.Finding;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;

/**
 * Where changes go. Driven by one thread, the apply loop's; only the range writers of a {@link TableLoad} belong to other
 * threads. A sink object serves one pipeline at a time.
 *
 * <p>The engine may rely on: {@link #commit} makes everything written since the last one durable <em>together with</em> its
 * position, table by table; {@link #committedUpTo} tells the truth after any crash; a transaction that ends at or before a
 * table's own position is skipped by {@link #write}, so replay changes nothing. It may not rely on: visibility before the
 * commit, or on all tables becoming visible at the same instant.
 */
public interface Sink extends AutoCloseable {

    /** What it writes to, for logs and reports; holds no secret. */
    String description();

    /**
     * Looks at everything a start needs, for the given tables, all findings at once. Changes nothing that stays; never
     * throws for a finding.
     */
    List<Finding> check(String pipeline, List<RelationSchema> tables);

    /** What a start would create or change for the given tables, and how each column is mapped. Changes nothing. */
    List<TablePlan> plan(String pipeline, List<RelationSchema> tables);

    /**
     * Whether the sink keeps its indexes within a memory limit of its own and the rest on disk, so that no pipeline is refused
     * for their size; false by default.
     */
    default boolean spillsIndexes() {
        return false;
    }

    /**
     * Begins, or begins again with a higher epoch after a failure: whatever was written and not committed is dropped, and
     * no table is resumed. Called before everything below but {@link #checkpoints}.
     */
    void open(SinkContext context);

    /**
     * A checkpoint store in the sink itself, the default of a library user who names none; empty when it has none. May be
     * asked before {@link #open}.
     */
    default Optional<CheckpointStore> checkpoints() {
        return Optional.empty();
    }

    /**
     * Whether {@link #committedUpTo} can be asked after a restart. When not, the checkpoint's position is taken for the truth:
     * what was taken since comes again.
     */
    default boolean remembersPosition() {
        return true;
    }

    /**
     * Whether a table begins with a copy of the rows that it has. When not, it begins at the present place of the stream: its
     * {@link #load} gets no row, and its commit tells the place.
     */
    default boolean wantsCopies() {
        return true;
    }

    /** The marker of the table's newest commit by this pipeline; empty when the table does not exist or has none. */
    Optional<Lsn> committedUpTo(RelationSchema table);

    /**
     * Tells where a table goes on: transactions that end at or before {@code position} are skipped for it. A table that was
     * not resumed, loaded or is suspended is skipped altogether.
     */
    void resume(RelationSchema table, Lsn position);

    /** Skips a table's changes until it is resumed, and drops what was written for it and not committed. */
    void suspend(TableId table);

    /**
     * What the sink durably knows of the table at the source, as of the table's own position and no newer: the relation
     * version of the last change or notice, without missing values, and the facts of the last picture. So messages from that
     * position on can be understood by it. Empty when the table does not exist or has none. May be asked before {@link #open}.
     */
    default Optional<TablePicture> lastPicture(TableId table) {
        return Optional.empty();
    }

    /**
     * Why the table's content no longer is what the configuration asks for, so that it must be loaded again: other columns
     * are left out or masked, rows are filtered by another condition, types are mapped differently. Empty when it is. May be
     * asked before {@link #open}.
     */
    default Optional<String> reloadReason(TablePicture now) {
        return Optional.empty();
    }

    /**
     * Whether this sink can set a row aside alone; one that cannot holds the table, whatever the context says. A sink that
     * can may still hold a table for a row without which nothing of it can go on, such as one whose key cannot be told.
     */
    default boolean parksRows() {
        return false;
    }

    /** What the target durably says of rows that were set aside. */
    default ParkingRecord parking(TableId table) {
        return ParkingRecord.NONE;
    }

    /**
     * Tells a resumed table which rows are set aside, each place with its row's keys; replaces what it was told before. A
     * change of such a key at or behind its first place is set aside, an earlier one is written: it is a repetition.
     */
    default void park(TableId table, Map<SequenceNumber, SortedSet<String>> rows) {
        throw new UnsupportedOperationException("this sink sets no rows aside");
    }

    /**
     * Writes rows that were set aside, in the order of their places; the table must be past all of them, and all that share a
     * key with one of them must be among them. Between two commits only, and {@link #commit} follows: with it the name becomes
     * {@link ParkingRecord#lastReplay}. A row that cannot be written keeps back those that share a key with it, and so on;
     * but one that a later one of them replaces whole is left out. The keys of what is taken are free again. Without any row
     * the commit makes just the name durable.
     *
     * @throws io.philotes.error.PhilotesException when the storage or catalog fails; or what holds the table, which is
     *     suspended then, and the others go on
     */
    default ReplayResult replay(TableId table, List<ParkedRow> rows, String name) throws InterruptedException {
        throw new UnsupportedOperationException("this sink sets no rows aside");
    }

    /**
     * The table's rows as they are committed now, to be compared with the source's; by any thread, while the sink is open.
     * Empty when what it holds are not the source's rows, such as a history of changes, or the sink cannot read them.
     *
     * @param table the table's newest shape; its columns are compared
     * @throws io.philotes.error.PhilotesException when the target is gone or was never loaded, or does not answer
     */
    default Optional<RowAudit> audit(RelationSchema table) {
        return Optional.empty();
    }

    /**
     * Begins to replace a table's whole content, creating the table when there is none. What is no copy of the source's rows,
     * such as a history of changes, may stay instead, and the copy comes behind it.
     */
    TableLoad load(TablePicture table, Lsn consistentPoint);

    /**
     * The same, for a sink that keeps what was there, and must not keep a copy that is repeated because nobody noted its end.
     * By default {@link #load(TablePicture, Lsn)}.
     *
     * @param knownUpTo the marker of the table's newest commit that the pipeline knows of; {@link Lsn#ZERO} when it knows none
     */
    default TableLoad load(TablePicture table, Lsn consistentPoint, Lsn knownUpTo) {
        return load(table, consistentPoint);
    }

    /**
     * Takes a batch; may keep it in any form until {@link #commit}. Rows that it can never write come back as rejections:
     * it does not throw for a bad row, and of a table with a rejection nothing since its last commit is kept.
     * Where the context allows it, a sink that {@link #parksRows} sets such a row aside instead, without a trace of it in the
     * table, and behind it every later change of its keys. A rejection with {@link io.philotes.error.ErrorCode#RESYNC_NEEDED} says that to keep the table's changes is of no use.
     *
     * <p>Notices may make a sink follow a table's definition, or tell that its rows are not the source's any more; a notice
     * other than a picture rejects the table.
     *
     * @throws io.philotes.error.PhilotesException when the storage or catalog fails
     */
    WriteResult write(ChangeBatch batch) throws InterruptedException;

    /** Bytes written and not yet committed, about; the engine commits early when they pass its limit. */
    long uncommittedBytes();

    /**
     * Forgets everything written and not committed. A table that forgot something stays at its position, whatever is committed
     * meanwhile, until what it forgot has come again and is committed.
     */
    void discard();

    /**
     * Makes everything that was written durable, with {@code upTo} as every touched table's position. Only at a transaction
     * end; at most one outstanding, and nothing is written meanwhile. Afterwards every table, touched or not, skips
     * transactions that end at or before {@code upTo}: they may come again. One that forgot something does not; see
     * {@link #discard}.
     *
     * @return a stage that completes with an outcome for each touched table; a synchronous sink returns a completed one
     */
    CompletionStage<CommitResult> commit(Lsn upTo);

    /**
     * Looks after what is in the sink already, such as data files to be merged; called often while nothing that was written
     * waits for a commit and none is outstanding, but now and then only while the pipeline is far behind its source. Quick when
     * there is nothing to do, and short otherwise.
     *
     * @throws io.philotes.error.PhilotesException as {@link #write}; what merely did not succeed is no failure
     */
    default void tend() throws InterruptedException {}

    /** Lets everything go; what was not committed is dropped. Idempotent; does not throw. */
    @Override
    void close();
}
