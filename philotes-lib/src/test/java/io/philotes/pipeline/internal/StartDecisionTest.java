// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.TableProgress;
import io.philotes.checkpoint.TableState;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.SourceMark;
import io.philotes.model.TableId;
import io.philotes.model.TimelinePath;
import io.philotes.source.SlotState;
import io.philotes.source.SourceIdentity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class StartDecisionTest {

    private static final TableId ORDERS = new TableId("public", "orders");

    private static SourceIdentity source(String systemId, long walEnd) {
        return new SourceIdentity(systemId, 1, "shop", "17.11", new Lsn(walEnd));
    }

    private static List<Checkpoint> loadedUpTo(long covered) {
        TableProgress progress = new TableProgress(TableState.STREAMING, new Lsn(covered), new Lsn(covered), "");
        return List.of(new Checkpoint("id", 3, "one", "s", new Lsn(covered), Map.of(ORDERS, progress)));
    }

    private static Optional<SlotState> slot(boolean active, String walStatus) {
        return Optional.of(new SlotState("s", active, active ? 42 : 0, new Lsn(100), new Lsn(90), walStatus, 10));
    }

    private static void refused(ErrorCode code, ThrowingCallable start) {
        assertThatThrownBy(start)
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void a_first_start_and_a_restart_pass() {
        assertThatCode(() -> StartDecision.require(source("one", 500), List.of(), Optional.empty()))
                .doesNotThrowAnyException();
        assertThatCode(() -> StartDecision.require(source("one", 500), loadedUpTo(100), slot(false, "reserved")))
                .doesNotThrowAnyException();
    }

    @Test
    void a_slot_that_somebody_reads_makes_this_one_wait() {
        refused(
                ErrorCode.SLOT_IN_USE,
                () -> StartDecision.require(source("one", 500), loadedUpTo(100), slot(true, "reserved")));
    }

    @Test
    void a_slot_without_a_checkpoint_is_not_taken_for_a_first_start() {
        refused(
                ErrorCode.CHECKPOINT_MISSING,
                () -> StartDecision.require(source("one", 500), List.of(), slot(false, "reserved")));
    }

    @Test
    void another_server_is_not_streamed_from() {
        refused(
                ErrorCode.SOURCE_REWOUND,
                () -> StartDecision.require(source("two", 500), loadedUpTo(100), slot(false, "reserved")));
    }

    @Test
    void a_server_whose_wal_ends_before_the_target_went_back_in_time() {
        refused(
                ErrorCode.SOURCE_REWOUND,
                () -> StartDecision.require(source("one", 99), loadedUpTo(100), slot(false, "reserved")));
    }

    private static Checkpoint on(String way, long covered, TableState state, long position, long marker) {
        TableProgress progress = new TableProgress(state, new Lsn(position), new Lsn(marker), "");
        SourceMark mark = new SourceMark("one", TimelinePath.parse(way), 5, 7, Optional.empty());
        return new Checkpoint("id", 3, mark, "s", new Lsn(covered), Map.of(ORDERS, progress));
    }

    private static void startOn(String way, Checkpoint stored) {
        TimelinePath now = TimelinePath.parse(way);
        SourceMark mark = new SourceMark("one", now, 5, 7, Optional.empty());
        SourceIdentity source = new SourceIdentity("one", now.current(), "shop", "17.11", new Lsn(500), mark);
        StartDecision.require(source, List.of(stored), slot(false, "reserved"));
    }

    @Test
    void a_table_that_is_ahead_of_what_all_have_is_compared_with_the_promoted_standby() {
        for (TableState loaded : List.of(TableState.STREAMING, TableState.HELD, TableState.DIVERGED)) {
            refused(ErrorCode.SOURCE_REWOUND, () -> startOn("1@0/BE,2", on("1", 100, loaded, 200, 100)));
            refused(ErrorCode.SOURCE_REWOUND, () -> startOn("1@0/BE,2", on("1", 100, loaded, 100, 200)));
            refused(ErrorCode.SOURCE_REWOUND, () -> startOn("1", on("1", 100, loaded, 501, 100)));
        }
        assertThatCode(() -> startOn("1@0/C8,2", on("1", 100, TableState.STREAMING, 200, 200)))
                .doesNotThrowAnyException();
        assertThatCode(() -> startOn("1@0/BE,2", on("1@0/BE,2", 100, TableState.STREAMING, 200, 200)))
                .doesNotThrowAnyException();
    }

    @Test
    void a_table_that_stands_for_no_position_is_compared_with_nothing() {
        for (TableState other : List.of(TableState.PENDING, TableState.COPYING, TableState.NEEDS_RESYNC)) {
            assertThatCode(() -> startOn("1@0/BE,2", on("1", 100, other, 200, 200)))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void the_sink_that_went_along_furthest_knows_the_way() {
        TableState any = TableState.STREAMING;
        List<Checkpoint> stored =
                List.of(on("1", 9, any, 9, 9), on("1@0/BE,2@0/FF,3", 1, any, 1, 1), on("1@0/BE,2", 9, any, 9, 9));
        assertThat(StartDecision.newestWay(stored)).isEqualTo(TimelinePath.parse("1@0/BE,2@0/FF,3"));
        assertThat(StartDecision.newestWay(loadedUpTo(100))).isEqualTo(TimelinePath.UNKNOWN);
        assertThat(StartDecision.newestWay(List.of())).isEqualTo(TimelinePath.UNKNOWN);
    }

    @Test
    void a_missing_or_invalidated_slot_is_loud_once_tables_are_loaded() {
        refused(
                ErrorCode.SLOT_LOST,
                () -> StartDecision.require(source("one", 500), loadedUpTo(100), Optional.empty()));
        refused(
                ErrorCode.SLOT_LOST,
                () -> StartDecision.require(source("one", 500), loadedUpTo(100), slot(false, "lost")));
    }

    @Test
    void a_missing_slot_is_created_again_while_nothing_is_loaded() {
        Checkpoint nothing = new Checkpoint("id", 1, "one", "", Lsn.ZERO, Map.of(ORDERS, TableProgress.PENDING));
        assertThatCode(() -> StartDecision.require(source("one", 500), List.of(nothing), Optional.empty()))
                .doesNotThrowAnyException();
    }
}
