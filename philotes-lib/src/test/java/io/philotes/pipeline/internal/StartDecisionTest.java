// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.TableProgress;
import io.philotes.checkpoint.TableState;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
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
                        PhilotesException.class,
                        e -> org.assertj.core.api.Assertions.assertThat(e.code())
                                .isEqualTo(code));
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
