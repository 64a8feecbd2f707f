// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeCursor;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.sink.CommitResult;
import io.philotes.sink.ParkedDigest;
import io.philotes.sink.ParkedRow;
import io.philotes.sink.ParkingRecord;
import io.philotes.sink.RangeWriter;
import io.philotes.sink.ReplayResult;
import io.philotes.sink.Sink;
import io.philotes.sink.SinkContext;
import io.philotes.sink.TableLoad;
import io.philotes.sink.TablePlan;
import io.philotes.sink.WriteResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;

/** A {@link CountingSink} that sets numbers aside, by the rest of a division as their key. */
final class ParkingSink implements Sink {

    static final int KEYS = 5;

    private final CountingSink inner;
    private final Map<TableId, Map<String, SequenceNumber>> keys = new HashMap<>();
    private final Map<TableId, Map<SequenceNumber, SortedSet<String>>> open = new HashMap<>();
    private final Map<TableId, ParkingRecord> durable = new HashMap<>();
    private final Map<TableId, String> staged = new HashMap<>();
    private final List<ParkedRow> parked = new ArrayList<>();
    private boolean mended;
    private PhilotesException nextReplay;

    ParkingSink(CountingSink inner) {
        this.inner = inner;
        inner.setAside(this::isSetAside);
    }

    static String key(int number) {
        return "k" + number % KEYS;
    }

    private boolean isBad(int number) {
        return !mended && number % 4 == 3;
    }

    /** Every number fits from now on. */
    void mend() {
        mended = true;
    }

    void failNextReplay(PhilotesException failure) {
        nextReplay = failure;
    }

    void crash() {
        inner.crash();
        keys.clear();
        open.clear();
        staged.clear();
        parked.clear();
    }

    private boolean isSetAside(ChangeCursor change) {
        int number = CountingSink.number(change.newTuple());
        TableId table = change.relation().table();
        SequenceNumber at = new SequenceNumber(change.commitLsn(), change.ordinal());
        SequenceNumber first = keys(table).get(key(number));
        boolean waits = first != null && first.compareTo(at) <= 0;
        if (!waits && !isBad(number)) {
            return false;
        }
        keys(table).putIfAbsent(key(number), at);
        open(table).put(at, new TreeSet<>(Set.of(key(number))));
        inner.touch(table);
        parked.add(new ParkedRow(
                table,
                at,
                new TreeSet<>(Set.of(key(number))),
                change.alone(),
                waits ? Optional.empty() : Optional.of(unfit())));
        return true;
    }

    private static PhilotesException unfit() {
        return new PhilotesException(ErrorCode.VALUE_OUT_OF_RANGE, "Cannot write a number: scripted");
    }

    private Map<String, SequenceNumber> keys(TableId table) {
        return keys.computeIfAbsent(table, t -> new HashMap<>());
    }

    private Map<SequenceNumber, SortedSet<String>> open(TableId table) {
        return open.computeIfAbsent(table, t -> new TreeMap<>());
    }

    @Override
    public boolean parksRows() {
        return true;
    }

    @Override
    public ParkingRecord parking(TableId table) {
        return durable.getOrDefault(table, ParkingRecord.NONE);
    }

    @Override
    public void park(TableId table, Map<SequenceNumber, SortedSet<String>> told) {
        keys.put(table, new HashMap<>());
        open.put(table, new TreeMap<>(told));
        open(table).forEach((at, touched) -> touched.forEach(key -> keys(table).putIfAbsent(key, at)));
    }

    @Override
    public ReplayResult replay(TableId table, List<ParkedRow> rows, String name) {
        if (nextReplay != null) {
            PhilotesException failure = nextReplay;
            nextReplay = null;
            throw failure;
        }
        List<SequenceNumber> taken = new ArrayList<>();
        List<ParkedRow> refused = new ArrayList<>();
        Set<String> kept = new HashSet<>();
        for (ParkedRow row : rows) {
            ChangeCursor change = row.change().cursor();
            change.next();
            change.next();
            int number = CountingSink.number(change.newTuple());
            if (kept.contains(key(number)) || isBad(number)) {
                refused.add(row.because(kept.add(key(number)) ? Optional.of(unfit()) : Optional.empty()));
            } else {
                inner.put(table, number);
                taken.add(row.at());
            }
        }
        rows.forEach(row -> keys(table).keySet().removeAll(row.keys()));
        refused.forEach(row -> keys(table).putIfAbsent(row.keys().first(), row.at()));
        taken.forEach(open(table)::remove);
        staged.put(table, name);
        inner.touch(table);
        return new ReplayResult(taken, refused);
    }

    @Override
    public WriteResult write(ChangeBatch batch) {
        WriteResult result = inner.write(batch);
        List<ParkedRow> taken = List.copyOf(parked);
        parked.clear();
        return new WriteResult(result.rejections(), result.divergences(), taken, Map.of());
    }

    @Override
    public CompletionStage<CommitResult> commit(Lsn upTo) {
        Set<TableId> touched = inner.touched();
        CompletionStage<CommitResult> stage = inner.commit(upTo);
        touched.stream()
                .filter(table -> inner.isCommitted(table, upTo))
                .forEach(table -> durable.put(
                        table,
                        new ParkingRecord(
                                parking(table).from(),
                                staged.getOrDefault(table, parking(table).lastReplay()),
                                ParkedDigest.of(open(table), new SequenceNumber(upTo, 0)))));
        staged.clear();
        return stage;
    }

    @Override
    public TableLoad load(TablePicture picture, Lsn consistentPoint) {
        TableLoad load = inner.load(picture, consistentPoint);
        TableId table = picture.relation().table();
        keys.remove(table);
        open.remove(table);
        return new TableLoad() {
            @Override
            public RangeWriter writer() {
                return load.writer();
            }

            @Override
            public void commit() {
                try {
                    load.commit();
                    emptied();
                } catch (PhilotesException e) {
                    if (e.code() == ErrorCode.COMMIT_UNKNOWN) {
                        emptied();
                    }
                    throw e;
                }
            }

            private void emptied() {
                SequenceNumber from = new SequenceNumber(consistentPoint, Long.MIN_VALUE);
                durable.put(
                        table,
                        new ParkingRecord(Optional.of(from), parking(table).lastReplay(), ParkedDigest.NONE));
            }

            @Override
            public void close() {
                load.close();
            }
        };
    }

    @Override
    public void open(SinkContext context) {
        inner.open(context);
        keys.clear();
        open.clear();
        staged.clear();
    }

    @Override
    public void resume(RelationSchema table, Lsn position) {
        inner.resume(table, position);
        keys.remove(table.table());
        open.remove(table.table());
    }

    @Override
    public void suspend(TableId table) {
        inner.suspend(table);
        keys.remove(table);
        open.remove(table);
        staged.remove(table);
    }

    @Override
    public void discard() {
        inner.discard();
        staged.clear();
    }

    @Override
    public String description() {
        return inner.description();
    }

    @Override
    public List<Finding> check(String pipeline, List<RelationSchema> tables) {
        return inner.check(pipeline, tables);
    }

    @Override
    public List<TablePlan> plan(String pipeline, List<RelationSchema> tables) {
        return inner.plan(pipeline, tables);
    }

    @Override
    public Optional<Lsn> committedUpTo(RelationSchema table) {
        return inner.committedUpTo(table);
    }

    @Override
    public Optional<String> reloadReason(TablePicture now) {
        return inner.reloadReason(now);
    }

    @Override
    public long uncommittedBytes() {
        return inner.uncommittedBytes();
    }

    @Override
    public void close() {
        crash();
    }
}
