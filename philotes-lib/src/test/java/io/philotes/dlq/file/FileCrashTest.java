// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.dlq.DeadLetterState;
import io.philotes.dlq.ParkedChange;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.testkit.contract.DeadLetterModel;
import io.philotes.testkit.contract.LetterFixtures;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A disk that fails and a machine that goes down, at any call. */
class FileCrashTest {

    private static DeadLetterQueue opened(ShakyStorage storage) {
        DeadLetterQueue queue = FileDeadLetterQueue.on(storage);
        queue.open(LetterFixtures.PIPELINE);
        return queue;
    }

    private static List<DeadLetter> all(DeadLetterQueue queue) {
        return queue.list(DeadLetterFilter.ALL, Optional.empty(), Integer.MAX_VALUE);
    }

    @Test
    void what_was_answered_stays_and_the_rest_happens_or_does_not() {
        for (int run = 0; run < 300; run++) {
            long seed = Long.getLong("philotes.seed", new Random().nextLong());
            try {
                new Life(seed).live(120);
            } catch (RuntimeException | AssertionError e) {
                fail("seed " + seed, e);
            }
        }
    }

    /** A random sequence of steps and faults. */
    private static final class Life {

        private final Random random;
        private final ShakyStorage storage;
        private final DeadLetterModel model;
        private DeadLetterQueue queue;

        Life(long seed) {
            random = new Random(seed);
            storage = new ShakyStorage(random);
            model = new DeadLetterModel(seed);
            queue = opened(storage);
        }

        void live(int steps) {
            for (int i = 0; i < steps; i++) {
                List<DeadLetter> before = model.letters();
                Consumer<DeadLetterQueue> step = model.step();
                switch (random.nextInt(4)) {
                    case 0 -> crashIn(step, before);
                    case 1 -> failIn(step, before);
                    case 2 -> {
                        step.accept(queue);
                        goDown();
                    }
                    default -> step.accept(queue);
                }
                assertThat(all(queue)).isEqualTo(model.letters());
            }
        }

        private void crashIn(Consumer<DeadLetterQueue> step, List<DeadLetter> before) {
            storage.breakAfter(random.nextInt(12), ShakyStorage.Fault.CRASH);
            try {
                step.accept(queue);
            } catch (ShakyStorage.Crash e) {
                goDown();
                assertThat(all(queue)).isIn(before, model.letters());
            }
            storage.mend();
            step.accept(queue);
        }

        private void failIn(Consumer<DeadLetterQueue> step, List<DeadLetter> before) {
            storage.breakAfter(random.nextInt(12), ShakyStorage.Fault.FAIL);
            try {
                step.accept(queue);
            } catch (PhilotesException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.DEAD_LETTERS_FAILED);
            }
            storage.mend();
            assertThat(all(queue)).isIn(before, model.letters());
            step.accept(queue);
            if (random.nextBoolean()) {
                goDown();
            }
        }

        private void goDown() {
            storage.mend();
            storage.crash();
            queue = opened(storage);
        }
    }

    @Test
    void space_of_removed_letters_is_used_again_and_no_letter_is_lost() {
        ShakyStorage storage = new ShakyStorage(new Random(1));
        DeadLetterQueue queue = opened(storage);
        DeadLetter.Id kept = LetterFixtures.id(LetterFixtures.ITEMS, 1, 0);
        queue.add(List.of(LetterFixtures.letter(kept)));
        queue.move(List.of(kept), DeadLetterMove.wanted(LetterFixtures.NOON));
        queue.move(List.of(kept), DeadLetterMove.applying("r", LetterFixtures.NOON));
        byte[] large = new byte[1 << 20];
        long longest = 0;
        for (int i = 0; i < 60; i++) {
            DeadLetter.Id id = LetterFixtures.id(LetterFixtures.ORDERS, i, 0);
            queue.add(
                    List.of(ParkedChange.rejected(id, LetterFixtures.keys("k"), "c", "r", large, LetterFixtures.NOON)));
            queue.move(List.of(id), DeadLetterMove.superseded(LetterFixtures.NOON));
            queue.remove(List.of(id));
            longest = Math.max(longest, length(storage));
        }
        assertThat(longest).isLessThan(7L << 20);
        assertThat(all(opened(storage)))
                .singleElement()
                .satisfies(letter -> assertThat(letter.state()).isEqualTo(DeadLetterState.APPLYING))
                .satisfies(letter -> assertThat(letter.keys()).isEqualTo(LetterFixtures.keys("k0")));
        assertThat(queue.change(kept).orElseThrow())
                .isEqualTo(LetterFixtures.letter(kept).change());
    }

    private static long length(ShakyStorage storage) {
        try {
            return storage.open().orElseThrow().length();
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}
