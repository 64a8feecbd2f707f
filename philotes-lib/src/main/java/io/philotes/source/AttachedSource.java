// SPDX-License-Identifier: Apache-2.0
package io.philotes.source;

import io.philotes.health.Finding;
import io.philotes.model.Lsn;
import io.philotes.model.SourceMark;
import io.philotes.model.StorePlace;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A source as one pipeline's engine drives it. The short calls open a connection of their own each time, so that they
 * pick up rotated secrets, and are thread-safe; a {@link ChangeStream} and a {@link TableCopy} belong to one thread each.
 *
 * <p>Every call throws {@link io.philotes.error.PhilotesException} and nothing else by intention; its recovery says whether
 * the same call may pass later. Calls that talk to the server are interruptible between statements and bounded by the
 * connect and statement timeouts of the source.
 */
public interface AttachedSource {

    /**
     * Looks at everything a start needs, all findings at once, the ones that are fine included; creates nothing, changes
     * nothing. Never throws for a finding; a server that cannot be reached is a finding.
     */
    List<Finding> check();

    /** Who the server is and how far its WAL goes, now. */
    SourceIdentity identify();

    /**
     * The configured tables as the catalog shows them now, patterns expanded, ordered by name. A named table that does not
     * exist is left out; {@link #check} says so.
     */
    List<TablePicture> tables();

    /**
     * Tells what a table was when it was last known, at the place from which its changes are wanted: Relation messages of
     * the past are understood by it. Called before {@link #open}; a newer picture from a copy or from the stream wins.
     */
    void remember(TablePicture picture);

    /** Whether columns are left out or masked, so that {@link #recall} matters. */
    default boolean hasRules() {
        return false;
    }

    /**
     * Tells under which numbers the ruled columns of a table were last known, for they may have other names by now. Called
     * before {@link #tables}, for every table that ever had content, whatever its state.
     */
    default void recall(TablePicture picture) {
        // A source without rules has nothing to recall.
    }

    /**
     * Looks at the catalog. Where a table's definition or whereabouts changed since the last look of this object, the new
     * picture is written into the WAL, under a lock that no definition can change behind; it comes back in the stream as a
     * {@link io.philotes.model.TableNotice}, at the place where it is true. The first look writes every table's.
     */
    SourceLook look();

    /**
     * Looks whether this source captures a store's own tables, which would never end.
     *
     * @param what the store, in the findings' subject
     * @throws io.philotes.error.PhilotesException when the source does not answer
     */
    default List<Finding> checkStore(String what, StorePlace place) {
        return List.of();
    }

    /** Whether the configuration names this table itself, and not only a pattern that it matches. */
    default boolean isNamed(TableId table) {
        return true;
    }

    /**
     * About how many rows and bytes tables have at the source, from the planner's statistics; -1 rows for one that was never
     * analysed or is gone. Asks for all of them at once.
     */
    Map<TableId, TableSize> estimates(Collection<TableId> tables);

    /** The pipeline's slot as the server shows it; empty when there is none. */
    Optional<SlotState> slot();

    /**
     * The configured tables of which not every change is published now; {@link #preparePublication} mends that. One that
     * already has content in a sink misses changes and must be copied again.
     */
    Set<TableId> unpublished();

    /**
     * Creates or completes what must exist before the slot: the publication, with exactly the configured tables; or checks
     * it, when a person manages it. Repeatable.
     */
    void preparePublication();

    /**
     * The same with these of the configured tables only: one that cannot be copied, such as a table without a key, must not
     * be published either. One that does not exist is left out.
     */
    void preparePublication(Set<TableId> tables);

    /**
     * Creates the pipeline's permanent slot and exports its snapshot for a copy of the given tables. The slot stays when
     * the copy is closed; {@link #dropSlot} removes it.
     *
     * @return a copy whose consistent point is where the slot starts
     */
    TableCopy createSlot(Set<TableId> tables);

    /** Exports a snapshot through a temporary slot that dies with the copy; the permanent slot must exist already. */
    TableCopy copy(Set<TableId> tables);

    /** Drops the pipeline's slot, if there is one and nobody reads it. */
    void dropSlot();

    /**
     * Drops the pipeline's slot although this pipeline reads it: the server's disk is worth more. Does nothing about a slot
     * that somebody else reads.
     */
    default void giveUpSlot() {
        dropSlot();
    }

    /**
     * Drops what {@link #preparePublication} made, if there is one; nothing that a person keeps.
     *
     * @return what a person must do where this role may not; empty when it is gone, or not the pipeline's
     */
    default Optional<String> dropPublication() {
        return Optional.empty();
    }

    /** What the pipeline's slot and the others keep on the server's disk, now; empty when the source keeps nothing. */
    default Optional<WalStatus> wal() {
        return Optional.empty();
    }

    /**
     * Starts streaming every transaction that ends after {@code from}.
     *
     * @param from end position of the last transaction that need not come again; never behind the slot's confirmed
     *     position, which the server would silently skip to
     * @throws io.philotes.error.PhilotesException {@code SLOT_IN_USE} when another reader has it, {@code SLOT_AHEAD} when
     *     the slot's confirmed position is past {@code from}
     */
    ChangeStream open(Lsn from);

    /**
     * Renews the mark that is left in the source, so that one which is put back to a time before this call is known for
     * it. Not before {@link #preparePublication}, which leaves the first one.
     *
     * @param known what was last known of the source
     * @return the new mark and its place; empty when none can be left
     * @throws io.philotes.error.PhilotesException SOURCE_REWOUND when the mark is not the known one, or a later one of it
     */
    default Optional<RenewedMark> renewMark(SourceMark known) {
        return Optional.empty();
    }

    /** Writes a heartbeat into the WAL, so that an idle database's slot can move. Never fails loudly: false when it could not. */
    boolean heartbeat();

    /**
     * Where the WAL ends, on disk and behind everything that was written before the call: also behind transactions that
     * committed without waiting for the disk ({@code synchronous_commit = off}). Writes something itself, where it may.
     *
     * <p>Default: {@link #identify} behind a {@link #heartbeat}, for a source whose commits all wait.
     */
    default Lsn writtenEnd() {
        heartbeat();
        return identify().walEnd();
    }
}
