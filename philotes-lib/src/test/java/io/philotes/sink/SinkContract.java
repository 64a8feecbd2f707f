// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.philotes.error.PhilotesException;
import io.philotes.metrics.PipelineMetrics;
import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeBatchBuilder;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableFacts;
import io.philotes.model.TableId;
import io.philotes.model.TableNotice;
import io.philotes.model.TablePicture;
import io.philotes.model.TupleView;
import io.philotes.sink.CommitResult.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Sink} promises, as tests. Extend it, say how a sink is made and what a reader of the destination sees,
 * and every promise that the engine relies on is tried. Each test has a destination of its own.
 *
 * <p>Changes come as inserts, so that a sink that keeps history passes as one that mirrors does; what only a mirror can show
 * is skipped when {@link #keepsHistory()}.
 */
public abstract class SinkContract {

    /** The position of the first load. */
    protected static final Lsn LOADED_AT = new Lsn(0x1000);

    /** orders(id int8 primary key, name text). */
    protected static final RelationSchema ORDERS = relation(1001, "orders");

    /** items(id int8 primary key, name text). */
    protected static final RelationSchema ITEMS = relation(1002, "items");

    private static final TableFacts FACTS =
            new TableFacts("", true, "100", 2, Map.of(1, 5L, 2, 5L), Map.of(), Map.of());

    private static final TablePicture PICTURED = new TablePicture(ORDERS, FACTS);

    private static final int MAX_PARKED = 10;

    private final ChangeBatchBuilder changes = new ChangeBatchBuilder();
    private long lsn = LOADED_AT.value();
    private long epoch;
    private Sink sink;

    /** Another sink object for the same destination, not opened yet, as a new process would make it. */
    protected abstract Sink newSink();

    /**
     * What a reader of the destination sees of a table now: each row's id and name joined by {@code |}, in any order; nothing
     * when there is no table. A history gives all its rows, whatever their operation.
     */
    protected abstract List<String> rows(RelationSchema table);

    /** Whether the destination holds changes instead of rows. */
    protected boolean keepsHistory() {
        return false;
    }

    /** A row of {@link #ORDERS} that the sink can never write: a tuple of text values. */
    protected Object[] impossibleRow() {
        return new Object[] {"not a number", "a"};
    }

    private static RelationSchema relation(int oid, String name) {
        return new RelationSchema(
                oid,
                new TableId("public", name),
                ReplicaIdentity.DEFAULT,
                List.of(Column.of("id", 1, PgType.base(20, "int8")), Column.of("name", 2, PgType.base(25, "text"))),
                List.of(0));
    }

    @BeforeEach
    void open() {
        sink = opened();
    }

    @AfterEach
    void close() {
        sink.close();
        sink.close();
    }

    @Test
    void a_table_that_was_never_loaded_has_no_position() {
        assertThat(sink.committedUpTo(ORDERS)).isEmpty();
        assertThat(rows(ORDERS)).isEmpty();
    }

    @Test
    void a_load_and_its_position_become_durable_together() {
        load(ORDERS, LOADED_AT, row(1, "a"), row(2, "b"));
        assertHolds(ORDERS, "1|a", "2|b");
        reopen();
        assertThat(sink.committedUpTo(ORDERS)).contains(LOADED_AT);
    }

    @Test
    void an_empty_load_has_a_position_too() {
        load(ORDERS, LOADED_AT);
        reopen();
        assertThat(sink.committedUpTo(ORDERS)).contains(LOADED_AT);
        assertHolds(ORDERS);
    }

    @Test
    void a_load_replaces_everything() {
        load(ORDERS, LOADED_AT, row(1, "a"), row(2, "b"));
        write(insert(ORDERS, 3, "c"));
        commit();
        Lsn later = new Lsn(0x9000);
        load(ORDERS, later, row(7, "x"));
        assertHolds(ORDERS, "7|x");
        write(insert(ORDERS, 8, "before the consistent point"));
        assertThat(committed(later).outcomes()).isEmpty();
        reopen();
        assertThat(sink.committedUpTo(ORDERS)).contains(later);
        assertHolds(ORDERS, "7|x");
    }

    @Test
    void an_abandoned_load_leaves_nothing() {
        try (TableLoad abandoned = sink.load(TablePicture.of(ITEMS), LOADED_AT);
                RangeWriter writer = abandoned.writer()) {
            writer.write(view(row(1, "a")));
        }
        assertThat(sink.committedUpTo(ITEMS)).isEmpty();
        assertHolds(ITEMS);
        load(ORDERS, LOADED_AT, row(1, "a"));
        TableLoad again = sink.load(TablePicture.of(ORDERS), new Lsn(0x9000));
        try (RangeWriter writer = again.writer()) {
            writer.write(view(row(2, "b")));
        }
        again.close();
        again.close();
        assertThat(sink.committedUpTo(ORDERS)).contains(LOADED_AT);
        assertHolds(ORDERS, "1|a");
    }

    @Test
    void a_commit_makes_changes_durable_with_their_position() {
        load(ORDERS, LOADED_AT, row(1, "a"));
        write(insert(ORDERS, 2, "b"));
        write(insert(ORDERS, 3, "c"));
        CommitResult.Outcome outcome = commit().outcomes().get(ORDERS.table());
        assertThat(outcome.kind()).isEqualTo(Kind.COMMITTED);
        assertThat(outcome.marker()).isEqualTo(end());
        reopen();
        assertThat(sink.committedUpTo(ORDERS)).contains(end());
        assertHolds(ORDERS, "1|a", "2|b", "3|c");
    }

    @Test
    void what_was_not_committed_is_gone_after_a_restart_and_comes_again() {
        load(ORDERS, LOADED_AT);
        ChangeBatch batch = insert(ORDERS, 1, "a");
        write(batch);
        reopen();
        assertThat(sink.committedUpTo(ORDERS)).contains(LOADED_AT);
        sink.resume(ORDERS, LOADED_AT);
        write(batch);
        commit();
        assertHolds(ORDERS, "1|a");
    }

    @Test
    void replay_of_what_a_table_has_changes_nothing() {
        load(ORDERS, LOADED_AT);
        ChangeBatch first = insert(ORDERS, 1, "a");
        write(first);
        commit();
        write(first);
        assertThat(commit().outcomes()).isEmpty();
        reopen();
        sink.resume(ORDERS, LOADED_AT);
        write(first);
        write(insert(ORDERS, 2, "b"));
        commit();
        assertHolds(ORDERS, "1|a", "2|b");
    }

    @Test
    void a_mirror_follows_updates_deletes_and_truncates() {
        assumeFalse(keepsHistory());
        load(ORDERS, LOADED_AT, row(1, "a"), row(2, "b"));
        begin();
        byte[] updated = tuple(row(1, "A"));
        changes.update(ORDERS, (byte) 0, updated, 0, updated.length);
        byte[] deleted = tuple(row(2, null));
        changes.delete(ORDERS, (byte) 'K', deleted, 0, deleted.length);
        write(end(changes));
        commit();
        assertHolds(ORDERS, "1|A");
        begin();
        changes.truncate(List.of(ORDERS), (byte) 0);
        put(ORDERS, row(5, "after"));
        write(end(changes));
        commit();
        assertHolds(ORDERS, "5|after");
    }

    @Test
    void discard_forgets_what_was_written_and_keeps_the_table_going() {
        load(ORDERS, LOADED_AT, row(1, "a"));
        ChangeBatch batch = insert(ORDERS, 2, "b");
        write(batch);
        sink.discard();
        assertThat(sink.uncommittedBytes()).isZero();
        assertThat(commit().outcomes()).isEmpty();
        assertHolds(ORDERS, "1|a");
        write(batch);
        commit();
        assertHolds(ORDERS, "1|a", "2|b");
    }

    @Test
    void a_suspended_table_drops_what_was_written_and_skips_until_it_is_resumed() {
        load(ORDERS, LOADED_AT);
        load(ITEMS, LOADED_AT);
        ChangeBatch first = insert(ORDERS, 1, "a");
        write(first);
        sink.suspend(ORDERS.table());
        write(insert(ORDERS, 2, "b"));
        write(insert(ITEMS, 1, "i"));
        assertThat(commit().outcomes()).containsOnlyKeys(ITEMS.table());
        assertHolds(ORDERS);
        sink.resume(ORDERS, LOADED_AT);
        write(first);
        commit();
        assertHolds(ORDERS, "1|a");
        assertHolds(ITEMS, "1|i");
    }

    @Test
    void a_table_that_was_not_resumed_is_skipped() {
        load(ORDERS, LOADED_AT);
        reopen();
        write(insert(ORDERS, 1, "a"));
        assertThat(commit().outcomes()).isEmpty();
        assertHolds(ORDERS);
    }

    @Test
    void parts_of_a_transaction_are_not_seen_before_the_commit() {
        load(ORDERS, LOADED_AT);
        begin();
        put(ORDERS, row(1, "a"));
        write(changes.cutPart());
        assertHolds(ORDERS);
        put(ORDERS, row(2, "b"));
        write(end(changes));
        assertHolds(ORDERS);
        commit();
        assertHolds(ORDERS, "1|a", "2|b");
    }

    @Test
    void each_table_has_a_position_of_its_own() {
        load(ORDERS, LOADED_AT);
        load(ITEMS, LOADED_AT);
        ChangeBatch first = insert(ORDERS, 1, "a");
        write(first);
        commit();
        Lsn firstEnd = end();
        ChangeBatch second = insert(ITEMS, 1, "i");
        write(second);
        commit();
        reopen();
        assertThat(sink.committedUpTo(ORDERS)).contains(firstEnd);
        assertThat(sink.committedUpTo(ITEMS)).contains(end());
        sink.resume(ORDERS, firstEnd);
        sink.resume(ITEMS, end());
        write(first);
        write(second);
        assertThat(commit().outcomes()).isEmpty();
    }

    @Test
    void a_row_that_can_never_be_written_comes_back_and_nothing_of_its_table_is_kept() {
        load(ORDERS, LOADED_AT);
        load(ITEMS, LOADED_AT);
        write(insert(ORDERS, 1, "committed"));
        commit();
        write(insert(ORDERS, 2, "earlier batch"));
        begin();
        put(ORDERS, row(3, "same transaction"));
        put(ORDERS, impossibleRow());
        put(ORDERS, row(4, "behind"));
        put(ITEMS, row(1, "i"));
        WriteResult result = tryWrite(end(changes));
        assertThat(result.rejections()).singleElement().satisfies(rejection -> {
            assertThat(rejection.table()).isEqualTo(ORDERS.table());
            assertThat(rejection.at().commitLsn()).isEqualTo(new Lsn(lsn));
        });
        assertThat(commit().outcomes()).containsOnlyKeys(ITEMS.table());
        assertHolds(ORDERS, "1|committed");
        assertHolds(ITEMS, "1|i");
    }

    /** A change of a row that is not there, and lacks a value, cannot be written by a mirror. */
    private ChangeBatch updateWithoutName(int id) {
        begin();
        byte[] tuple = ByteBuffer.allocate(2 + 5 + 1 + 1)
                .putShort((short) 2)
                .put((byte) 't')
                .putInt(1)
                .put((byte) ('0' + id))
                .put((byte) 'u')
                .array();
        changes.update(ORDERS, (byte) 0, tuple, 0, tuple.length);
        return end(changes);
    }

    @Test
    void a_row_set_aside_leaves_no_trace_and_later_changes_of_its_key_wait() {
        openParking();
        load(ORDERS, LOADED_AT, row(1, "a"));
        WriteResult refused = tryWrite(updateWithoutName(7));
        assertThat(refused.rejections()).isEmpty();
        assertThat(refused.parked()).singleElement().satisfies(parked -> {
            assertThat(parked.table()).isEqualTo(ORDERS.table());
            assertThat(parked.at()).isEqualTo(new SequenceNumber(new Lsn(lsn), 0));
            assertThat(parked.failure()).isPresent();
            assertThat(parked.keys()).hasSize(1);
        });
        WriteResult behind = tryWrite(insert(ORDERS, 7, "behind"));
        assertThat(behind.parked()).singleElement().satisfies(parked -> {
            assertThat(parked.failure()).isEmpty();
            assertThat(parked.keys()).isEqualTo(refused.parked().get(0).keys());
        });
        write(insert(ORDERS, 2, "b"));
        commit();
        assertHolds(ORDERS, "1|a", "2|b");
    }

    @Test
    void rows_set_aside_are_written_later_and_their_replay_is_known_after_a_crash() throws InterruptedException {
        openParking();
        load(ORDERS, LOADED_AT, row(1, "a"));
        List<ParkedRow> parked = new ArrayList<>(tryWrite(updateWithoutName(7)).parked());
        parked.addAll(tryWrite(insert(ORDERS, 7, "behind")).parked());
        commit();
        assertThat(sink.parking(ORDERS.table()).lastReplay()).isEmpty();
        reopenParking(parked);
        ReplayResult dropped = sink.replay(ORDERS.table(), parked, "dropped");
        assertThat(dropped.taken()).hasSize(2);
        reopenParking(parked);
        assertThat(sink.parking(ORDERS.table()).lastReplay()).isEmpty();
        assertThat(sink.replay(ORDERS.table(), parked, "second").refused()).isEmpty();
        commit();
        reopen();
        assertThat(sink.parking(ORDERS.table()).lastReplay()).isEqualTo("second");
        assertHolds(ORDERS, "1|a", "7|behind");
    }

    @Test
    void a_truncate_and_a_copy_make_rows_set_aside_before_them_void() {
        openParking();
        load(ORDERS, LOADED_AT, row(1, "a"));
        SequenceNumber set = tryWrite(updateWithoutName(7)).parked().get(0).at();
        begin();
        changes.truncate(List.of(ORDERS), (byte) 0);
        put(ORDERS, row(7, "flows"));
        assertThat(tryWrite(end(changes)).voided()).containsKey(ORDERS.table());
        commit();
        assertHolds(ORDERS, "7|flows");
        assertThat(sink.parking(ORDERS.table()).from().orElseThrow()).isGreaterThan(set);
        Lsn later = new Lsn(0x9000);
        load(ORDERS, later, row(7, "copied"));
        assertThat(sink.parking(ORDERS.table()).from().orElseThrow().commitLsn())
                .isEqualTo(later);
    }

    private void openParking() {
        assumeFalse(keepsHistory());
        assumeTrue(sink.parksRows());
        sink.open(new SinkContext(
                "contract", "contract-id", ++epoch, Clock.systemUTC(), PipelineMetrics.NONE, MAX_PARKED));
    }

    private void reopenParking(List<ParkedRow> parked) {
        sink = newSink();
        openParking();
        sink.resume(ORDERS, sink.committedUpTo(ORDERS).orElseThrow());
        Map<SequenceNumber, SortedSet<String>> open = new TreeMap<>();
        parked.forEach(row -> open.put(row.at(), row.keys()));
        sink.park(ORDERS.table(), open);
    }

    @Test
    void a_picture_of_the_source_changes_no_row() {
        loadPicture(PICTURED);
        begin();
        put(ORDERS, row(2, "before"));
        changes.notice(ORDERS, new TableNotice.Picture(FACTS.withRules("others")));
        put(ORDERS, row(3, "behind"));
        tryWrite(end(changes));
        write(insert(ORDERS, 4, "next"));
        commit();
        assertHolds(ORDERS, "1|a", "2|before", "3|behind", "4|next");
        assertThat(sink.committedUpTo(ORDERS)).contains(end());
    }

    @Test
    void a_picture_alone_may_be_committed() {
        loadPicture(PICTURED);
        begin();
        changes.notice(ORDERS, new TableNotice.Picture(FACTS));
        write(end(changes));
        commit();
        reopen();
        assertHolds(ORDERS, "1|a");
        assertThat(sink.reloadReason(PICTURED)).isEmpty();
        sink.lastPicture(ORDERS.table())
                .ifPresent(picture -> assertThat(picture).isEqualTo(PICTURED));
    }

    @Test
    void a_table_whose_changes_were_left_out_comes_back_and_nothing_of_it_is_kept() {
        for (TableNotice end : List.of(new TableNotice.Undecodable("why"), new TableNotice.Gone("dropped"))) {
            load(ORDERS, end(), row(1, "committed"));
            load(ITEMS, end());
            begin();
            put(ORDERS, row(2, "lost"));
            changes.notice(ORDERS, end);
            put(ORDERS, row(3, "lost"));
            put(ITEMS, row(1, "i"));
            assertThat(tryWrite(end(changes)).rejections())
                    .singleElement()
                    .satisfies(rejection -> assertThat(rejection.table()).isEqualTo(ORDERS.table()));
            assertThat(commit().outcomes()).containsOnlyKeys(ITEMS.table());
            assertHolds(ORDERS, "1|committed");
            assertHolds(ITEMS, "1|i");
        }
    }

    private void loadPicture(TablePicture picture) {
        try (TableLoad load = sink.load(picture, LOADED_AT)) {
            try (RangeWriter writer = load.writer()) {
                writer.write(view(row(1, "a")));
            }
            load.commit();
        }
    }

    @Test
    void to_open_again_with_a_higher_epoch_drops_what_was_not_committed() {
        load(ORDERS, LOADED_AT);
        ChangeBatch batch = insert(ORDERS, 1, "a");
        write(batch);
        sink.open(context(++epoch));
        assertThat(commit().outcomes()).isEmpty();
        write(batch);
        assertThat(commit().outcomes()).describedAs("no table is resumed").isEmpty();
        sink.resume(ORDERS, LOADED_AT);
        write(batch);
        commit();
        assertHolds(ORDERS, "1|a");
    }

    @Test
    void an_older_epoch_may_not_write_behind_a_newer_one() {
        load(ORDERS, LOADED_AT);
        Sink older = sink;
        sink = opened();
        sink.resume(ORDERS, LOADED_AT);
        write(insert(ORDERS, 1, "newer"));
        commit();
        try (older) {
            assertThat(commits(older, insert(ORDERS, 2, "older"))).isFalse();
            assertThatThrownBy(() -> older.resume(ORDERS, end())).isInstanceOf(PhilotesException.class);
        }
        assertHolds(ORDERS, "1|newer");
    }

    private boolean commits(Sink into, ChangeBatch batch) {
        try {
            into.write(batch);
            return into.commit(end()).toCompletableFuture().join().outcomes().values().stream()
                    .anyMatch(outcome -> outcome.kind() == Kind.COMMITTED);
        } catch (PhilotesException | CompletionException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Sink opened() {
        Sink made = newSink();
        made.open(context(++epoch));
        return made;
    }

    private static SinkContext context(long epoch) {
        return new SinkContext("contract", "contract-id", epoch, Clock.systemUTC(), PipelineMetrics.NONE);
    }

    /** What a process does that was killed: the old object is not told. */
    private void reopen() {
        sink = opened();
    }

    private void load(RelationSchema table, Lsn at, Object[]... rows) {
        try (TableLoad load = sink.load(TablePicture.of(table), at)) {
            try (RangeWriter writer = load.writer()) {
                for (Object[] row : rows) {
                    writer.write(view(row));
                }
            }
            load.commit();
        }
    }

    private ChangeBatch insert(RelationSchema table, Object... row) {
        begin();
        put(table, row);
        return end(changes);
    }

    private void begin() {
        lsn += 0x100;
        changes.begin(new Lsn(lsn), 1_700_000_000_000_000L + lsn, (int) lsn);
    }

    private void put(RelationSchema table, Object[] row) {
        byte[] tuple = tuple(row);
        changes.insert(table, tuple, 0, tuple.length);
    }

    private ChangeBatch end(ChangeBatchBuilder builder) {
        builder.commit(end());
        return builder.cutWhole();
    }

    /** Where the newest transaction ends. */
    private Lsn end() {
        return new Lsn(lsn + 8);
    }

    private void write(ChangeBatch batch) {
        assertThat(tryWrite(batch)).isEqualTo(WriteResult.CLEAN);
    }

    private WriteResult tryWrite(ChangeBatch batch) {
        try {
            return sink.write(batch);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private CommitResult commit() {
        return committed(end());
    }

    private CommitResult committed(Lsn upTo) {
        CommitResult result = sink.commit(upTo).toCompletableFuture().join();
        assertThat(result.outcomes().values())
                .allSatisfy(outcome -> assertThat(outcome.kind())
                        .describedAs("%s", outcome.failure())
                        .isEqualTo(Kind.COMMITTED));
        return result;
    }

    private void assertHolds(RelationSchema table, String... expected) {
        Map<String, Long> seen = rows(table).stream().collect(Collectors.groupingBy(row -> row, Collectors.counting()));
        assertThat(seen).isEqualTo(Arrays.stream(expected).collect(Collectors.toMap(row -> row, row -> 1L)));
    }

    private static Object[] row(Object... values) {
        return values;
    }

    private static TupleView view(Object[] row) {
        byte[] tuple = tuple(row);
        TupleView view = new TupleView();
        view.readTupleData(tuple, 0, tuple.length);
        return view;
    }

    /** TupleData as pgoutput sends it, values in text form. */
    private static byte[] tuple(Object[] row) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ByteBuffer.allocate(2).putShort((short) row.length).array());
        for (Object value : row) {
            if (value == null) {
                bytes.write('n');
            } else {
                byte[] text = value.toString().getBytes(StandardCharsets.UTF_8);
                bytes.write('t');
                bytes.writeBytes(ByteBuffer.allocate(4).putInt(text.length).array());
                bytes.writeBytes(text);
            }
        }
        return bytes.toByteArray();
    }
}
