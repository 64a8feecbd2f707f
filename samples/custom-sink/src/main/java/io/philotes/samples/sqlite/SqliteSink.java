// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples.sqlite;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeCursor;
import io.philotes.model.ChangeEvent;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import io.philotes.model.TableNotice;
import io.philotes.model.TablePicture;
import io.philotes.sink.CommitResult;
import io.philotes.sink.Rejection;
import io.philotes.sink.Sink;
import io.philotes.sink.SinkContext;
import io.philotes.sink.TableLoad;
import io.philotes.sink.TablePlan;
import io.philotes.sink.WriteResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Mirrors tables with a key into an SQLite file, exactly once: each table's rows and its position are committed in one
 * transaction. What is not committed is kept in memory, about as much as the pipeline's {@code commitMaxBytes} or one transaction.
 */
public final class SqliteSink implements Sink {

    private final SqliteFile file;
    private final Map<TableId, Followed> followed = new HashMap<>();
    private Owner owner;
    private long bytes;

    private SqliteSink(SqliteFile file) {
        this.file = file;
    }

    /** A table that is written to: where it stands, and what waits for the commit. */
    private static final class Followed {

        private final int oid;
        private final TargetTable target;
        private final List<Step> steps = new ArrayList<>();
        private Lsn position;
        private boolean forgetful;

        Followed(RelationSchema relation, Lsn position) {
            this.oid = relation.oid();
            this.target = TargetTable.of(relation);
            this.position = position;
        }

        /** What it forgets comes again: until that is committed, it stays where it is. */
        void forget() {
            forgetful |= !steps.isEmpty();
            steps.clear();
        }

        void move(Lsn upTo) {
            forgetful &= steps.isEmpty();
            if (!forgetful) {
                position = Lsn.max(position, upTo);
            }
            steps.clear();
        }
    }

    /**
     * A sink into a file, which is created when it is not there.
     *
     * @throws PhilotesException STORAGE_FAILED when it cannot be opened
     */
    public static SqliteSink at(Path path) {
        return new SqliteSink(new SqliteFile(path));
    }

    @Override
    public String description() {
        return file.toString();
    }

    @Override
    public List<Finding> check(String pipeline, List<RelationSchema> tables) {
        List<Finding> findings = new ArrayList<>(List.of(Finding.ok("file", description())));
        Map<String, TableId> taken = new HashMap<>();
        for (RelationSchema table : tables) {
            String subject = table.table().toString();
            TableId other = taken.putIfAbsent(TargetTable.of(table).sqliteName(), table.table());
            if (other != null) {
                findings.add(Finding.error(
                        ErrorCode.MAPPED_TWICE,
                        subject,
                        "to SQLite its name is that of " + other,
                        "leave one of them out, or give it another name"));
            }
            if (!table.hasKey()) {
                findings.add(Finding.error(
                        ErrorCode.NO_IDENTITY,
                        subject,
                        "it has no key",
                        "ALTER TABLE " + subject + " ADD PRIMARY KEY (…)"));
            }
        }
        return findings;
    }

    @Override
    public List<TablePlan> plan(String pipeline, List<RelationSchema> tables) {
        return tables.stream().map(this::plan).toList();
    }

    private TablePlan plan(RelationSchema relation) {
        TargetTable target = TargetTable.of(relation);
        List<TablePlan.ColumnPlan> columns = new ArrayList<>();
        for (int i = 0; i < target.columns().size(); i++) {
            String sourceType = relation.columns().get(i).type().name();
            columns.add(new TablePlan.ColumnPlan(
                    target.columns().get(i), sourceType, target.types().get(i), true, ""));
        }
        String action = file.columns(target.name()).isEmpty() ? "create" : "keep";
        return new TablePlan(relation.table(), target.name(), action, "upsert by key", columns, 0, List.of());
    }

    @Override
    public void open(SinkContext context) {
        owner = new Owner(context.pipelineId(), context.epoch());
        file.claim(owner);
        followed.clear();
        bytes = 0;
    }

    @Override
    public Optional<Lsn> committedUpTo(RelationSchema table) {
        return file.position(TargetTable.of(table).name(), owner.pipelineId());
    }

    @Override
    public Optional<String> reloadReason(TablePicture now) {
        TargetTable target = TargetTable.of(now.relation());
        List<String> there = file.columns(target.name());
        return there.isEmpty() || there.equals(described(target))
                ? Optional.empty()
                : Optional.of("its columns are not those of " + description());
    }

    private static List<String> described(TargetTable target) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < target.columns().size(); i++) {
            columns.add(target.columns().get(i) + " " + target.types().get(i));
        }
        return columns;
    }

    @Override
    public void resume(RelationSchema table, Lsn position) {
        file.requireOwner(owner);
        followed.put(table.table(), new Followed(table, position));
    }

    @Override
    public void suspend(TableId table) {
        followed.remove(table);
    }

    @Override
    public TableLoad load(TablePicture table, Lsn consistentPoint) {
        RelationSchema relation = table.relation();
        suspend(relation.table());
        TargetTable target = TargetTable.of(relation);
        if (!relation.hasKey()) {
            throw new PhilotesException(ErrorCode.NO_IDENTITY, "Cannot copy: it has no key").inTable(relation.table());
        }
        file.refuseOthers(owner, target.name());
        TargetTable staging = SqliteLoad.staging(target);
        return new SqliteLoad(file, relation, staging, () -> {
            file.replace(owner, target, staging, consistentPoint);
            followed.put(relation.table(), new Followed(relation, consistentPoint));
        });
    }

    @Override
    public WriteResult write(ChangeBatch batch) {
        Map<TableId, Rejection> rejections = new TreeMap<>();
        ChangeCursor cursor = batch.cursor();
        while (cursor.next()) {
            if (cursor.kind() == ChangeCursor.Kind.NOTICE) {
                note(cursor, rejections);
                continue;
            }
            List<ChangeEvent> events = ChangeEvent.at(cursor);
            for (int i = 0; i < events.size(); i++) {
                boolean several = cursor.kind() == ChangeCursor.Kind.TRUNCATE;
                RelationSchema relation = several ? cursor.truncated().get(i) : cursor.relation();
                rejectRenamed(cursor, relation, rejections);
                take(cursor, relation, events.get(i), rejections);
            }
        }
        bytes += batch.length();
        return new WriteResult(List.copyOf(rejections.values()), List.of());
    }

    /** A table is its oid. What comes under another name, if only for a while, is missing under its own. */
    private void rejectRenamed(ChangeCursor cursor, RelationSchema relation, Map<TableId, Rejection> rejections) {
        for (TableId table : List.copyOf(followed.keySet())) {
            boolean other = followed.get(table).oid == relation.oid() && !table.equals(relation.table());
            if (other && followedAt(table, cursor.commitLsn()) != null) {
                reject(cursor, table, ErrorCode.RESYNC_NEEDED, "it was renamed to " + relation.table(), rejections);
            }
        }
    }

    private void take(
            ChangeCursor cursor, RelationSchema relation, ChangeEvent change, Map<TableId, Rejection> rejections) {
        Followed table = followedAt(change.table(), cursor.commitLsn());
        if (table == null) {
            return;
        }
        if (table.oid != relation.oid()) {
            reject(cursor, change.table(), ErrorCode.RESYNC_NEEDED, "another table had its name", rejections);
            return;
        }
        if (!(change instanceof ChangeEvent.Truncate)
                && !TargetTable.of(relation).equals(table.target)) {
            reject(cursor, change.table(), ErrorCode.RESYNC_NEEDED, "its definition changed", rejections);
            return;
        }
        try {
            table.steps.addAll(RowSteps.of(table.target, change));
        } catch (NumberFormatException e) {
            reject(cursor, change.table(), ErrorCode.VALUE_MALFORMED, "an integer is none", rejections);
        }
    }

    /** A position is the end of a transaction, and its commit lies before its end: what is before the position is there already. */
    private Followed followedAt(TableId table, Lsn commitLsn) {
        Followed found = followed.get(table);
        return found == null || commitLsn.isBefore(found.position) ? null : found;
    }

    private void note(ChangeCursor cursor, Map<TableId, Rejection> rejections) {
        TableId table = cursor.relation().table();
        TableNotice notice = cursor.notice();
        rejectRenamed(cursor, cursor.relation(), rejections);
        boolean gone = notice instanceof TableNotice.Gone;
        if (followedAt(table, cursor.commitLsn()) != null && (gone || notice instanceof TableNotice.Undecodable)) {
            String reason = gone ? "it is gone" : "changes of it could not be understood";
            reject(cursor, table, ErrorCode.RESYNC_NEEDED, reason, rejections);
        }
    }

    /** Nothing of the table since its last commit is kept, and nothing is taken until it is resumed or copied again. */
    private void reject(
            ChangeCursor cursor, TableId table, ErrorCode code, String reason, Map<TableId, Rejection> rejections) {
        suspend(table);
        PhilotesException failure = new PhilotesException(code, "Cannot go on with the table: " + reason)
                .inTable(table)
                .at(cursor.commitLsn());
        rejections.put(table, new Rejection(table, new SequenceNumber(cursor.commitLsn(), cursor.ordinal()), failure));
    }

    @Override
    public long uncommittedBytes() {
        return bytes;
    }

    @Override
    public void discard() {
        followed.values().forEach(Followed::forget);
        bytes = 0;
    }

    @Override
    public CompletionStage<CommitResult> commit(Lsn upTo) {
        Map<TableId, CommitResult.Outcome> outcomes = new TreeMap<>();
        followed.forEach((table, state) -> {
            if (!state.steps.isEmpty()) {
                outcomes.put(table, commit(state, upTo));
            }
            state.move(upTo);
        });
        outcomes.forEach((table, outcome) -> {
            if (outcome.kind() != CommitResult.Kind.COMMITTED) {
                suspend(table);
            }
        });
        bytes = 0;
        return CompletableFuture.completedStage(new CommitResult(outcomes));
    }

    private CommitResult.Outcome commit(Followed table, Lsn upTo) {
        try {
            file.apply(owner, table.target, table.steps, upTo);
            return CommitResult.Outcome.committed(upTo, table.steps.size());
        } catch (PhilotesException e) {
            if (e.code() == ErrorCode.RESYNC_NEEDED) {
                return CommitResult.Outcome.held(e);
            }
            throw e;
        }
    }

    @Override
    public void close() {
        followed.clear();
        file.close();
    }
}
