// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.testkit.contract.BatchFixtures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Drives a buffer at random and says what it must answer. */
public final class BufferModel {

    /** Batches that end at one LSN, the parts of a transaction among them. */
    private record Entry(long endLsn, List<ChangeBatch> batches) {}

    private static final Duration NOW = Duration.ZERO;

    private final Random random;
    private final List<Entry> entries = new ArrayList<>();
    private ChangeBuffer buffer;
    private List<ChangeBatch> parts = List.of();
    private int partsIn;
    private long appended;
    private long trimmed;
    private long inFlight;
    private BufferReader reader;
    private long readUpTo;

    public BufferModel(Random random, ChangeBuffer buffer) {
        this.random = random;
        this.buffer = buffer;
    }

    /** One random step; a failure of the buffer passes through. */
    public void step() throws InterruptedException {
        inFlight = 0;
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> appendWhole();
            case 3, 4, 5 -> appendPart();
            case 6 -> appendProgress();
            case 7 -> discard();
            case 8 -> trim();
            case 9, 10 -> follow();
            default -> readFromSomewhere();
        }
    }

    private void appendWhole() throws InterruptedException {
        if (partsIn > 0) {
            return;
        }
        long end = appended + 10 + random.nextInt(50);
        ChangeBatch batch = random.nextBoolean()
                ? BatchFixtures.wholes(end - 5, end)
                : BatchFixtures.whole(
                        end,
                        1 + random.nextInt(3),
                        random.nextInt(3000),
                        BatchFixtures.relation(random.nextInt(4), "t".repeat(1 + random.nextInt(50))));
        append(batch, end, List.of(batch));
    }

    private void appendProgress() throws InterruptedException {
        if (partsIn == 0) {
            ChangeBatch batch = ChangeBatch.progress(new Lsn(Math.max(1, appended + random.nextInt(20))));
            append(batch, batch.endLsn().value(), List.of(batch));
        }
    }

    private void appendPart() throws InterruptedException {
        if (partsIn == 0) {
            parts = BatchFixtures.parted(
                    appended + 10 + random.nextInt(50),
                    2 + random.nextInt(4),
                    1 + random.nextInt(3),
                    random.nextInt(3000));
        }
        ChangeBatch part = parts.get(partsIn);
        if (part.endsOnBoundary()) {
            if (append(part, part.endLsn().value(), parts)) {
                partsIn = 0;
            }
        } else if (buffer.append(part, NOW)) {
            partsIn++;
        }
    }

    private boolean append(ChangeBatch batch, long end, List<ChangeBatch> whole) throws InterruptedException {
        inFlight = end;
        Entry entry = new Entry(end, whole);
        entries.add(entry);
        boolean in = false;
        try {
            in = buffer.append(batch, NOW);
        } catch (PhilotesException e) {
            in = true;
            throw e;
        } finally {
            if (!in) {
                entries.remove(entry);
            }
        }
        if (in) {
            if (end == appended) {
                entries.remove(entry);
            }
            appended = end;
        }
        inFlight = 0;
        check();
        return in;
    }

    private void discard() {
        buffer.discardIncomplete();
        partsIn = 0;
        check();
    }

    private void startSomewhere() {
        closeReader();
        long position = appended + random.nextInt(30);
        inFlight = position;
        trimmed = position;
        buffer.startAt(new Lsn(position));
        appended = position;
        inFlight = 0;
        check();
    }

    private void trim() {
        if (appended == trimmed && partsIn == 0 && random.nextBoolean()) {
            startSomewhere();
            return;
        }
        long upTo = trimmed + random.nextLong(appended - trimmed + 1);
        if (random.nextBoolean()) {
            // What a sink really reports: the end of something it was given.
            upTo = entries.stream()
                    .mapToLong(Entry::endLsn)
                    .filter(end -> end <= appended)
                    .max()
                    .orElse(0);
        }
        if (reader != null) {
            upTo = Math.min(upTo, readUpTo);
        }
        trimmed = Math.max(trimmed, upTo);
        buffer.trim(new Lsn(upTo));
        check();
    }

    private void check() {
        assertThat(buffer.appendedUpTo()).isEqualTo(new Lsn(appended));
        assertThat(buffer.trimmedUpTo()).isEqualTo(new Lsn(trimmed));
        assertThat(buffer.durableUpTo()).isEqualTo(new Lsn(buffer.survivesRestart() ? appended : trimmed));
    }

    /** A reader that stays open over steps. */
    private void follow() throws InterruptedException {
        if (reader == null) {
            readUpTo = trimmed + random.nextLong(appended - trimmed + 1);
            reader = buffer.reader("follower", new Lsn(readUpTo));
        }
        if (random.nextInt(20) == 0) {
            closeReader();
            return;
        }
        readUpTo = compare(reader, readUpTo, random.nextInt(5));
    }

    private void readFromSomewhere() throws InterruptedException {
        long after = trimmed + random.nextLong(appended - trimmed + 1);
        try (BufferReader once = buffer.reader("once", new Lsn(after))) {
            assertThat(compare(once, after, Integer.MAX_VALUE)).isEqualTo(Math.max(after, appended));
        }
    }

    /** Reads whole transactions and compares; returns the place reached. */
    private long compare(BufferReader from, long after, int atMost) throws InterruptedException {
        long reached = after;
        for (int i = 0; i < atMost; i++) {
            ChangeBatch batch = from.poll(NOW);
            if (batch == null) {
                break;
            }
            List<String> got = new ArrayList<>(List.of(BatchFixtures.describe(batch)));
            while (!batch.endsOnBoundary()) {
                batch = from.poll(NOW);
                assertThat(batch).isNotNull();
                got.add(BatchFixtures.describe(batch));
            }
            Entry expected = next(reached, batch);
            assertThat(got)
                    .isEqualTo(expected.batches().stream()
                            .map(BatchFixtures::describe)
                            .toList());
            reached = expected.endLsn();
        }
        return reached;
    }

    /** The next entry behind {@code reached}; marks in a row may come as the last of them. */
    private Entry next(long reached, ChangeBatch got) {
        Entry expected = null;
        for (Entry entry : entries) {
            if (entry.endLsn() > reached && entry.endLsn() <= appended) {
                expected = entry;
                if (!isProgress(entry) || got.endLsn().value() == entry.endLsn()) {
                    break;
                }
            }
        }
        assertThat(expected).isNotNull();
        return expected;
    }

    private static boolean isProgress(Entry entry) {
        return entry.batches().get(0).isEmpty();
    }

    public void closeReader() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    /** Goes on with a buffer that was opened after a crash or close: what was appended is there, what was in flight may be. */
    public void restarted(ChangeBuffer opened) throws InterruptedException {
        long end = opened.appendedUpTo().value();
        assertThat(end == appended || (inFlight != 0 && end == inFlight))
                .as("restarted at %s, appended up to %s, in flight %s", end, appended, inFlight)
                .isTrue();
        goOn(opened, end);
    }

    /** The same after the last file was shortened: what is there must be a beginning of what was. */
    public void restartedShortened(ChangeBuffer opened) throws InterruptedException {
        long end = opened.appendedUpTo().value();
        assertThat(end).isLessThanOrEqualTo(Math.max(appended, inFlight));
        goOn(opened, end);
    }

    private void goOn(ChangeBuffer opened, long end) throws InterruptedException {
        closeReader();
        buffer = opened;
        appended = end;
        entries.removeIf(entry -> entry.endLsn() > end);
        inFlight = 0;
        partsIn = 0;
        long trimmedNow = opened.trimmedUpTo().value();
        assertThat(trimmedNow).isLessThanOrEqualTo(trimmed);
        trimmed = trimmedNow;
        try (BufferReader all = buffer.reader("all", new Lsn(trimmed))) {
            assertThat(compare(all, trimmed, Integer.MAX_VALUE)).isEqualTo(appended);
        }
    }
}
