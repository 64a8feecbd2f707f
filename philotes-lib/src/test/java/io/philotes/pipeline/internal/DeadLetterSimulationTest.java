// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.AheadBuffers;
import io.philotes.checkpoint.TableProgress;
import io.philotes.checkpoint.TableState;
import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterRetention;
import io.philotes.dlq.DeadLetterState;
import io.philotes.dlq.ParkedChange;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.SequenceNumber;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.pipeline.RowPolicy;
import io.philotes.testkit.Meters;
import io.philotes.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Numbers that do not fit, set aside and replayed, while sink, queue and process fail between any two steps: each number
 * arrives once, and those of one key in their order.
 */
class DeadLetterSimulationTest {

    private static final DeadLetterFilter OPEN = DeadLetterFilter.ALL.in(DeadLetterState.BLOCKING);
    private static final DeadLetterFilter DISCARDED = DeadLetterFilter.ALL.in(Set.of(DeadLetterState.DISCARDED));

    private final SettableClock clock = new SettableClock();
    private final Meters meters = new Meters();
    private ScriptedSource source;
    private CountingSink counting;
    private ParkingSink sink;
    private HeldLetters letters;
    private HeldCheckpoints checkpoints;
    private ManualPipeline pipeline;
    private RowPolicy policy = RowPolicy.DEAD_LETTER;
    private int max = 100_000;

    private void begin(Random random) throws InterruptedException {
        source = new ScriptedSource();
        counting = new CountingSink();
        sink = new ParkingSink(counting);
        letters = new HeldLetters();
        checkpoints = new HeldCheckpoints();
        source.partSize(1 + random.nextInt(8));
        source.commit(random.nextInt(5));
        startProcess();
    }

    /** One run of it, until letters wait. */
    private void beginWithLetters() throws InterruptedException {
        begin(new Random(1));
        settle(8);
    }

    private void startProcess() throws InterruptedException {
        PipelineSettings settings =
                TestSettings.simulated("sim", clock).metrics(meters.metrics()).made();
        pipeline = new ManualPipeline(new PipelineParts(
                settings,
                source,
                AheadBuffers.memory(100_000),
                Optional.of(checkpoints),
                List.of(new SinkPart("sink", sink)),
                new RowHandling(policy, Optional.of(letters), max, DeadLetterRetention.DEFAULT)));
        beginSession();
    }

    /** The session's thread tries again when something fails that may pass. */
    private void beginSession() throws InterruptedException {
        for (int i = 0; ; i++) {
            try {
                pipeline.begin();
                return;
            } catch (PhilotesException e) {
                assertThat(i).as("tries to begin: %s", e.getMessage()).isLessThan(20);
            }
        }
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void every_number_arrives_once_and_those_of_a_key_in_order(@ForAll long seed) throws InterruptedException {
        Random random = new Random(seed);
        begin(random);
        for (int i = 0; i < 300; i++) {
            step(random);
            requirePromises();
        }
        sink.mend();
        letters.fail(-1, false);
        drain();
        assertThat(letters.count(OPEN)).isZero();
        assertThat(counting.committed()).hasSize(source.numbers(ScriptedSource.TABLE));
    }

    @Example
    void too_many_letters_hold_the_table() throws InterruptedException {
        max = 3;
        begin(new Random(1));
        settle(40);
        assertThat(status().state()).isEqualTo(TableState.HELD);
        assertThat(status().reason()).contains("3 may be");
        assertThat(letters.count(OPEN)).isLessThanOrEqualTo(3);
        max = 1000;
        crash();
        settle(1);
        assertThat(status().state()).isEqualTo(TableState.STREAMING);
        assertThat(counting.committed().size() + letters.count(OPEN)).isEqualTo(source.numbers(ScriptedSource.TABLE));
    }

    @Example
    void a_table_that_too_many_letters_hold_goes_on_by_itself_when_they_are_replayed() throws InterruptedException {
        heldByTooMany();
        want();
        settle(0);
        assertThat(status().state()).as("nothing was mended").isEqualTo(TableState.HELD);
        sink.mend();
        want();
        settle(5);
        assertThat(status().state()).isEqualTo(TableState.STREAMING);
        assertThat(letters.count(OPEN)).isZero();
        assertThat(counting.committed()).hasSize(source.numbers(ScriptedSource.TABLE));
        requirePromises();
        requireTold("recovered", letters("added"));
    }

    @Example
    void a_table_that_too_many_letters_hold_goes_on_by_itself_when_they_are_given_up() throws InterruptedException {
        heldByTooMany();
        int committed = counting.committed().size();
        int open = (int) letters.count(OPEN);
        sink.mend();
        move(1000, DeadLetterMove.discarded(clock.instant()));
        settle(5);
        assertThat(status().state()).isEqualTo(TableState.DIVERGED);
        assertThat(letters.count(OPEN)).isZero();
        requireTold("discarded", open);
        assertThat(counting.committed())
                .hasSize(source.numbers(ScriptedSource.TABLE) - open)
                .hasSizeGreaterThan(committed + open)
                .doesNotHaveDuplicates();
    }

    private void heldByTooMany() throws InterruptedException {
        max = 3;
        beginWithLetters();
        assertThat(letters.count(OPEN)).isPositive();
        settle(40);
        assertThat(status().state()).isEqualTo(TableState.HELD);
        assertThat(letters.count(OPEN)).isPositive();
    }

    private void want() {
        move(1000, DeadLetterMove.wanted(clock.instant()));
    }

    private void move(int most, DeadLetterMove move) {
        letters.move(
                letters.list(OPEN, Optional.empty(), most).stream()
                        .map(DeadLetter::id)
                        .toList(),
                move);
    }

    @Example
    void what_is_told_of_letters_adds_up() throws InterruptedException {
        beginWithLetters();
        long open = letters.count(OPEN);
        assertThat(open).isGreaterThan(2);
        assertThat(letters("added")).isEqualTo(open);
        assertThat(meters.value("philotes.dead.letters", "table", "public.numbers"))
                .isEqualTo(open);
        purgeOne();
        settle(0);
        requireTold("discarded", 1);
        sink.mend();
        pipeline.resync(ScriptedSource.TABLE.table());
        settle(1);
        assertThat(status().state()).isEqualTo(TableState.STREAMING);
        requireTold("superseded", open - 1);
        assertThat(meters.has("philotes.dead.letters.recovered")).isFalse();
        assertThat(letters("added"))
                .as("each has the code of what was wrong")
                .isEqualTo(meters.value("philotes.dead.letters.added", "code", ErrorCode.VALUE_OUT_OF_RANGE.code()));
    }

    private double letters(String what) {
        return meters.value("philotes.dead.letters." + what, "table", "public.numbers", "sink", "sink");
    }

    private void requireTold(String end, double letterCount) {
        assertThat(letters(end)).isEqualTo(letterCount);
        assertThat(meters.value("philotes.dead.letters")).isEqualTo(letters.count(OPEN));
    }

    @Example
    void under_another_policy_letters_still_block_and_no_new_ones_come() throws InterruptedException {
        beginWithLetters();
        long before = letters.count(OPEN);
        assertThat(before).isPositive();
        policy = RowPolicy.HOLD;
        crash();
        settle(40);
        assertThat(status().state()).isEqualTo(TableState.HELD);
        assertThat(letters.list(OPEN, Optional.empty(), 1000).stream().filter(letter -> letter.attempts() > 0))
                .as("those that were refused before")
                .hasSize(2);
        sink.mend();
        crash();
        drain();
        assertThat(counting.committed()).hasSize(source.numbers(ScriptedSource.TABLE));
    }

    @Example
    void what_was_purged_is_said_of_the_table_before_it_is_forgotten() throws InterruptedException {
        beginWithLetters();
        move(1, DeadLetterMove.discarded(clock.instant()));
        letters.fail(0, false);
        settle(0);
        assertThat(status().state()).isEqualTo(TableState.DIVERGED);
        assertThat(checkpoints
                        .load("sim")
                        .orElseThrow()
                        .tables()
                        .get(ScriptedSource.TABLE.table())
                        .state())
                .isEqualTo(TableState.DIVERGED);
        assertThat(letters.count(DISCARDED)).isZero();
    }

    @Example
    void letters_of_another_past_do_not_outlive_the_copy_that_ends_it() throws InterruptedException {
        beginWithLetters();
        DeadLetter kept = letters.list(OPEN, Optional.empty(), 1).get(0);
        byte[] change = letters.change(kept.id()).orElseThrow();
        List<DeadLetter.Id> ahead = new ArrayList<>();
        for (DeadLetterState state : DeadLetterState.values()) {
            SequenceNumber at = new SequenceNumber(new Lsn(1 << 20), state.ordinal());
            DeadLetter.Id id = new DeadLetter.Id(
                    kept.id().pipeline(), kept.id().sink(), kept.id().table(), at);
            DeadLetter letter = new DeadLetter(
                    id,
                    kept.keys(),
                    kept.code(),
                    kept.reason(),
                    clock.instant(),
                    1,
                    state,
                    "",
                    clock.instant(),
                    change.length);
            letters.add(List.of(new ParkedChange(letter, change)));
            ahead.add(id);
        }
        sink.mend();
        pipeline.resync(ScriptedSource.TABLE.table());
        settle(8);
        assertThat(ahead).allSatisfy(id -> assertThat(letters.find(id)).isEmpty());
        assertThat(status().state()).isEqualTo(TableState.STREAMING);
        assertThat(counting.committed()).hasSize(source.numbers(ScriptedSource.TABLE));
    }

    @Example
    void what_was_purged_and_is_void_by_a_copy_makes_no_difference() throws InterruptedException {
        beginWithLetters();
        pipeline.resync(ScriptedSource.TABLE.table());
        for (int i = 0; status().state() != TableState.COPYING; i++) {
            assertThat(i).isLessThan(100);
            applyOrBeginAgain();
        }
        move(1, DeadLetterMove.discarded(clock.instant()));
        settle(0);
        assertThat(status().state()).isEqualTo(TableState.STREAMING);
        assertThat(letters.count(DISCARDED)).isZero();
    }

    @Example
    void a_queue_that_was_put_back_from_a_backup_is_not_gone_on_with() throws InterruptedException {
        beginWithLetters();
        List<ParkedChange> backup = letters.backup();
        settle(8);
        assertThat(backup).isNotEmpty().hasSizeLessThan(letters.backup().size());
        letters.restore(backup);
        crash();
        settle(1);
        assertThat(status().state()).isEqualTo(TableState.NEEDS_RESYNC);
        assertThat(status().reason()).contains("backup");
    }

    @Example
    void a_queue_that_was_lost_is_not_taken_for_one_without_letters() throws InterruptedException {
        beginWithLetters();
        assertThat(letters.count(OPEN)).isPositive();
        letters.restore(List.of());
        crash();
        settle(1);
        assertThat(status().state()).isEqualTo(TableState.NEEDS_RESYNC);
        assertThat(status().reason()).contains("lost");
        sink.mend();
        pipeline.resync(ScriptedSource.TABLE.table());
        settle(1);
        drain();
        assertThat(status().state()).isEqualTo(TableState.STREAMING);
        assertThat(counting.committed()).hasSize(source.numbers(ScriptedSource.TABLE));
    }

    @Example
    void letters_that_the_target_does_not_wait_for_are_not_replayed() throws InterruptedException {
        beginWithLetters();
        List<ParkedChange> backup = letters.backup();
        sink.mend();
        drain();
        letters.restore(backup);
        want(new Random(1));
        crash();
        settle(1);
        assertThat(status().state()).isEqualTo(TableState.NEEDS_RESYNC);
        assertThat(counting.committed()).doesNotHaveDuplicates();
        pipeline.resync(ScriptedSource.TABLE.table());
        settle(1);
        drain();
        assertThat(counting.committed()).hasSize(source.numbers(ScriptedSource.TABLE));
    }

    @Property(tries = 50, shrinking = ShrinkingMode.OFF)
    void what_is_purged_while_everything_fails_makes_a_difference_and_no_other_queue(@ForAll long seed)
            throws InterruptedException {
        Random random = new Random(seed);
        begin(random);
        settle(8);
        for (int i = 0; i < 100; i++) {
            if (random.nextInt(5) == 0) {
                purgeOne();
            }
            step(random);
            assertThat(status().state()).isNotIn(TableState.HELD, TableState.NEEDS_RESYNC);
        }
    }

    @Example
    void a_replay_that_the_table_refuses_holds_it_alone() throws InterruptedException {
        beginWithLetters();
        sink.failNextReplay(new PhilotesException(ErrorCode.SCHEMA_CHANGE, "Cannot follow: scripted"));
        requireHeldOnce("Cannot follow");
        drain();
        assertThat(counting.committed()).hasSize(source.numbers(ScriptedSource.TABLE));
    }

    @Example
    void letters_that_cannot_be_read_hold_their_table_alone() throws InterruptedException {
        beginWithLetters();
        letters.damage();
        requireHeldOnce("Cannot read a dead letter");
    }

    private void requireHeldOnce(String why) throws InterruptedException {
        sink.mend();
        want();
        for (int i = 0; i < 30; i++) {
            clock.advance(Duration.ofSeconds(20));
            assertThat(pipeline.applyOnce()).as("the sink goes on").isTrue();
        }
        assertThat(status().state()).isEqualTo(TableState.HELD);
        assertThat(status().reason()).contains(why);
        assertThat(letters.list(OPEN, Optional.empty(), 1000)).isNotEmpty().allSatisfy(letter -> {
            assertThat(letter.state()).isEqualTo(DeadLetterState.PARKED);
            assertThat(letter.attempts()).isPositive();
        });
        crash();
        settle(1);
        assertThat(status().state()).as("at the next start").isEqualTo(TableState.STREAMING);
    }

    private void purgeOne() {
        letters.fail(-1, false);
        move(1, DeadLetterMove.discarded(clock.instant()));
    }

    private TableProgress status() {
        return pipeline.board().progress(ScriptedSource.TABLE.table());
    }

    /** Commits so many rows at the source, and lets the pipeline take them. */
    private void settle(int rows) throws InterruptedException {
        source.commit(rows);
        for (int i = 0; i < 30; i++) {
            turn();
        }
    }

    private void turn() throws InterruptedException {
        pipeline.captureOnce();
        clock.advance(Duration.ofSeconds(20));
        applyOrBeginAgain();
        pipeline.helpOnce();
    }

    private void step(Random random) throws InterruptedException {
        switch (random.nextInt(17)) {
            case 0, 1 -> source.commit(random.nextInt(8));
            case 2, 3, 4 -> pipeline.captureOnce();
            case 5, 6, 7, 8 -> applyOrBeginAgain();
            case 9 -> clock.advance(Duration.ofSeconds(6));
            case 10, 11 -> want(random);
            case 12 -> letters.fail(random.nextInt(8), random.nextBoolean());
            case 13 -> counting.nextCommit(CountingSink.Fault.values()[random.nextInt(4)]);
            case 14 -> pipeline.helpOnce();
            case 15 -> {
                if (random.nextInt(10) == 0) {
                    pipeline.resync(ScriptedSource.TABLE.table());
                }
            }
            default -> {
                if (random.nextInt(3) == 0) {
                    crash();
                }
            }
        }
    }

    /** Two people at once, one of whom fails. */
    private void want(Random random) {
        List<DeadLetter.Id> ids = letters.list(OPEN, Optional.empty(), 1000).stream()
                .filter(letter -> random.nextInt(3) == 0)
                .map(DeadLetter::id)
                .toList();
        try {
            letters.move(ids, DeadLetterMove.wanted(clock.instant()));
        } catch (PhilotesException e) {
            letters.move(ids, DeadLetterMove.wanted(clock.instant()));
        }
    }

    private void applyOrBeginAgain() throws InterruptedException {
        if (!pipeline.applyOnce()) {
            beginSession();
        }
    }

    private void crash() throws InterruptedException {
        source.disconnect();
        sink.crash();
        startProcess();
    }

    private void requirePromises() {
        List<Integer> rows = counting.committed();
        assertThat(rows).doesNotHaveDuplicates();
        IntStream.range(0, ParkingSink.KEYS)
                .forEach(key -> assertThat(rows.stream()
                                .filter(n -> n % ParkingSink.KEYS == key)
                                .toList())
                        .as("numbers of key %s", key)
                        .isSorted());
        Set<TableState> sound = Set.of(TableState.STREAMING, TableState.COPYING, TableState.PENDING);
        assertThat(status().state()).isIn(sound);
    }

    private void drain() throws InterruptedException {
        counting.nextCommit(CountingSink.Fault.NONE);
        Lsn end = source.identify().walEnd();
        for (int i = 0; !pipeline.hasReached(end) || letters.count(OPEN) > 0; i++) {
            assertThat(i).as("steps to the end").isLessThan(5_000);
            want();
            turn();
            requirePromises();
        }
    }
}
