// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit.contract;

import static io.philotes.testkit.contract.LetterFixtures.NOON;
import static io.philotes.testkit.contract.LetterFixtures.ORDERS;
import static io.philotes.testkit.contract.LetterFixtures.id;
import static io.philotes.testkit.contract.LetterFixtures.keys;
import static io.philotes.testkit.contract.LetterFixtures.letter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.dlq.DeadLetterState;
import io.philotes.dlq.ParkedChange;
import io.philotes.error.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** From state to state, and out of the queue. */
abstract class LetterMoves extends LetterContents {

    @Test
    void a_letter_moves_only_from_where_the_move_begins() {
        DeadLetter.Id one = id(ORDERS, 1, 0);
        DeadLetter.Id two = id(ORDERS, 2, 0);
        add(one, two);
        assertThat(queue.move(List.of(one), DeadLetterMove.applying("r1", NOON)))
                .isEmpty();
        assertThat(queue.move(List.of(two, one, two, id(ORDERS, 3, 0)), DeadLetterMove.wanted(NOON)))
                .containsExactly(two, one);
        assertThat(queue.move(List.of(one, two), DeadLetterMove.wanted(NOON))).isEmpty();
        assertThat(queue.move(List.of(one), DeadLetterMove.applying("r1", NOON)))
                .containsExactly(one);
        assertThat(queue.move(List.of(one, two), DeadLetterMove.applied(NOON))).containsExactly(one);
        assertThat(state(one)).isEqualTo(DeadLetterState.APPLIED);
        assertThat(state(two)).isEqualTo(DeadLetterState.WANTED);
        assertThat(queue.move(List.of(one, two), DeadLetterMove.superseded(NOON)))
                .containsExactly(two);
    }

    @Test
    void a_move_says_when_and_why_and_counts_what_was_tried() {
        DeadLetter.Id one = id(ORDERS, 1, 0);
        ParkedChange behind = ParkedChange.behind(one, keys("a"), "PHI-5001", "Cannot: waits", new byte[] {1}, NOON);
        queue.add(List.of(behind));
        queue.move(List.of(one), DeadLetterMove.wanted(NOON.plusSeconds(1)));
        queue.move(List.of(one), DeadLetterMove.applying("replay-1", NOON.plusSeconds(2)));
        assertThat(queue.find(one).orElseThrow().replay()).isEqualTo("replay-1");
        queue.move(List.of(one), DeadLetterMove.failedAgain("PHI-5002", "Cannot read it", NOON.plusSeconds(3)));
        DeadLetter failed = queue.find(one).orElseThrow();
        assertThat(failed)
                .isEqualTo(new DeadLetter(
                        one,
                        keys("a"),
                        "PHI-5002",
                        "Cannot read it",
                        NOON,
                        1,
                        DeadLetterState.PARKED,
                        "",
                        NOON.plusSeconds(3),
                        1));
        queue.move(List.of(one), DeadLetterMove.wanted(NOON.plusSeconds(4)));
        queue.move(List.of(one), DeadLetterMove.parkedAgain(NOON.plusSeconds(5)));
        assertThat(queue.find(one).orElseThrow().attempts()).isEqualTo(1);
        assertThat(queue.find(one).orElseThrow().stateSince()).isEqualTo(NOON.plusSeconds(5));
    }

    @Test
    void a_letter_that_blocks_is_not_removed() {
        List<DeadLetter.Id> ids =
                IntStream.range(0, 5).mapToObj(i -> id(ORDERS, 10 + i, 0)).toList();
        queue.add(ids.stream().map(LetterFixtures::letter).toList());
        queue.move(ids.subList(1, 5), DeadLetterMove.wanted(NOON));
        queue.move(ids.subList(2, 4), DeadLetterMove.applying("r", NOON));
        queue.move(ids.subList(3, 4), DeadLetterMove.applied(NOON));
        queue.move(ids.subList(4, 5), DeadLetterMove.discarded(NOON));
        assertThat(queue.remove(ids)).isEqualTo(2);
        assertThat(all(queue)).extracting(DeadLetter::id).isEqualTo(ids.subList(0, 3));
        assertThat(queue.change(ids.get(3))).isEmpty();
        assertThat(queue.remove(ids)).isZero();
    }

    @Test
    void a_removed_letter_may_come_again() {
        DeadLetter.Id one = id(ORDERS, 1, 0);
        add(one);
        queue.move(List.of(one), DeadLetterMove.superseded(NOON));
        queue.remove(List.of(one));
        add(one);
        assertThat(state(one)).isEqualTo(DeadLetterState.PARKED);
        assertThat(opened(LetterFixtures.PIPELINE).find(one))
                .contains(letter(one).letter());
    }

    @Test
    void wrong_use_is_refused() {
        DeadLetterQueue unopened = another();
        assertThatThrownBy(() -> unopened.count(ALL)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> queue.open("again")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> queue.list(ALL, Optional.empty(), 0)).isInstanceOf(IllegalArgumentException.class);
        queue.close();
        queue.close();
        refused(ErrorCode.NOT_RUNNING, () -> queue.count(ALL));
        refused(ErrorCode.NOT_RUNNING, () -> queue.add(List.of(letter(id(ORDERS, 1, 0)))));
        unopened.close();
    }
}
