// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.philotes.metrics.PipelineMetrics;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.model.SequenceNumber;
import io.philotes.sink.ParkedRow;
import io.philotes.sink.ReplayResult;
import io.philotes.sink.SinkContext;
import io.philotes.sink.WriteResult;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Rows set aside as dead letters; for a sink that can. */
abstract class SinkParking extends SinkNotices {

    private static final int MAX_PARKED = 10;

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

    private void openParking() {
        assumeFalse(keepsHistory(), "skipped: a history sets nothing aside");
        assumeTrue(sink.parksRows(), "skipped: the sink sets no rows aside");
        sink.open(new SinkContext(
                "contract", "contract-id", ++epoch, Clock.systemUTC(), PipelineMetrics.NONE, MAX_PARKED));
    }

    private void reopenParking(List<ParkedRow> parked) {
        sink = another();
        openParking();
        sink.resume(ORDERS, sink.committedUpTo(ORDERS).orElseThrow());
        Map<SequenceNumber, SortedSet<String>> open = new TreeMap<>();
        parked.forEach(row -> open.put(row.at(), row.keys()));
        sink.park(ORDERS.table(), open);
    }
}
