// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal.verify;

import io.philotes.checkpoint.TableProgress;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.pipeline.VerifyReport;
import io.philotes.pipeline.VerifyRequest;
import io.philotes.sink.RowAudit;
import io.philotes.sink.Sink;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeStream;
import io.philotes.source.TableCopy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares source and target while both go on. Each round exports a snapshot of the source, waits until the target has
 * everything that is in it, and compares the two; the keys that changed between the snapshot and the target's position (the
 * snapshot's own slot tells them), equal or not, go into the next round, and the others that differ do. Confined to the
 * thread of whoever asked; has an attachment to the source of its own, so that the pipeline's is not disturbed.
 */
public final class Verification {

    private static final Duration REST = Duration.ofMillis(50);

    private final AttachedSource source;
    private final Sink sink;
    private final VerifiedSink pipeline;
    private final VerifyRequest request;
    private final ParkedKeys parked;
    private final Map<TableId, TableTally> tallies = new TreeMap<>();
    private final Map<TableId, VerifyReport.Table> notCompared = new TreeMap<>();

    /** @param letters where the pipeline sets rows aside */
    public Verification(
            AttachedSource source,
            Sink sink,
            VerifiedSink pipeline,
            Optional<DeadLetterQueue> letters,
            VerifyRequest request) {
        this.parked = new ParkedKeys(letters, pipeline.name());
        this.source = source;
        this.sink = sink;
        this.pipeline = pipeline;
        this.request = request;
    }

    /** What was found out of each table. */
    public List<VerifyReport.Table> run() throws InterruptedException {
        for (TableId table : wanted()) {
            tallies.put(table, new TableTally(table, sinkName(), request.maxListed()));
        }
        recallRules();
        for (int round = 1; round <= request.maxRounds() && !undecided().isEmpty(); round++) {
            try {
                round(undecided());
            } catch (PhilotesException e) {
                if (e.recovery() != Recovery.RETRY || round == request.maxRounds()) {
                    throw e;
                }
            }
        }
        Map<TableId, VerifyReport.Table> tables = new TreeMap<>(notCompared);
        tallies.forEach((table, tally) -> tables.putIfAbsent(table, tally.report()));
        return List.copyOf(tables.values());
    }

    private String sinkName() {
        return pipeline.name();
    }

    private Set<TableId> wanted() {
        Set<TableId> known = pipeline.tables();
        for (TableId table : request.tables()) {
            if (!known.contains(table)) {
                throw new PhilotesException(
                                ErrorCode.TABLE_MISSING, "Cannot verify a table: it is not one of this pipeline")
                        .inTable(table);
            }
        }
        return new TreeSet<>(request.tables().isEmpty() ? known : request.tables());
    }

    /** A column that was renamed stays masked here, too. */
    private void recallRules() {
        if (source.hasRules()) {
            tallies.keySet().stream()
                    .map(sink::lastPicture)
                    .flatMap(Optional::stream)
                    .forEach(source::recall);
        }
    }

    private Set<TableId> undecided() {
        Set<TableId> tables = new TreeSet<>();
        tallies.forEach((table, tally) -> {
            if (!tally.isDecided() && !notCompared.containsKey(table)) {
                tables.add(table);
            }
        });
        return tables;
    }

    private void round(Set<TableId> tables) throws InterruptedException {
        leaveOutThoseBehind(tables);
        if (tables.isEmpty()) {
            return;
        }
        try (TableCopy copy = source.copy(tables)) {
            awaitCommitted(tables, copy.consistentPoint());
            // Before the targets: what is applied from now on is in them.
            Map<TableId, Set<String>> aside = parked.of(tables);
            List<TableCheck> checks = checks(copy, tables);
            for (TableCheck check : checks) {
                compare(copy, check);
            }
            ChangedKeys changed = new ChangedKeys(checks);
            if (changed.isNeeded()) {
                try (ChangeStream stream = copy.changes()) {
                    changed.read(stream, source, request.patience());
                }
            }
            for (TableCheck check : checks) {
                TableId table = check.relation().table();
                if (!notCompared.containsKey(table)) {
                    tallies.get(table)
                            .take(
                                    check,
                                    changed.of(check),
                                    changed.isComplete(check),
                                    aside.getOrDefault(table, Set.of()));
                }
            }
        }
    }

    /** Takes the tables away that stand at no position, or wait at one that has passed. */
    private void leaveOutThoseBehind(Set<TableId> tables) {
        for (TableId table : List.copyOf(tables)) {
            TableProgress progress = pipeline.progress(table);
            Optional<String> why = switch (progress.state()) {
                case STREAMING, DIVERGED -> Optional.empty();
                case PENDING, COPYING -> Optional.of("is being copied");
                case HELD, NEEDS_RESYNC -> Optional.of("is " + progress.state() + ": " + progress.reason());
            };
            why.ifPresent(reason -> leaveOut(tables, table, reason));
        }
    }

    private void leaveOut(Set<TableId> tables, TableId table, String reason) {
        tables.remove(table);
        notCompared.put(table, VerifyReport.Table.notCompared(table, sinkName(), reason));
    }

    private void awaitCommitted(Set<TableId> tables, Lsn point) throws InterruptedException {
        long deadline = System.nanoTime() + request.patience().toNanos();
        source.heartbeat();
        pipeline.wantCommit(point);
        while (tables.stream().anyMatch(t -> pipeline.progress(t).position().isBefore(point))) {
            if (System.nanoTime() - deadline > 0) {
                throw new PhilotesException(
                                ErrorCode.NOT_CAUGHT_UP,
                                "Cannot verify: the pipeline did not commit what the source held in time")
                        .at(point);
            }
            pipeline.rest(REST);
            leaveOutThoseBehind(tables);
        }
    }

    private List<TableCheck> checks(TableCopy copy, Set<TableId> tables) {
        List<TableCheck> checks = new ArrayList<>();
        Set<TableId> there = new HashSet<>();
        for (TablePicture picture : copy.tables()) {
            TableId table = picture.relation().table();
            there.add(table);
            if (tables.contains(table)) {
                audit(picture, tables)
                        .ifPresent(audit ->
                                checks.add(new TableCheck(picture.relation(), audit, copy.consistentPoint(), request)));
            }
        }
        for (TableId table : List.copyOf(tables)) {
            if (!there.contains(table)) {
                leaveOut(tables, table, "does not exist at the source");
            }
        }
        return checks;
    }

    private Optional<RowAudit> audit(TablePicture picture, Set<TableId> tables) {
        TableId table = picture.relation().table();
        try {
            Optional<RowAudit> audit = sink.audit(picture.relation());
            if (audit.isEmpty()) {
                tables.remove(table);
                notCompared.put(
                        table,
                        VerifyReport.Table.notComparable(
                                table,
                                sinkName(),
                                "the target does not hold the source's rows, but a history of changes"));
            }
            return audit;
        } catch (PhilotesException e) {
            putAside(table, e);
            return Optional.empty();
        }
    }

    private void compare(TableCopy copy, TableCheck check) throws InterruptedException {
        TableId table = check.relation().table();
        try {
            Optional<Set<RowKey>> keys = tallies.get(table).undecided(check.relation());
            if (keys.isEmpty()) {
                check.all(copy);
            } else {
                check.only(copy, keys.get());
            }
        } catch (PhilotesException e) {
            putAside(table, e);
        }
    }

    /** What concerns one table alone does not end the comparison of the others. */
    private void putAside(TableId table, PhilotesException failure) {
        if (!pipeline.holdsTable(failure)) {
            throw failure;
        }
        notCompared.put(table, VerifyReport.Table.notCompared(table, sinkName(), failure.reason()));
    }
}
