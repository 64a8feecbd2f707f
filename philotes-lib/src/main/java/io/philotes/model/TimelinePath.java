// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.util.ArrayList;
import java.util.List;

/**
 * The timelines that a server's WAL came along, oldest first, each with where it was left for the next, and the present one.
 * Two servers with the same number but another path are of different pasts. Immutable.
 *
 * @param left the timelines before the present one; empty when there are none, or nobody knows them
 * @param current the present timeline; 0 when unknown
 */
public record TimelinePath(List<Left> left, int current) {

    /** Nothing is known. */
    public static final TimelinePath UNKNOWN = new TimelinePath(List.of(), 0);

    /**
     * A timeline that was left.
     *
     * @param timeline its number
     * @param at where the next one begins
     */
    public record Left(int timeline, Lsn at) {}

    public TimelinePath {
        left = List.copyOf(left);
        if (current < 0) {
            throw new IllegalArgumentException("a timeline is not negative: " + current);
        }
    }

    /** Whether the server told its timeline. */
    public boolean isKnown() {
        return current != 0;
    }

    /**
     * Reads what the server keeps about a timeline ({@code TIMELINE_HISTORY}): lines of number, position and reason.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static TimelinePath ofHistory(int current, String history) {
        List<Left> left = new ArrayList<>();
        for (String line : history.split("\\R")) {
            String[] words = line.trim().split("\\s+", 3);
            if (words.length >= 2 && !words[0].startsWith("#")) {
                left.add(new Left(Integer.parseInt(words[0]), Lsn.parse(words[1])));
            }
        }
        return new TimelinePath(left, current);
    }

    /** Whether this one goes on from {@code earlier}: the same turns, and maybe more behind them. */
    public boolean continues(TimelinePath earlier) {
        int turns = earlier.left.size();
        if (current == earlier.current && (left.isEmpty() || turns == 0)) {
            return true; // The way of one of them is not known.
        }
        if (left.size() < turns || !left.subList(0, turns).equals(earlier.left)) {
            return false;
        }
        return left.size() == turns
                ? current == earlier.current
                : left.get(turns).timeline() == earlier.current;
    }

    /** Where the path left the end of {@code earlier}, which it {@link #continues}; {@link Lsn#MAX} when it did not. */
    public Lsn leftAt(TimelinePath earlier) {
        int turns = earlier.left.size();
        return left.size() <= turns || current == earlier.current
                ? Lsn.MAX
                : left.get(turns).at();
    }

    /** Such as {@code 1@0/5000000,2@0/7000000,3}; {@link #parse} reads it back. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        left.forEach(
                one -> text.append(one.timeline()).append('@').append(one.at()).append(','));
        return text.append(current).toString();
    }

    /** @throws IllegalArgumentException for what {@link #toString} does not write */
    public static TimelinePath parse(String text) {
        String[] parts = text.split(",", -1);
        List<Left> left = new ArrayList<>();
        for (int i = 0; i < parts.length - 1; i++) {
            int at = parts[i].indexOf('@');
            if (at < 0) {
                throw new IllegalArgumentException("not a path of timelines: '" + text + "'");
            }
            left.add(new Left(Integer.parseInt(parts[i].substring(0, at)), Lsn.parse(parts[i].substring(at + 1))));
        }
        return new TimelinePath(left, Integer.parseInt(parts[parts.length - 1]));
    }
}
