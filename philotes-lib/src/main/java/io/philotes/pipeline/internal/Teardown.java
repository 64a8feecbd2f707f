// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.CheckpointStore;
import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterMove;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.SourceMark;
import io.philotes.pipeline.TeardownReport;
import io.philotes.source.AttachedSource;
import io.philotes.source.SlotState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away what a pipeline that does not run has at its source and here. The checkpoints go last: until then they say whose
 * the slot is, so that a teardown that was cut off can be done again. Where the source does not answer, a note takes their
 * place. Used once.
 */
public final class Teardown {

    private static final Logger LOG = LoggerFactory.getLogger(Teardown.class);

    /** Behind the pipeline's name; no sink can be called that. */
    private static final String NOTE = ".-teardown";

    private static final int PAGE = 500;

    private final PipelineParts parts;
    private final AttachedSource source;
    private final CheckpointStore notes;
    private final CheckpointStores stores;
    private final List<String> removed = new ArrayList<>();
    private final List<String> left = new ArrayList<>();

    private Teardown(PipelineParts parts, AttachedSource source) {
        this.parts = parts;
        this.source = source;
        this.stores = CheckpointStores.of(parts);
        this.notes = stores.of(parts.sinks().get(0).name());
    }

    /** Does everything that can be done now; dead letters stay. */
    public static TeardownReport run(PipelineParts parts) {
        return run(parts, Optional.empty());
    }

    /** The same, and removes the dead letters, what was never applied among them. */
    public static TeardownReport runWithLetters(PipelineParts parts) {
        return run(parts, parts.rows().queue());
    }

    private static TeardownReport run(PipelineParts parts, Optional<DeadLetterQueue> letters) {
        Teardown teardown = new Teardown(parts, parts.source().attach(name(parts)));
        try {
            return teardown.run(letters);
        } finally {
            parts.rows().queue().ifPresent(DeadLetterQueue::close);
            parts.sinks().forEach(part -> part.sink().close());
            parts.buffer().close();
            teardown.stores.close();
        }
    }

    /** Before a start: drops the slot that an earlier teardown could not reach, if this is the source where it is. */
    static void finishEarlier(PipelineParts parts, AttachedSource source) {
        Teardown teardown = new Teardown(parts, source);
        teardown.note().ifPresent(teardown::finish);
    }

    /** Whether a start would drop the slot first that an earlier teardown could not reach. Creates nothing. */
    static boolean isLeftFor(PipelineParts parts, AttachedSource source) {
        return CheckpointStores.of(parts)
                .of(parts.sinks().get(0).name())
                .look(name(parts) + NOTE)
                .filter(note ->
                        !note.source().isOfOtherPlaceThan(source.identify().mark()))
                .isPresent();
    }

    private void finish(Checkpoint note) {
        Optional<Checkpoint> living = checkpoint();
        if (living.filter(checkpoint -> speaksOfSameSlot(checkpoint, note)).isPresent()) {
            // It was cut off before anything was removed, and somebody thought better of it.
            removeNote();
        } else if (living.isPresent()
                || note.source().isOfOtherPlaceThan(source.identify().mark())) {
            LOG.warn(
                    "Pipeline {}: an earlier teardown still waits for {}: a slot there keeps WAL until teardown is called"
                            + " with that source",
                    name(parts),
                    note.source().place());
        } else {
            atSource(Optional.of(note));
            LOG.info("Pipeline {}: an earlier teardown is finished: {}", name(parts), removed);
        }
    }

    /** A later life of the pipeline, at another source, does not. */
    private static boolean speaksOfSameSlot(Checkpoint living, Checkpoint note) {
        SourceMark source = living.source();
        return living.pipelineId().equals(note.pipelineId())
                || (!source.systemId().isEmpty() && !source.isOfOtherPlaceThan(note.source()));
    }

    private void removeNote() {
        notes.remove(name(parts) + NOTE);
    }

    private static String name(PipelineParts parts) {
        return parts.settings().name();
    }

    private Optional<Checkpoint> note() {
        return notes.load(name(parts) + NOTE);
    }

    private TeardownReport run(Optional<DeadLetterQueue> letters) {
        // Also the lock that a running instance holds.
        parts.buffer().open(name(parts));
        Optional<Checkpoint> known = known();
        try {
            atSource(known);
        } catch (PhilotesException e) {
            if (!isAway(e) || known.isEmpty() || waitsElsewhere(known.get().source())) {
                throw e;
            }
            leaveNote(known.get(), e);
        }
        here();
        letters.ifPresent(this::removeLetters);
        return new TeardownReport(name(parts), removed, left);
    }

    /** The source cannot be asked now, whatever it is. */
    private static boolean isAway(PhilotesException failure) {
        return failure.code() == ErrorCode.SOURCE_UNREACHABLE || failure.code() == ErrorCode.SOURCE_AUTHENTICATION;
    }

    /** What is stored of the pipeline: it says whose the slot is. */
    private Optional<Checkpoint> known() {
        return checkpoint().or(this::note);
    }

    private Optional<Checkpoint> checkpoint() {
        return parts.sinks().stream()
                .flatMap(part -> stores.of(part.name()).load(key(part)).stream())
                .findFirst();
    }

    private String key(SinkPart part) {
        return new LaneName(name(parts), part.name()).storeKey();
    }

    private void atSource(Optional<Checkpoint> known) {
        SourceMark now = source.identify().mark();
        known.ifPresent(checkpoint -> requireSamePlace(checkpoint.source(), now));
        Optional<SlotState> slot = source.slot();
        if (slot.isPresent()) {
            requireOurs(slot.get(), known);
            source.dropSlot();
            removed.add("replication slot " + slot.get().name());
        }
        if (known.isPresent()) {
            source.dropPublication()
                    .ifPresentOrElse(
                            sql -> left.add("the publication, which this role may not drop: " + sql),
                            () -> removed.add("the publication, if it was the pipeline's own"));
        }
        if (waitsElsewhere(now)) {
            left.add("a slot of an earlier life of this pipeline, on "
                    + note().orElseThrow().source().place() + ": call teardown with that source");
        } else if (note().isPresent()) {
            removeNote();
        }
    }

    /** Whether a teardown was noted that concerns another source. */
    private boolean waitsElsewhere(SourceMark here) {
        return note().filter(note -> note.source().isOfOtherPlaceThan(here)).isPresent();
    }

    /** Also where no slot is: the publication there is not the pipeline's, and its own slot keeps WAL elsewhere. */
    private static void requireSamePlace(SourceMark known, SourceMark now) {
        if (known.isOfOtherPlaceThan(now)) {
            throw new PhilotesException(
                            ErrorCode.SOURCE_REWOUND,
                            "Cannot tear down: the source is " + now.place() + ", and the pipeline's is "
                                    + known.place())
                    .hinting("connect the pipeline to its own source; nothing was removed");
        }
    }

    private static void requireOurs(SlotState slot, Optional<Checkpoint> known) {
        if (slot.active()) {
            throw new PhilotesException(
                            ErrorCode.SLOT_IN_USE,
                            "Cannot tear down: slot " + slot.name() + " is active for PID " + slot.activePid())
                    .hinting("stop the running instance first");
        }
        if (known.isEmpty()) {
            throw new PhilotesException(
                            ErrorCode.CHECKPOINT_MISSING,
                            "Cannot tear down: slot " + slot.name()
                                    + " exists, and no checkpoint says that it is this pipeline's")
                    .hinting("if it is: SELECT pg_drop_replication_slot('" + slot.name() + "')");
        }
    }

    private void leaveNote(Checkpoint known, PhilotesException why) {
        notes.save(
                name(parts) + NOTE,
                new Checkpoint(known.pipelineId(), known.epoch(), known.source(), "", Lsn.ZERO, Map.of()));
        left.add("slot and publication at the source, which does not answer (" + why.reason()
                + "): the slot keeps WAL until teardown is called again");
    }

    /** What was never applied is given up first: a queue removes nothing that others wait behind. */
    private void removeLetters(DeadLetterQueue queue) {
        queue.open(name(parts));
        DeadLetterMove givenUp =
                DeadLetterMove.discarded(parts.settings().clock().instant());
        long count = 0;
        int gone;
        do {
            List<DeadLetter.Id> ids = queue.list(DeadLetterFilter.ALL, Optional.empty(), PAGE).stream()
                    .map(DeadLetter::id)
                    .toList();
            if (!ids.isEmpty()) {
                queue.move(ids, givenUp);
            }
            gone = ids.isEmpty() ? 0 : queue.remove(ids);
            count += gone;
        } while (gone > 0);
        removed.add(count + " dead letters");
        long stay = queue.count(DeadLetterFilter.ALL);
        if (stay > 0) {
            left.add(stay + " dead letters, which a replay is working on: call teardown again");
        }
    }

    private void here() {
        parts.buffer().reset();
        removed.add("what the buffer held");
        for (SinkPart part : parts.sinks()) {
            CheckpointStore store = stores.of(part.name());
            if (store.load(key(part)).isPresent()) {
                store.remove(key(part));
                removed.add("the checkpoint of " + new LaneName(name(parts), part.name()));
            }
        }
    }
}
