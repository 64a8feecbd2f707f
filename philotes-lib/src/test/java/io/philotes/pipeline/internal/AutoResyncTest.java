// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.pipeline.ResyncPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AutoResyncTest {

    private static final TableId A = new TableId("public", "a");
    private static final TableId B = new TableId("public", "b");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final TableBoard board = new TableBoard(new LaneName("shop", "sink"), new Listeners(List.of()));
    private final AutoResync auto = new AutoResync(ResyncPolicy.AUTO);

    @BeforeEach
    void two_loaded_tables() {
        board.restore(List.of(A, B), Map.of());
        board.loaded(A, new Lsn(100));
        board.loaded(B, new Lsn(100));
    }

    private Set<TableId> dueAfter(Duration time) {
        return auto.due(board, Set.of(A, B), START.plus(time));
    }

    @Test
    void a_table_that_diverged_or_lost_its_place_is_due_and_no_other() {
        assertThat(dueAfter(Duration.ZERO)).isEmpty();
        board.diverged(A, "rewritten");
        board.held(B, "a bad row");
        assertThat(dueAfter(Duration.ZERO)).containsExactly(A);
        board.needsResync(B, "dropped");
        assertThat(dueAfter(Duration.ZERO)).containsExactly(B);
    }

    @Test
    void each_time_takes_twice_as_long_until_a_quiet_day() {
        board.diverged(A, "again and again");
        assertThat(dueAfter(Duration.ZERO)).containsExactly(A);
        assertThat(dueAfter(Duration.ofMinutes(9))).isEmpty();
        assertThat(dueAfter(Duration.ofMinutes(10))).containsExactly(A);
        assertThat(dueAfter(Duration.ofMinutes(29))).isEmpty();
        assertThat(dueAfter(Duration.ofMinutes(30))).containsExactly(A);
        assertThat(dueAfter(Duration.ofDays(2))).containsExactly(A);
        assertThat(dueAfter(Duration.ofDays(2).plusMinutes(10))).containsExactly(A);
    }

    @Test
    void a_table_that_is_gone_or_was_refused_waits_for_a_person() {
        board.needsResync(A, "no key");
        auto.refused(A);
        assertThat(dueAfter(Duration.ZERO)).isEmpty();
        auto.begun(Set.of(A));
        assertThat(auto.due(board, Set.of(B), START)).isEmpty();
        assertThat(dueAfter(Duration.ZERO)).containsExactly(A);
    }

    @Test
    void nothing_is_copied_by_itself_unless_that_is_wanted() {
        board.diverged(A, "rewritten");
        assertThat(new AutoResync(ResyncPolicy.MANUAL).due(board, Set.of(A), START))
                .isEmpty();
    }
}
