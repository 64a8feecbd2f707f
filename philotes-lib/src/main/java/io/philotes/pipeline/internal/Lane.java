// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.checkpoint.CheckpointStore;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.pipeline.RowPolicy;
import io.philotes.sink.Sink;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sink with everything of its own: where its tables stand, its checkpoint, its failures. Lives as long as the run, or until
 * the sink is removed.
 *
 * <p>It belongs to one thread at a time: to the session's while a session begins, then to its apply thread; what else may be
 * used from elsewhere says so itself.
 */
final class Lane {

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    private final LaneName name;
    private final PipelineSettings settings;
    private final ChangeBuffer buffer;
    private final Sink sink;
    private final TableBoard board;
    private final CheckpointKeeper checkpoints;
    private final LaneProgress progress;
    private final LaneHealth health;
    private final Backoff backoff;
    private final LookQueue looks = new LookQueue();
    private final CopyWishes wishes = new CopyWishes();
    private final Map<TableId, TableWatch.CopyTimes> copied = new HashMap<>();
    private final CopyMeter copyMeter;
    private final AutoResync auto;
    private final RowPolicy rows;
    private final DeadLetterDesk desk;
    private Lsn place;
    private boolean late;
    private volatile boolean leaving;
    private volatile Thread thread;

    Lane(PipelineParts parts, SinkPart part, CheckpointStore store, SourceGuard guard) {
        PipelineSettings settings = parts.settings();
        SteadyTime time = SteadyTime.of(settings.clock());
        Listeners listeners = new Listeners(settings.listeners());
        this.name = new LaneName(settings.name(), part.name());
        this.settings = settings.with(settings.metrics().forSink(part.name()));
        this.buffer = parts.buffer();
        this.sink = part.sink();
        this.board = new TableBoard(name, listeners);
        this.checkpoints = new CheckpointKeeper(name.storeKey(), store, guard);
        this.health = new LaneHealth(name, listeners, settings.clock());
        this.progress = new LaneProgress(time);
        this.backoff = new Backoff(settings.retry(), time);
        this.copyMeter = new CopyMeter(name, this.settings.metrics());
        this.auto = new AutoResync(settings.resync());
        this.rows = parts.rows().policy();
        this.desk = new DeadLetterDesk(this, parts.rows());
    }

    LaneName name() {
        return name;
    }

    /** The pipeline's, with metrics that count for this sink. */
    PipelineSettings settings() {
        return settings;
    }

    ChangeBuffer buffer() {
        return buffer;
    }

    Sink sink() {
        return sink;
    }

    /** At the end of it: a sink that breaks its word here takes no other with it. */
    void closeSink() {
        try {
            sink.close();
        } catch (RuntimeException e) {
            LOG.warn("Pipeline {}: the sink could not be closed; what is committed stays", name, e);
        }
    }

    TableBoard board() {
        return board;
    }

    CheckpointKeeper checkpoints() {
        return checkpoints;
    }

    LaneProgress progress() {
        return progress;
    }

    LaneHealth health() {
        return health;
    }

    Backoff backoff() {
        return backoff;
    }

    LookQueue looks() {
        return looks;
    }

    CopyWishes wishes() {
        return wishes;
    }

    /** When tables were copied in this run while others streamed: looks that nobody took yet may be older. */
    Map<TableId, TableWatch.CopyTimes> copied() {
        return copied;
    }

    /** How far its table copies are. */
    CopyMeter copyMeter() {
        return copyMeter;
    }

    AutoResync auto() {
        return auto;
    }

    /** What becomes of a row that the sink can never write. */
    RowPolicy rows() {
        return rows;
    }

    DeadLetterDesk desk() {
        return desk;
    }

    /** From where it reads when its thread begins; null when the sink is still to be opened. */
    Lsn place() {
        return place;
    }

    void place(Lsn from) {
        place = from;
    }

    /** Whether the session began without it, so that nobody asked it what its tables were. */
    boolean isLate() {
        return late;
    }

    void late(boolean now) {
        late = now;
    }

    /** Whether somebody removes it. */
    boolean isLeaving() {
        return leaving;
    }

    void leave() {
        leaving = true;
    }

    /** Its apply thread; null while it has none. */
    Thread thread() {
        return thread;
    }

    void thread(Thread apply) {
        thread = apply;
    }
}
