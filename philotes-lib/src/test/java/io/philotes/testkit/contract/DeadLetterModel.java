// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.dlq.ParkedChange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A queue as a map, and random steps that it and a real one take. Names are plain, so that every queue orders them alike. */
public final class DeadLetterModel {

    private final Random random;
    private final TreeMap<DeadLetter.Id, DeadLetter> letters = new TreeMap<>();
    private int steps;

    public DeadLetterModel(long seed) {
        random = new Random(seed);
    }

    public List<DeadLetter> letters() {
        return List.copyOf(letters.values());
    }

    /** Takes one step; the answer takes the same one in a queue, any number of times. */
    public Consumer<DeadLetterQueue> step() {
        Instant at = LetterFixtures.NOON.plusSeconds(steps++);
        List<DeadLetter.Id> ids = someIds();
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> add(ids);
            case 4 -> move(ids, DeadLetterMove.wanted(at));
            case 5 -> move(ids, DeadLetterMove.applying("r" + steps, at));
            case 6 -> move(ids, random.nextBoolean() ? DeadLetterMove.applied(at) : DeadLetterMove.superseded(at));
            case 7 -> move(ids, DeadLetterMove.failedAgain("PHI-" + steps % 7, "Cannot " + steps % 5, at));
            case 8 -> move(ids, random.nextBoolean() ? DeadLetterMove.parkedAgain(at) : DeadLetterMove.discarded(at));
            default -> remove(ids);
        };
    }

    private List<DeadLetter.Id> someIds() {
        List<DeadLetter.Id> ids = new ArrayList<>();
        for (int i = random.nextInt(8); i >= 0; i--) {
            ids.add(LetterFixtures.id(
                    random.nextBoolean() ? "lake" : "other",
                    random.nextBoolean() ? LetterFixtures.ORDERS : LetterFixtures.ITEMS,
                    random.nextInt(4),
                    random.nextInt(5)));
        }
        return ids;
    }

    private Consumer<DeadLetterQueue> add(List<DeadLetter.Id> ids) {
        List<ParkedChange> added = ids.stream().map(LetterFixtures::letter).toList();
        added.forEach(one -> letters.putIfAbsent(one.letter().id(), one.letter()));
        return queue -> queue.add(added);
    }

    private Consumer<DeadLetterQueue> move(List<DeadLetter.Id> ids, DeadLetterMove move) {
        for (DeadLetter.Id id : ids) {
            letters.computeIfPresent(id, (i, l) -> move.from().contains(l.state()) ? move.of(l) : l);
        }
        return queue -> assertThat(ids).containsAll(queue.move(ids, move));
    }

    private Consumer<DeadLetterQueue> remove(List<DeadLetter.Id> ids) {
        ids.forEach(id -> letters.computeIfPresent(id, (i, l) -> l.state().blocks() ? l : null));
        return queue -> queue.remove(ids);
    }
}
