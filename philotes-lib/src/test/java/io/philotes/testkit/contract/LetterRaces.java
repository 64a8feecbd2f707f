// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit.contract;

import static io.philotes.testkit.contract.LetterFixtures.ITEMS;
import static io.philotes.testkit.contract.LetterFixtures.NOON;
import static io.philotes.testkit.contract.LetterFixtures.ORDERS;
import static io.philotes.testkit.contract.LetterFixtures.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.dlq.DeadLetterState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Several at the same time, and anything in any order. */
abstract class LetterRaces extends LetterMoves {

    @Test
    void of_many_who_move_a_letter_one_does() throws Exception {
        List<DeadLetter.Id> ids =
                IntStream.range(0, 300).mapToObj(i -> id(ORDERS, 10 + i, 0)).toList();
        queue.add(ids.stream().map(LetterFixtures::letter).toList());
        List<DeadLetterQueue> racers =
                List.of(queue, queue, opened(LetterFixtures.PIPELINE), opened(LetterFixtures.PIPELINE));
        List<DeadLetter.Id> moved = together(racers, (one, number) -> {
            List<DeadLetter.Id> mine = new ArrayList<>();
            List<DeadLetter.Id> shuffled = new ArrayList<>(ids);
            Collections.shuffle(shuffled, new Random(number));
            for (int from = 0; from < shuffled.size(); from += 10) {
                mine.addAll(one.move(shuffled.subList(from, from + 10), DeadLetterMove.wanted(NOON)));
            }
            return mine;
        });
        assertThat(moved).hasSize(300).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(queue.count(ALL.in(Set.of(DeadLetterState.WANTED)))).isEqualTo(300);
    }

    @Test
    void many_may_add_the_same_and_others_at_the_same_time() throws Exception {
        List<DeadLetterQueue> racers =
                List.of(queue, queue, opened(LetterFixtures.PIPELINE), opened(LetterFixtures.PIPELINE));
        List<DeadLetter.Id> added = together(racers, (one, number) -> {
            List<DeadLetter.Id> mine = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                List<DeadLetter.Id> some = List.of(id(ORDERS, i, 0), id(ITEMS, i, number));
                one.add(some.stream().map(LetterFixtures::letter).toList());
                one.move(some, DeadLetterMove.superseded(NOON));
                mine.addAll(some);
            }
            return mine;
        });
        assertThat(all(opened(LetterFixtures.PIPELINE)))
                .extracting(DeadLetter::id)
                .containsExactlyInAnyOrderElementsOf(new TreeSet<>(added));
        assertThat(queue.count(ALL.in(DeadLetterState.RESOLVED))).isEqualTo(30 + 120);
    }

    /** What one of several does. */
    private interface Part {
        List<DeadLetter.Id> play(DeadLetterQueue queue, int number) throws Exception;
    }

    private static List<DeadLetter.Id> together(List<DeadLetterQueue> racers, Part part) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(racers.size());
        try {
            CyclicBarrier start = new CyclicBarrier(racers.size());
            List<Future<List<DeadLetter.Id>>> results = new ArrayList<>();
            for (int i = 0; i < racers.size(); i++) {
                int number = i;
                results.add(threads.submit(() -> {
                    start.await();
                    return part.play(racers.get(number), number);
                }));
            }
            List<DeadLetter.Id> all = new ArrayList<>();
            for (Future<List<DeadLetter.Id>> result : results) {
                all.addAll(result.get());
            }
            return all;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void it_does_as_a_plain_map_would() {
        long seed = new Random().nextLong();
        DeadLetterModel model = new DeadLetterModel(seed);
        for (int step = 0; step < 300; step++) {
            model.step().accept(queue);
            if (step % 20 == 0) {
                DeadLetterQueue looking = step % 40 == 0 ? queue : opened(LetterFixtures.PIPELINE);
                assertThat(all(looking)).as("seed %s, step %s", seed, step).isEqualTo(model.letters());
            }
        }
        assertThat(all(queue)).as("seed %s", seed).isEqualTo(model.letters());
    }
}
