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
import io.philotes.source.SourceIdentity;
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

    /** Before a start: drops the slot that an earlier teardown could not reach. */
    static void finishEarlier(PipelineParts parts, AttachedSource source) {
        Teardown teardown = new Teardown(parts, source);
        teardown.note().ifPresent(note -> {
            if (teardown.checkpoint().isPresent()) {
                // It was cut off before anything was removed, and somebody thought better of it.
                teardown.notes.remove(name(parts) + NOTE);
                return;
            }
            teardown.atSource(Optional.of(note));
            LOG.info("Pipeline {}: an earlier teardown is finished: {}", name(parts), teardown.removed);
        });
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
            if (!isAway(e) || known.isEmpty()) {
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
        SourceIdentity identity = source.identify();
        Optional<SlotState> slot = source.slot();
        if (slot.isPresent()) {
            requireOurs(slot.get(), known, identity.mark());
            source.dropSlot();
            removed.add("replication slot " + slot.get().name());
        }
        if (known.isPresent()) {
            source.dropPublication()
                    .ifPresentOrElse(
                            sql -> left.add("the publication, which this role may not drop: " + sql),
                            () -> removed.add("the publication, if it was the pipeline's own"));
        }
        if (note().isPresent()) {
            notes.remove(name(parts) + NOTE);
        }
    }

    private static void requireOurs(SlotState slot, Optional<Checkpoint> known, SourceMark now) {
        if (slot.active()) {
            throw new PhilotesException(
                            ErrorCode.SLOT_IN_USE,
                            "Cannot tear down: slot " + slot.name() + " is active for PID " + slot.activePid())
                    .hinting("stop the running instance first");
        }
        SourceMark mark = known.map(Checkpoint::source)
                .orElseThrow(() -> new PhilotesException(
                                ErrorCode.CHECKPOINT_MISSING,
                                "Cannot tear down: slot " + slot.name()
                                        + " exists, and no checkpoint says that it is this pipeline's")
                        .hinting("if it is: SELECT pg_drop_replication_slot('" + slot.name() + "')"));
        boolean otherSystem = !mark.systemId().isEmpty() && !mark.systemId().equals(now.systemId());
        boolean otherDatabase = mark.database() != 0 && now.database() != 0 && mark.database() != now.database();
        if (otherSystem || otherDatabase) {
            throw new PhilotesException(
                            ErrorCode.SOURCE_REWOUND,
                            "Cannot tear down: slot " + slot.name() + " is on another server or in another database"
                                    + " than the pipeline's")
                    .hinting("connect the pipeline to its own source; or drop the slot by hand");
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
