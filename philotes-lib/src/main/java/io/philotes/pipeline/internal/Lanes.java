// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The lanes of a run, in the order in which their sinks were named. Thread-safe; never empty once the run began. */
final class Lanes implements Iterable<Lane> {

    private final List<Lane> all = new CopyOnWriteArrayList<>();

    void add(Lane lane) {
        all.add(lane);
    }

    void remove(Lane lane) {
        all.remove(lane);
    }

    @Override
    public Iterator<Lane> iterator() {
        return all.iterator();
    }

    Stream<Lane> stream() {
        return all.stream();
    }

    int size() {
        return all.size();
    }

    Optional<Lane> named(String sink) {
        return stream().filter(lane -> lane.name().sink().equals(sink)).findFirst();
    }

    /** Those that have not failed for good. */
    List<Lane> alive() {
        return stream().filter(lane -> !lane.health().hasFailed()).toList();
    }

    /** Why none of them can go on any more; empty while one can. */
    Optional<PhilotesException> end() {
        return alive().isEmpty()
                ? stream()
                        .reduce((first, second) -> second)
                        .flatMap(lane -> lane.health().failure())
                : Optional.empty();
    }

    boolean anyLoaded() {
        return stream().anyMatch(lane -> lane.board().anyLoaded());
    }

    /** Every table that one of them knows. */
    Set<TableId> tables() {
        return stream().flatMap(lane -> lane.board().tables().stream()).collect(Collectors.toSet());
    }

    /** The tables whose content stands for a position in one of them. */
    Set<TableId> loaded() {
        return stream().flatMap(lane -> lane.board().loaded().stream()).collect(Collectors.toSet());
    }

    /** What is covered in every one of them. */
    Lsn covered() {
        return stream()
                .map(lane -> lane.progress().covered())
                .min(Lsn::compareTo)
                .orElse(Lsn.ZERO);
    }

    /** The end of what the tables of any of them have; one that was copied may have more than the buffer. */
    Lsn heldUpTo() {
        return stream().map(lane -> lane.board().heldUpTo()).max(Lsn::compareTo).orElse(Lsn.ZERO);
    }

    long rounds() {
        return stream().mapToLong(lane -> lane.progress().rounds()).sum();
    }
}
