// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.checkpoint.TableProgress;
import io.philotes.checkpoint.TableState;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TableBoardTest {

    private static final TableId A = new TableId("public", "a");
    private static final TableId B = new TableId("public", "b");

    private final TableBoard board = new TableBoard(new LaneName("shop", "sink"), new Listeners(List.of()));

    @BeforeEach
    void two_loaded_tables() {
        board.restore(List.of(A, B), Map.of());
        board.loaded(A, new Lsn(100));
        board.loaded(B, new Lsn(100));
    }

    @Test
    void a_held_table_stays_where_it_is_while_others_are_covered() {
        board.held(A, "a bad row");
        board.covered(new Lsn(500));
        assertThat(board.progress(A).position()).isEqualTo(new Lsn(100));
        assertThat(board.progress(B).position()).isEqualTo(new Lsn(500));
        assertThat(board.lowestPosition()).contains(new Lsn(100));
    }

    @Test
    void a_table_to_be_copied_again_pins_nothing() {
        board.needsResync(A, "held for too long");
        board.covered(new Lsn(500));
        assertThat(board.lowestPosition()).contains(new Lsn(500));
    }

    @Test
    void a_divergence_never_hides_that_a_table_waits() {
        board.held(A, "a bad row");
        board.diverged(A, "a row was missing");
        assertThat(board.progress(A).state()).isEqualTo(TableState.HELD);
        assertThat(board.progress(A).reason()).isEqualTo("a bad row");
    }

    @Test
    void a_diverged_table_follows_and_keeps_its_reason_over_restarts() {
        board.diverged(A, "a row was missing");
        board.covered(new Lsn(500));
        board.resumed(A, new Lsn(500), new Lsn(450));
        assertThat(board.progress(A))
                .isEqualTo(new TableProgress(TableState.DIVERGED, new Lsn(500), new Lsn(450), "a row was missing"));
    }

    @Test
    void a_commit_moves_the_marker_and_never_the_position_backwards() {
        board.covered(new Lsn(500));
        board.committed(A, new Lsn(400), 7, Instant.EPOCH);
        assertThat(board.progress(A).position()).isEqualTo(new Lsn(500));
        assertThat(board.progress(A).lastMarker()).isEqualTo(new Lsn(400));
    }

    @Test
    void what_was_committed_last_is_known_until_a_copy_is_in_its_place() {
        board.copying(A, new Lsn(300));
        assertThat(board.progress(A)).isEqualTo(new TableProgress(TableState.COPYING, Lsn.ZERO, new Lsn(100), ""));
        board.pending(A);
        assertThat(board.progress(A)).isEqualTo(new TableProgress(TableState.PENDING, Lsn.ZERO, new Lsn(100), ""));
        board.loaded(A, new Lsn(300));
        assertThat(board.progress(A).lastMarker()).isEqualTo(new Lsn(300));
    }

    @Test
    void a_table_that_is_taken_out_is_forgotten() {
        board.restore(List.of(B), board.snapshot());
        assertThat(board.snapshot()).containsOnlyKeys(B);
        board.restore(List.of(A, B), board.snapshot());
        assertThat(board.progress(A).state()).isEqualTo(TableState.PENDING);
    }
}
