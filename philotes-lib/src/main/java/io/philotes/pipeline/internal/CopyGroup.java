// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.SourceMark;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.sink.Sink;
import io.philotes.sink.TableLoad;
import io.philotes.source.AttachedSource;
import io.philotes.source.SourceIdentity;
import io.philotes.source.TableCopy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Copies of some tables under one exported snapshot, one table after the other, while the others stream: checked, published,
 * exported, read, and ready to join. Owned by the apply thread, which calls {@link #step} now and then and never waits here;
 * what takes long runs on helper threads.
 */
final class CopyGroup {

    /** What is known before anything is published: a table without a key must not be, or its updates would fail. */
    private record Checked(List<Finding> findings, List<RelationSchema> relations) {}

    private record Exported(TableCopy copy, TableWatch.CopyTimes times) {}

    private final String pipeline;
    private final CopyContext context;
    private final AttachedSource source;
    private final Lane lane;
    private final Sink sink;
    private final Set<TableId> remaining;
    private final Queue<TablePicture> unread = new ArrayDeque<>();

    private Errand<Checked> checking;
    private Errand<Exported> exporting;
    private Exported exported;
    private TableId current;
    private TableLoad load;
    private TableReading reading;

    CopyGroup(CopyContext context, AttachedSource source, Lane lane, Set<TableId> tables) {
        this.pipeline = context.settings().name();
        this.context = context;
        this.source = source;
        this.lane = lane;
        this.sink = lane.sink();
        this.remaining = new LinkedHashSet<>(tables);
        this.checking = new Errand<>(context.threads().apply(1), this::check, checked -> {});
    }

    /** Tables that have not joined and were not put aside. */
    Set<TableId> remaining() {
        return Set.copyOf(remaining);
    }

    /** The table that is read; null when none is. */
    TableId current() {
        return current;
    }

    TableWatch.CopyTimes times() {
        return exported.times();
    }

    /** This table is not copied. */
    void putAside(TableId table) {
        remaining.remove(table);
    }

    boolean isDone() {
        return remaining.isEmpty();
    }

    private Checked check() {
        List<Finding> findings = source.check();
        return new Checked(
                findings, source.tables().stream().map(TablePicture::relation).toList());
    }

    /**
     * Moves on as far as that goes without waiting.
     *
     * @throws PhilotesException what went wrong; in a table when it concerns one alone. The group is to be closed then.
     */
    void step() throws InterruptedException {
        if (checking != null && checking.isDone()) {
            Checked checked = checking.result();
            checking = null;
            requireCopyable(checked);
            export();
        }
        if (exporting != null && exporting.isDone()) {
            exported = exporting.result();
            exporting = null;
            plan();
        }
        if (exported != null && current == null && !unread.isEmpty()) {
            read(unread.remove());
        }
    }

    private void requireCopyable(Checked checked) {
        Set<TableId> present =
                checked.relations().stream().map(RelationSchema::table).collect(Collectors.toSet());
        for (TableId table : remaining) {
            if (!present.contains(table)) {
                throw missing(table);
            }
        }
        List<Finding> findings = new ArrayList<>(checked.findings());
        findings.addAll(sink.check(
                pipeline,
                checked.relations().stream()
                        .filter(r -> context.board().tables().contains(r.table()))
                        .toList()));
        Refusals refusals = Refusals.among(remaining, findings);
        for (TableId table : refusals.tables()) {
            throw refusals.of(table).orElseThrow();
        }
    }

    static PhilotesException missing(TableId table) {
        return new PhilotesException(ErrorCode.TABLE_MISSING, "Cannot copy the table: it does not exist at the source")
                .inTable(table);
    }

    /** The publication first: whatever ends behind the exported snapshot is published then. */
    private void export() {
        Set<TableId> wanted = remaining();
        exporting = new Errand<>(
                context.threads().apply(1),
                () -> exported(wanted),
                brought -> brought.copy().close());
    }

    private Exported exported(Set<TableId> wanted) {
        lane.copyMeter().expect(source, wanted);
        context.published().publish(source, lane, wanted);
        long publishedNanos = System.nanoTime();
        long askedNanos = System.nanoTime();
        TableCopy copy = sink.wantsCopies() ? source.copy(wanted) : BareCopy.now(source, wanted);
        return new Exported(copy, new TableWatch.CopyTimes(publishedNanos, askedNanos));
    }

    private void plan() {
        for (TablePicture picture : exported.copy().tables()) {
            if (remaining.contains(picture.relation().table())) {
                unread.add(picture);
                context.board()
                        .copying(picture.relation().table(), exported.copy().consistentPoint());
            }
        }
        for (TableId table : remaining) {
            if (unread.stream().noneMatch(p -> p.relation().table().equals(table))) {
                throw missing(table);
            }
        }
    }

    private void read(TablePicture picture) {
        current = picture.relation().table();
        load = sink.load(
                picture,
                exported.copy().consistentPoint(),
                context.board().progress(current).lastMarker());
        reading = new TableReading(context, exported.copy(), picture.relation(), load);
    }

    /** Whether a table is read and only wants its commit. */
    boolean isReadyToJoin() throws InterruptedException {
        return reading != null && reading.isDone(0) && isFollowed();
    }

    /** A server that has just taken the place of another is copied from before the stream has found out. */
    private boolean isFollowed() {
        boolean followed =
                copiedFrom().filter(mark -> !context.guard().hasReached(mark)).isEmpty();
        if (followed) {
            requireKept();
        }
        return followed;
    }

    /** @throws PhilotesException for a new copy, when the source that is followed went on without some of what was copied */
    void requireKept() {
        copiedFrom()
                .flatMap(mark ->
                        context.guard().whyLeftBehind(mark, exported.copy().consistentPoint()))
                .ifPresent(why -> {
                    throw new PhilotesException(ErrorCode.SOURCE_UNREACHABLE, "Cannot use what was copied: " + why)
                            .hinting("it is copied again by itself");
                });
    }

    private Optional<SourceMark> copiedFrom() {
        return exported.copy().identity().map(SourceIdentity::mark);
    }

    /** Makes the table that was read visible; it has everything up to the position that is returned. */
    Lsn join() throws InterruptedException {
        reading.close();
        context.lane().desk().storeCopied(current, exported.copy().consistentPoint(), load.parked());
        load.commit();
        load.close();
        lane.copyMeter().done(current);
        remaining.remove(current);
        current = null;
        reading = null;
        load = null;
        if (remaining.isEmpty()) {
            exported.copy().close();
        }
        return exported.copy().consistentPoint();
    }

    /** Gives up what has not joined: nothing of it is visible. Idempotent. */
    void close() throws InterruptedException {
        context.published().settled(lane);
        if (checking != null) {
            checking.giveUp();
        }
        if (exporting != null) {
            exporting.giveUp();
        }
        if (exported != null) {
            exported.copy().close();
        }
        try {
            if (reading != null) {
                reading.close();
            }
        } finally {
            if (load != null) {
                load.close();
            }
        }
    }
}
