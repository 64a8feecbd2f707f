// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterState;
import io.philotes.dlq.ParkedChange;
import io.philotes.testkit.contract.LetterFixtures;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One file, several processes; and many letters. */
class FileProcessesTest {

    private static final int LETTERS = 200;

    @TempDir
    Path directory;

    private static FileDeadLetterQueue opened(Path directory) {
        FileDeadLetterQueue queue = FileDeadLetterQueue.at(directory);
        queue.open(LetterFixtures.PIPELINE);
        return queue;
    }

    /** Another process: moves every letter it can, adds its own, prints how many it moved. */
    public static final class Racer {

        private Racer() {}

        public static void main(String[] args) {
            FileDeadLetterQueue queue = opened(Path.of(args[0]));
            int number = Integer.parseInt(args[1]);
            int moved = 0;
            for (int i = 0; i < LETTERS; i++) {
                DeadLetter.Id id = LetterFixtures.id(LetterFixtures.ORDERS, 1 + (i + number * 50) % LETTERS, 0);
                moved += queue.move(List.of(id), DeadLetterMove.wanted(LetterFixtures.NOON))
                        .size();
                if (i % 10 == 0) {
                    queue.add(List.of(LetterFixtures.letter(LetterFixtures.id(LetterFixtures.ITEMS, i, number))));
                }
            }
            System.out.println("moved " + moved);
        }
    }

    @Test
    void processes_that_move_the_same_letters_move_each_once() throws Exception {
        FileDeadLetterQueue queue = opened(directory);
        queue.add(IntStream.rangeClosed(1, LETTERS)
                .mapToObj(i -> LetterFixtures.letter(LetterFixtures.id(LetterFixtures.ORDERS, i, 0)))
                .toList());
        List<Process> racers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            racers.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Racer.class.getName(),
                            directory.toString(),
                            Integer.toString(i))
                    .redirectErrorStream(true)
                    .start());
        }
        int moved = 0;
        for (Process racer : racers) {
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(racer.getInputStream(), StandardCharsets.UTF_8))) {
                List<String> lines = out.lines().toList();
                assertThat(racer.waitFor()).as("%s", lines).isZero();
                moved += Integer.parseInt(lines.get(lines.size() - 1).replace("moved ", ""));
            }
        }
        assertThat(moved).isEqualTo(LETTERS);
        assertThat(queue.count(DeadLetterFilter.ALL.in(Set.of(DeadLetterState.WANTED))))
                .isEqualTo(LETTERS);
        assertThat(queue.count(DeadLetterFilter.ALL.ofTable(LetterFixtures.ITEMS)))
                .isEqualTo(3 * LETTERS / 10);
    }

    @Test
    void an_interrupt_does_not_cut_off_a_call() {
        FileDeadLetterQueue queue = opened(directory);
        Thread.currentThread().interrupt();
        try {
            queue.add(List.of(LetterFixtures.letter(LetterFixtures.id(LetterFixtures.ORDERS, 1, 0))));
            assertThat(queue.count(DeadLetterFilter.ALL)).isEqualTo(1);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void a_hundred_thousand_letters_are_added_found_and_moved() {
        FileDeadLetterQueue queue = opened(directory);
        for (int from = 0; from < 100_000; from += 1000) {
            List<ParkedChange> some = IntStream.range(from, from + 1000)
                    .mapToObj(i -> LetterFixtures.letter(LetterFixtures.id(LetterFixtures.ORDERS, i / 10, i % 10)))
                    .toList();
            queue.add(some);
        }
        FileDeadLetterQueue elsewhere = opened(directory);
        assertThat(elsewhere.count(DeadLetterFilter.ALL)).isEqualTo(100_000);
        List<DeadLetter.Id> last = elsewhere
                .list(DeadLetterFilter.ALL, Optional.of(LetterFixtures.id(LetterFixtures.ORDERS, 9_989, 9)), 1000)
                .stream()
                .map(DeadLetter::id)
                .toList();
        assertThat(last).hasSize(100);
        assertThat(elsewhere.move(last, DeadLetterMove.wanted(LetterFixtures.NOON)))
                .isEqualTo(last);
        assertThat(queue.count(DeadLetterFilter.ALL.in(Set.of(DeadLetterState.WANTED))))
                .isEqualTo(100);
    }
}
