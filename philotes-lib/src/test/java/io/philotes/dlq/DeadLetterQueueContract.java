// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq;

import static io.philotes.dlq.Letters.ITEMS;
import static io.philotes.dlq.Letters.NOON;
import static io.philotes.dlq.Letters.ORDERS;
import static io.philotes.dlq.Letters.id;
import static io.philotes.dlq.Letters.keys;
import static io.philotes.dlq.Letters.letter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link DeadLetterQueue} keeps. */
public abstract class DeadLetterQueueContract {

    private static final DeadLetterFilter ALL = DeadLetterFilter.ALL;

    private final List<DeadLetterQueue> opened = new ArrayList<>();
    protected DeadLetterQueue queue;

    /** One more queue on the same storage, not open yet. */
    protected abstract DeadLetterQueue another();

    @BeforeEach
    protected void openQueue() {
        queue = opened(Letters.PIPELINE);
    }

    protected final DeadLetterQueue opened(String pipeline) {
        DeadLetterQueue one = another();
        opened.add(one);
        one.open(pipeline);
        return one;
    }

    @AfterEach
    protected void closeQueues() {
        opened.forEach(DeadLetterQueue::close);
    }

    protected static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    protected static List<DeadLetter> all(DeadLetterQueue of) {
        return of.list(ALL, Optional.empty(), Integer.MAX_VALUE);
    }

    private void add(DeadLetter.Id... ids) {
        queue.add(java.util.Arrays.stream(ids).map(Letters::letter).toList());
    }

    private DeadLetterState state(DeadLetter.Id id) {
        return queue.find(id).orElseThrow().state();
    }

    @Test
    void a_new_queue_is_empty() {
        DeadLetter.Id one = id(ORDERS, 1, 0);
        assertThat(all(queue)).isEmpty();
        assertThat(queue.count(ALL)).isZero();
        assertThat(queue.find(one)).isEmpty();
        assertThat(queue.change(one)).isEmpty();
        assertThat(queue.move(List.of(one), DeadLetterMove.wanted(NOON))).isEmpty();
        assertThat(queue.remove(List.of(one))).isZero();
        queue.add(List.of());
        assertThat(all(queue)).isEmpty();
    }

    @Test
    void a_letter_comes_back_as_it_was_added_also_elsewhere() {
        DeadLetter.Id place = id(ORDERS, -2L, Long.MAX_VALUE);
        byte[] change = new byte[256];
        IntStream.range(0, 256).forEach(i -> change[i] = (byte) i);
        ParkedChange added =
                ParkedChange.rejected(place, keys("", "1|ä", "𝄞"), "PHI-5003", "Cannot … it", change, NOON);
        queue.add(List.of(added));
        for (DeadLetterQueue one : List.of(queue, opened(Letters.PIPELINE))) {
            assertThat(one.find(place)).contains(added.letter());
            assertThat(one.change(place).orElseThrow()).isEqualTo(change);
            assertThat(all(one)).containsExactly(added.letter());
        }
    }

    @Test
    void a_letter_is_added_once_whatever_has_become_of_it() {
        DeadLetter.Id one = id(ORDERS, 100, 1);
        DeadLetter.Id two = id(ORDERS, 100, 2);
        ParkedChange first = letter(one);
        queue.add(List.of(first, letter(one, "PHI-5002")));
        queue.add(List.of(letter(one, "PHI-5002"), letter(two)));
        assertThat(all(queue)).containsExactly(first.letter(), letter(two).letter());
        queue.move(List.of(one), DeadLetterMove.superseded(NOON));
        queue.add(List.of(first));
        assertThat(state(one)).isEqualTo(DeadLetterState.SUPERSEDED);
        assertThat(queue.count(ALL)).isEqualTo(2);
    }

    @Test
    void letters_of_a_table_come_in_the_order_of_their_places() {
        add(id(ORDERS, -1L, 0), id(ORDERS, 100, 10), id(ITEMS, 50, 0), id("other", ORDERS, 7, 7));
        add(id(ORDERS, 100, 9), id(ORDERS, Long.MAX_VALUE, 0), id(ORDERS, 99, 1L << 40), id(ORDERS, 100, -7));
        List<DeadLetter> lake = queue.list(ALL.ofSink("lake").ofTable(ORDERS), Optional.empty(), 100);
        assertThat(lake)
                .extracting(DeadLetter::id)
                .containsExactly(
                        id(ORDERS, 99, 1L << 40),
                        id(ORDERS, 100, -7),
                        id(ORDERS, 100, 9),
                        id(ORDERS, 100, 10),
                        id(ORDERS, Long.MAX_VALUE, 0),
                        id(ORDERS, -1L, 0));
    }

    @Test
    void pages_give_every_letter_once_while_letters_come_and_go() {
        List<DeadLetter.Id> ids = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            ids.add(id(i % 3 == 0 ? ITEMS : ORDERS, 1000 - i, i));
        }
        queue.add(ids.stream().map(Letters::letter).toList());
        List<DeadLetter.Id> whole = all(queue).stream().map(DeadLetter::id).toList();
        assertThat(whole).containsExactlyInAnyOrderElementsOf(ids);
        List<DeadLetter.Id> seen = new ArrayList<>();
        List<DeadLetter> page = queue.list(ALL, Optional.empty(), 7);
        while (!page.isEmpty()) {
            page.forEach(letter -> seen.add(letter.id()));
            DeadLetter.Id last = seen.get(seen.size() - 1);
            queue.move(List.of(last), DeadLetterMove.superseded(NOON));
            queue.remove(List.of(last));
            page = queue.list(ALL, Optional.of(last), 7);
        }
        assertThat(seen).isEqualTo(whole);
    }

    @Test
    void a_filter_gives_what_it_names_and_counts_the_same() {
        DeadLetter.Id wanted = id(ORDERS, 3, 0);
        queue.add(List.of(
                letter(id(ORDERS, 1, 0)),
                letter(id(ORDERS, 2, 0), "PHI-5003"),
                letter(wanted),
                letter(id(ITEMS, 4, 0)),
                letter(id("other", ITEMS, 4, 0), "PHI-5003")));
        queue.move(List.of(wanted), DeadLetterMove.wanted(NOON));
        List<DeadLetterFilter> filters = List.of(
                ALL,
                ALL.ofSink("lake"),
                ALL.ofSink("none"),
                ALL.ofTable(ORDERS),
                ALL.withCode("PHI-5003"),
                ALL.at(id(ITEMS, 4, 0).at()),
                ALL.in(Set.of(DeadLetterState.WANTED)),
                ALL.in(DeadLetterState.BLOCKING),
                ALL.in(DeadLetterState.RESOLVED),
                ALL.ofSink("other").ofTable(ITEMS).withCode("PHI-5003").in(Set.of(DeadLetterState.PARKED)));
        List<Integer> expected = List.of(5, 4, 0, 3, 2, 2, 1, 5, 0, 1);
        for (int i = 0; i < filters.size(); i++) {
            List<DeadLetter> found = queue.list(filters.get(i), Optional.empty(), 100);
            assertThat(found).hasSize(expected.get(i)).allMatch(filters.get(i)::matches);
            assertThat(queue.count(filters.get(i))).isEqualTo(found.size());
        }
    }

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
        queue.add(ids.stream().map(Letters::letter).toList());
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
        assertThat(opened(Letters.PIPELINE).find(one)).contains(letter(one).letter());
    }

    @Test
    void a_change_may_be_large() {
        byte[] large = new byte[50 << 20];
        new Random(7).nextBytes(large);
        DeadLetter.Id place = id(ORDERS, 1, 0);
        queue.add(List.of(letter(id(ORDERS, 0, 0)), ParkedChange.rejected(place, keys("k"), "c", "r", large, NOON)));
        queue.add(List.of(letter(id(ORDERS, 2, 0))));
        DeadLetterQueue elsewhere = opened(Letters.PIPELINE);
        assertThat(elsewhere.change(place).orElseThrow()).isEqualTo(large);
        assertThat(elsewhere.count(ALL)).isEqualTo(3);
        assertThat(elsewhere.change(id(ORDERS, 2, 0))).isPresent();
    }

    @Test
    void names_may_hold_anything() {
        List<String> names = List.of(
                "a", "A", "a.b", "a\"b", "'; DROP TABLE x; --", "ü𝄞\u200B", "..", "a/b\\c%2f", " ", "%_", "\t\n");
        List<ParkedChange> letters = new ArrayList<>();
        for (String name : names) {
            letters.add(letter(id(name, new TableId(name, "t"), 1, 0)));
            letters.add(letter(id("lake", new TableId("s", name), 1, 0), name));
        }
        letters.add(letter(id("lake", new TableId("a.b", "c"), 1, 0)));
        letters.add(letter(id("lake", new TableId("a", "b.c"), 1, 0)));
        queue.add(letters);
        assertThat(all(queue))
                .containsExactlyInAnyOrderElementsOf(
                        letters.stream().map(ParkedChange::letter).toList());
        for (String name : names) {
            assertThat(queue.count(ALL.ofSink(name))).isEqualTo(1);
            assertThat(queue.count(ALL.ofTable(new TableId("s", name)))).isEqualTo(1);
            assertThat(queue.count(ALL.withCode(name))).isEqualTo(1);
        }
    }

    @Test
    void pipelines_do_not_see_each_others_letters() {
        add(id(ORDERS, 1, 0));
        DeadLetterQueue other = opened("Shop");
        assertThat(all(other)).isEmpty();
        refused(ErrorCode.DEFECT, () -> other.add(List.of(letter(id(ORDERS, 1, 0)))));
        refused(ErrorCode.DEFECT, () -> other.find(id(ORDERS, 1, 0)));
        refused(ErrorCode.DEFECT, () -> other.move(List.of(id(ORDERS, 1, 0)), DeadLetterMove.wanted(NOON)));
        refused(ErrorCode.DEFECT, () -> other.remove(List.of(id(ORDERS, 1, 0))));
        assertThat(queue.count(ALL)).isEqualTo(1);
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

    @Test
    void of_many_who_move_a_letter_one_does() throws Exception {
        List<DeadLetter.Id> ids =
                IntStream.range(0, 300).mapToObj(i -> id(ORDERS, 10 + i, 0)).toList();
        queue.add(ids.stream().map(Letters::letter).toList());
        List<DeadLetterQueue> racers = List.of(queue, queue, opened(Letters.PIPELINE), opened(Letters.PIPELINE));
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
        List<DeadLetterQueue> racers = List.of(queue, queue, opened(Letters.PIPELINE), opened(Letters.PIPELINE));
        List<DeadLetter.Id> added = together(racers, (one, number) -> {
            List<DeadLetter.Id> mine = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                List<DeadLetter.Id> some = List.of(id(ORDERS, i, 0), id(ITEMS, i, number));
                one.add(some.stream().map(Letters::letter).toList());
                one.move(some, DeadLetterMove.superseded(NOON));
                mine.addAll(some);
            }
            return mine;
        });
        assertThat(all(opened(Letters.PIPELINE)))
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
                DeadLetterQueue looking = step % 40 == 0 ? queue : opened(Letters.PIPELINE);
                assertThat(all(looking)).as("seed %s, step %s", seed, step).isEqualTo(model.letters());
            }
        }
        assertThat(all(queue)).as("seed %s", seed).isEqualTo(model.letters());
    }
}
