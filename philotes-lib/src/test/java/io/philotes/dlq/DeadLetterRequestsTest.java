// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq;

import static io.philotes.testkit.contract.LetterFixtures.ITEMS;
import static io.philotes.testkit.contract.LetterFixtures.NOON;
import static io.philotes.testkit.contract.LetterFixtures.ORDERS;
import static io.philotes.testkit.contract.LetterFixtures.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.dlq.file.FileDeadLetterQueue;
import io.philotes.testkit.contract.LetterFixtures;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLetterRequestsTest {

    private static final DeadLetterFilter ALL = DeadLetterFilter.ALL;

    @TempDir
    Path directory;

    private DeadLetterQueue queue;
    private DeadLetterRequests requests;

    @BeforeEach
    void open() {
        queue = FileDeadLetterQueue.at(directory);
        queue.open(LetterFixtures.PIPELINE);
        requests = new DeadLetterRequests(
                queue, LetterFixtures.PIPELINE, Clock.fixed(NOON.plusSeconds(60), ZoneOffset.UTC));
    }

    private List<DeadLetter.Id> parked(int count) {
        List<DeadLetter.Id> ids = IntStream.range(0, count)
                .mapToObj(i -> id(i % 2 == 0 ? ORDERS : ITEMS, 100 + i, 0))
                .toList();
        queue.add(ids.stream().map(LetterFixtures::letter).toList());
        return ids;
    }

    private DeadLetterState state(DeadLetter.Id id) {
        return queue.find(id).orElseThrow().state();
    }

    private void resolve(DeadLetter.Id id, Instant at) {
        queue.move(List.of(id), DeadLetterMove.superseded(at));
    }

    @Test
    void a_replay_asks_for_every_parked_letter_that_is_named_and_no_other() {
        List<DeadLetter.Id> ids = parked(1203);
        resolve(ids.get(0), NOON);
        assertThat(requests.replay(ALL.ofTable(ORDERS))).isEqualTo(601);
        assertThat(requests.replay(ALL.ofTable(ORDERS))).isZero();
        assertThat(requests.count(ALL.in(Set.of(DeadLetterState.WANTED)))).isEqualTo(601);
        assertThat(requests.replay(ALL.in(Set.of(DeadLetterState.APPLIED)))).isZero();
        assertThat(queue.find(ids.get(2)).orElseThrow().stateSince()).isEqualTo(NOON.plusSeconds(60));
        assertThat(state(ids.get(1))).isEqualTo(DeadLetterState.PARKED);
    }

    @Test
    void what_was_never_applied_is_given_up_and_stays_until_the_pipeline_has_said_so() {
        List<DeadLetter.Id> ids = parked(6);
        queue.move(ids.subList(1, 3), DeadLetterMove.wanted(NOON));
        queue.move(ids.subList(2, 3), DeadLetterMove.applying("r", NOON));
        resolve(ids.get(3), NOON);
        assertThat(requests.openOnes(ALL)).isEqualTo(4);
        assertThat(requests.giveUp(ALL.ofTable(ORDERS))).isEqualTo(2);
        assertThat(requests.giveUp(ALL)).isEqualTo(2);
        assertThat(state(ids.get(0))).isEqualTo(DeadLetterState.DISCARDED);
        assertThat(state(ids.get(2))).isEqualTo(DeadLetterState.APPLYING);
        assertThat(state(ids.get(3))).isEqualTo(DeadLetterState.SUPERSEDED);
        assertThat(new DeadLetterRetention(Duration.ZERO, 0).apply(queue, NOON.plusSeconds(99)))
                .isEqualTo(1);
        assertThat(queue.count(ALL)).isEqualTo(5);
    }

    @Test
    void only_resolved_letters_are_removed() {
        List<DeadLetter.Id> ids = parked(5);
        resolve(ids.get(1), NOON);
        resolve(ids.get(2), NOON);
        assertThat(requests.removeResolved(ALL.ofTable(ITEMS))).isEqualTo(1);
        assertThat(requests.removeResolved(ALL.in(Set.of(DeadLetterState.PARKED))))
                .isZero();
        assertThat(requests.removeResolved(ALL)).isEqualTo(1);
        assertThat(queue.count(ALL)).isEqualTo(3);
    }

    @Test
    void retention_removes_what_was_resolved_long_ago() {
        List<DeadLetter.Id> ids = parked(4);
        resolve(ids.get(0), NOON);
        resolve(ids.get(1), NOON.plusSeconds(10));
        resolve(ids.get(2), NOON.plusSeconds(20));
        DeadLetterRetention retention = new DeadLetterRetention(Duration.ofSeconds(30), 1 << 20);
        assertThat(retention.apply(queue, NOON.plusSeconds(30))).isZero();
        assertThat(retention.apply(queue, NOON.plusSeconds(41))).isEqualTo(2);
        assertThat(retention.apply(queue, NOON.plus(Duration.ofDays(1000)))).isEqualTo(1);
        assertThat(queue.list(ALL, Optional.empty(), 10))
                .extracting(DeadLetter::id)
                .containsExactly(ids.get(3));
    }

    @Test
    void retention_removes_the_oldest_beyond_a_size() {
        List<DeadLetter.Id> ids = parked(521);
        for (int i = 0; i < 520; i++) {
            resolve(ids.get(i), NOON.minusSeconds(i));
        }
        long each = LetterFixtures.letter(ids.get(0)).change().length;
        DeadLetterRetention retention = new DeadLetterRetention(Duration.ofDays(30), 3 * (each + 1));
        assertThat(retention.apply(queue, NOON)).isEqualTo(517);
        assertThat(queue.list(ALL.in(DeadLetterState.RESOLVED), Optional.empty(), 10))
                .extracting(DeadLetter::id)
                .containsExactlyInAnyOrderElementsOf(ids.subList(0, 3));
    }
}
