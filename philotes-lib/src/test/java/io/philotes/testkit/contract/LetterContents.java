// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit.contract;

import static io.philotes.testkit.contract.LetterFixtures.ITEMS;
import static io.philotes.testkit.contract.LetterFixtures.NOON;
import static io.philotes.testkit.contract.LetterFixtures.ORDERS;
import static io.philotes.testkit.contract.LetterFixtures.id;
import static io.philotes.testkit.contract.LetterFixtures.keys;
import static io.philotes.testkit.contract.LetterFixtures.letter;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.dlq.DeadLetterState;
import io.philotes.dlq.ParkedChange;
import io.philotes.error.ErrorCode;
import io.philotes.model.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is added comes back: once, as it was, in order, to whom it belongs. */
abstract class LetterContents extends LetterCase {

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
        for (DeadLetterQueue one : List.of(queue, opened(LetterFixtures.PIPELINE))) {
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
        queue.add(ids.stream().map(LetterFixtures::letter).toList());
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
    void a_change_may_be_large() {
        byte[] large = new byte[50 << 20];
        new Random(7).nextBytes(large);
        DeadLetter.Id place = id(ORDERS, 1, 0);
        queue.add(List.of(letter(id(ORDERS, 0, 0)), ParkedChange.rejected(place, keys("k"), "c", "r", large, NOON)));
        queue.add(List.of(letter(id(ORDERS, 2, 0))));
        DeadLetterQueue elsewhere = opened(LetterFixtures.PIPELINE);
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
}
