// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.model.ChangeCursor;
import io.philotes.model.MalformedBatchException;
import io.philotes.model.RelationSchema;
import io.philotes.model.SequenceNumber;
import io.philotes.sink.ParkedRow;
import io.philotes.sink.ReplayResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes rows of one table that were set aside, in order, though newer changes of other keys are in it: they touch none of
 * these keys, so the order between both does not matter.
 *
 * <p>First every row is looked at. One that a later one replaces whole is left out, so a value that still does not fit does no
 * harm when the source has a better one since. Another one that does not fit keeps back everything that hangs together with it
 * by keys, before and behind. Then the others are written. Used once.
 */
final class ParkedReplay {

    /** A row set aside, as it was looked at. */
    private record Letter(
            ParkedRow row,
            Optional<String> newKey,
            boolean replaces,
            boolean canSkip,
            Optional<PhilotesException> failure) {

        Letter failing(PhilotesException why) {
            return new Letter(row, newKey, false, canSkip, Optional.of(why));
        }

        /** It may find the values that it lacks when the rows before it are written. */
        Letter lacking() {
            return new Letter(row, newKey, false, canSkip, Optional.empty());
        }
    }

    private final TableWriter writer;
    private final List<ParkedRow> rows;
    private final Set<Letter> replaced = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<String> keptBack = new HashSet<>();
    private final List<SequenceNumber> taken = new ArrayList<>();
    private final List<ParkedRow> refused = new ArrayList<>();
    private RelationSchema relation;

    ParkedReplay(TableWriter writer, List<ParkedRow> rows) {
        this.writer = writer;
        this.rows = rows.stream().sorted(Comparator.comparing(ParkedRow::at)).toList();
    }

    ReplayResult run(String name) {
        rows.forEach(this::requireHeld);
        List<Letter> letters = rows.stream().map(this::look).toList();
        markReplaced(letters);
        keepBack(letters);
        writer.divergences().ignoring(() -> letters.forEach(this::take));
        writer.parking().replayed(name, rows, refused);
        return new ReplayResult(taken, refused);
    }

    /** What does not wait is in the table already, or void: to write it again would bring something old back. */
    private void requireHeld(ParkedRow row) {
        if (!writer.parking().holds(row)) {
            throw new PhilotesException(
                            ErrorCode.DEFECT, "Cannot replay: the change was not set aside, or was replayed since")
                    .inTable(row.table())
                    .at(row.at().commitLsn());
        }
    }

    private ChangeCursor open(ParkedRow row) {
        ChangeCursor cursor = row.change().cursor();
        if (!cursor.next() || !cursor.next()) {
            throw new MalformedBatchException("a change that was set aside is not there");
        }
        if (!cursor.relation().equals(relation)) {
            relation = null;
            writer.use(cursor.relation());
            relation = cursor.relation();
        }
        return cursor;
    }

    private Letter look(ParkedRow row) {
        Letter letter = new Letter(row, Optional.empty(), false, false, Optional.empty());
        try {
            ChangeCursor change = open(row);
            RowKeys keys = writer.keys();
            letter =
                    new Letter(row, keys.newKey(change), keys.replaces(change), keys.canSkip(change), Optional.empty());
            writer.prepare(change);
            return letter;
        } catch (PhilotesException e) {
            requireOfRow(e);
            return e.code() == ErrorCode.UNCHANGED_UNRESOLVED ? letter.lacking() : letter.failing(e);
        } catch (MalformedBatchException e) {
            return letter.failing(malformed(row, e));
        }
    }

    private static void requireOfRow(PhilotesException e) {
        if (e.recovery() != Recovery.DEAD_LETTER && e.recovery() != Recovery.HOLD_TABLE) {
            throw e;
        }
    }

    private static PhilotesException malformed(ParkedRow row, MalformedBatchException e) {
        return new PhilotesException(
                        ErrorCode.VALUE_MALFORMED, "Cannot read a change that was set aside: " + e.getMessage(), e)
                .inTable(row.table());
    }

    /** From the last to the first: what counts is the next one that touches the key. */
    private void markReplaced(List<Letter> letters) {
        Map<String, Letter> next = new HashMap<>();
        for (int i = letters.size() - 1; i >= 0; i--) {
            Letter letter = letters.get(i);
            Letter follower = letter.newKey().map(next::get).orElse(null);
            if (follower != null && letter.canSkip() && (follower.replaces() || replaced.contains(follower))) {
                replaced.add(letter);
            }
            letter.row().keys().forEach(key -> next.put(key, letter));
        }
    }

    /** Whatever hangs together with a row that does not fit, by one key or over several, stays. */
    private void keepBack(List<Letter> letters) {
        letters.stream()
                .filter(letter -> letter.failure().isPresent() && !replaced.contains(letter))
                .forEach(letter -> keptBack.addAll(letter.row().keys()));
        boolean grew = !keptBack.isEmpty();
        while (grew) {
            grew = false;
            for (Letter letter : letters) {
                grew |= letter.row().keys().stream().anyMatch(keptBack::contains)
                        && keptBack.addAll(letter.row().keys());
            }
        }
    }

    private void take(Letter letter) {
        if (letter.row().keys().stream().anyMatch(keptBack::contains)) {
            refuse(letter.row(), replaced.contains(letter) ? Optional.empty() : letter.failure());
            return;
        }
        ChangeCursor change = open(letter.row());
        if (replaced.contains(letter)) {
            writer.skip(change);
            taken.add(letter.row().at());
            return;
        }
        try {
            writer.prepare(change);
        } catch (PhilotesException e) {
            requireOfRow(e);
            refuse(letter.row(), Optional.of(e));
            return;
        }
        writer.write(change);
        taken.add(letter.row().at());
    }

    private void refuse(ParkedRow row, Optional<PhilotesException> why) {
        keptBack.addAll(row.keys());
        refused.add(row.because(why));
    }
}
