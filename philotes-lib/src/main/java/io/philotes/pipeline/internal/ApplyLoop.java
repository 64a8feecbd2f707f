// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.buffer.BufferReader;
import io.philotes.buffer.ChangeBuffer;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.sink.Sink;
import io.philotes.source.AttachedSource;
import java.time.Duration;
import java.time.Instant;

/**
 * Moves batches from the buffer into the sink and commits, and lets tables that were copied meanwhile join. Owned by its lane's
 * thread; {@link #step} can be called without one.
 */
final class ApplyLoop {

    /** An upper bound of one idle wait: a stop, a pause or a wish to commit is noticed in this time. */
    private static final Duration POLL = Duration.ofMillis(100);

    private final PipelineSettings settings;
    private final ChangeBuffer buffer;
    private final String readerName;
    private final Sink sink;
    private final LaneProgress progress;
    private final RunState run;
    private final CommitRound round;
    private final TableWatch watch;
    private final BackgroundCopies copies;
    private final DeadLetterDesk desk;

    private BufferReader reader;
    private Lsn cursor;
    private Lsn settled;
    private boolean onBoundary = true;
    private long pendingChanges;
    private long pendingBytes;
    private final CommitPace pace;
    private final TendPace tendPace;

    ApplyLoop(Lane lane, AttachedSource source, RunState run, Lsn after, CopyContext copying) {
        this.settings = lane.settings();
        this.buffer = lane.buffer();
        this.readerName = lane.name().sink();
        this.sink = lane.sink();
        this.progress = lane.progress();
        this.run = run;
        this.round = new CommitRound(lane, run.floor());
        this.watch = new TableWatch(lane);
        this.copies = new BackgroundCopies(lane, source, run, watch, copying);
        this.desk = lane.desk();
        this.reader = buffer.reader(readerName, after);
        this.cursor = after;
        this.settled = after;
        this.pace = new CommitPace(settings.commitInterval(), settings.clock().instant());
        this.tendPace = new TendPace(settings.clock().instant());
    }

    void step() throws InterruptedException {
        step(hasNews() ? pace.untilDue(settings.clock().instant(), POLL) : POLL);
    }

    /** One batch, or one idle wait; and a commit round when one is due. */
    void step(Duration patience) throws InterruptedException {
        if (onBoundary) {
            watch.heed();
            copies.step(cursor);
            joinWhatIsReady();
            answerLetters();
        }
        ChangeBatch batch = copies.isIdle() ? reader.pollAhead(patience) : reader.poll(patience);
        if (batch != null) {
            take(batch);
        } else if (!hasNews()) {
            tendPace.idle();
        }
        if (onBoundary && roundIsDue()) {
            round();
        }
        if (onBoundary && pendingChanges == 0) {
            tend();
        }
    }

    private void tend() throws InterruptedException {
        Instant now = settings.clock().instant();
        if (tendPace.isDue(now)) {
            sink.tend();
            tendPace.tended(now);
        }
    }

    /** The round comes first: after it every table that follows has what ends at or before the cursor, and skips it. */
    private void joinWhatIsReady() throws InterruptedException {
        if (copies.isReadyToJoin()) {
            round();
            copies.join().filter(point -> point.isBefore(cursor)).ifPresent(this::goBackTo);
        }
    }

    /** Between two rounds, so that nothing else is in the commit. */
    private void answerLetters() throws InterruptedException {
        if (desk.isAsked(cursor)) {
            round();
            desk.answer(cursor);
            round();
        }
    }

    private void goBackTo(Lsn point) {
        reader.close();
        reader = buffer.reader(readerName, point);
        cursor = point;
        settled = point;
    }

    private void take(ChangeBatch batch) throws InterruptedException {
        if (onBoundary && reader.isAhead() && hasNews()) {
            // What is written has its end here; that of this transaction may be long in coming.
            round();
        }
        if (!batch.isEmpty()) {
            if (pendingChanges == 0) {
                progress.oldestUncommitted(batch.extent().lastCommitMicros());
            }
            round.note(sink.write(batch));
            tendPace.took(batch.extent().lastCommitMicros(), settings.clock().instant());
            pendingChanges += batch.changeCount();
            pendingBytes += batch.length();
        }
        onBoundary = batch.endsOnBoundary();
        if (onBoundary) {
            cursor = Lsn.max(cursor, batch.endLsn());
        }
    }

    /** Whether something was taken that is not committed. */
    boolean hasNews() {
        return pendingChanges > 0 || cursor.isAfter(settled);
    }

    /** Whether all that waited for it is taken and committed. */
    boolean hasCaughtUp() {
        return !hasNews() && !buffer.appendedUpTo().isAfter(cursor);
    }

    private boolean roundIsDue() {
        return hasNews()
                && (progress.commitWantedBetween(settled, cursor)
                        || mustMakeRoom()
                        || sink.uncommittedBytes() >= settings.commitMaxBytes()
                        || pace.isDue(settings.clock().instant(), backlogBytes()));
    }

    /** WAL that is in the buffer and not taken from it yet. */
    private long backlogBytes() {
        return buffer.appendedUpTo().value() - cursor.value();
    }

    /**
     * Only a commit makes room, so a busy source would otherwise wait for the interval. What counts is what this loop has
     * taken and the buffer must still keep, not what is waiting to be taken.
     */
    private boolean mustMakeRoom() {
        return pendingBytes >= buffer.limitBytes() / 2 || (run.progress().waitsForRoom() && couldMakeRoom());
    }

    /** Whether capture waits for nothing but this loop's commit; a large row may want more than half of the buffer. */
    private boolean couldMakeRoom() {
        return !buffer.appendedUpTo().isAfter(cursor)
                && !run.floor().anotherNeedsMore(readerName)
                && buffer.trouble().isEmpty();
    }

    private void round() throws InterruptedException {
        Instant began = settings.clock().instant();
        round.run(cursor);
        settled = cursor;
        pendingChanges = 0;
        pendingBytes = 0;
        pace.committed(began, settings.clock().instant());
    }

    /** Commits what is written, if the place is a boundary; what is not comes again. For an orderly stop. */
    void finish() throws InterruptedException {
        if (onBoundary && hasNews()) {
            round();
        }
    }

    /** Gives up copies that run, and the place in the buffer. */
    void close() throws InterruptedException {
        try {
            copies.close();
        } finally {
            reader.close();
        }
    }
}
