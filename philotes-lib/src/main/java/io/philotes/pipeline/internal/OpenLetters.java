// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.dlq.DeadLetter;
import io.philotes.model.Lsn;
import io.philotes.model.SequenceNumber;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The dead letters of one table behind which later changes wait, without their changes. Owned by the lane's thread. */
final class OpenLetters {

    /** What must be known of one. */
    private record Open(SortedSet<String> keys, String code) {}

    private final NavigableMap<SequenceNumber, Open> open = new TreeMap<>();

    void add(DeadLetter letter) {
        open.put(letter.id().at(), new Open(letter.keys(), letter.code()));
    }

    void remove(Collection<SequenceNumber> places) {
        open.keySet().removeAll(places);
    }

    int size() {
        return open.size();
    }

    boolean contains(SequenceNumber at) {
        return open.containsKey(at);
    }

    /** Each place with its letter's keys. */
    Map<SequenceNumber, SortedSet<String>> keys() {
        Map<SequenceNumber, SortedSet<String>> keys = new TreeMap<>();
        open.forEach((at, letter) -> keys.put(at, letter.keys()));
        return keys;
    }

    /** The code of the failure behind which a change of some keys waits; the first. */
    String codeBefore(SortedSet<String> keys, String otherwise) {
        return open.values().stream()
                .filter(letter -> letter.keys().stream().anyMatch(keys::contains))
                .map(Open::code)
                .findFirst()
                .orElse(otherwise);
    }

    /** How many of these there are of each code. */
    Map<String, Long> codes(Collection<SequenceNumber> places) {
        return places.stream()
                .map(open::get)
                .filter(Objects::nonNull)
                .collect(Collectors.groupingBy(Open::code, TreeMap::new, Collectors.counting()));
    }

    Set<SequenceNumber> before(SequenceNumber place) {
        return new TreeSet<>(open.headMap(place, false).keySet());
    }

    /** Whether all that hang together with a letter, which must be there, are of transactions that end at or before a position. */
    boolean allBefore(SequenceNumber at, Lsn position) {
        SortedSet<SequenceNumber> group = together(List.of(at));
        return !group.isEmpty() && group.last().compareTo(new SequenceNumber(position, 0)) < 0;
    }

    /** All that hang together with one of these, by one key or over several: they are applied in order, or not at all. */
    SortedSet<SequenceNumber> together(Collection<SequenceNumber> some) {
        SortedSet<SequenceNumber> all = new TreeSet<>();
        Set<String> keys = new HashSet<>();
        some.stream().filter(open::containsKey).forEach(at -> {
            all.add(at);
            keys.addAll(open.get(at).keys());
        });
        boolean grew = true;
        while (grew) {
            grew = false;
            for (Map.Entry<SequenceNumber, Open> entry : open.entrySet()) {
                if (entry.getValue().keys().stream().anyMatch(keys::contains)) {
                    grew |= all.add(entry.getKey())
                            | keys.addAll(entry.getValue().keys());
                }
            }
        }
        return all;
    }
}
