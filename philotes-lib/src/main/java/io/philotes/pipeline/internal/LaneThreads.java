// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The apply threads of one session, one for each sink. Owned by the session's thread. */
final class LaneThreads {

    /** How long a thread that was told to end may take, before and after it is interrupted. */
    private static final long END_MILLIS = 10_000;

    private final RunState run;
    private final Function<Lane, LaneThread> maker;
    private final Map<Lane, LaneThread> threads = new LinkedHashMap<>();

    LaneThreads(RunState run, Function<Lane, LaneThread> maker) {
        this.run = run;
        this.maker = maker;
    }

    /** Every sink that has not failed gets its thread. */
    void startMissing() {
        for (Lane lane : run.lanes().alive()) {
            if (!lane.isLeaving() && !threads.containsKey(lane)) {
                LaneThread thread = maker.apply(lane);
                threads.put(lane, thread);
                thread.start();
            }
        }
    }

    /** Takes away the sinks that somebody removes, once their threads ended. */
    void removeLeaving() {
        for (Lane lane : run.lanes()) {
            LaneThread thread = threads.get(lane);
            if (!lane.isLeaving()) {
                continue;
            }
            if (!hasLife(lane)) {
                threads.remove(lane);
                new LaneRemoval(run).remove(lane);
            } else if (thread != null) {
                thread.end();
            }
        }
    }

    /** It may be a thread of an earlier session that did not end. */
    private static boolean hasLife(Lane lane) {
        Thread thread = lane.thread();
        return thread != null && thread.isAlive();
    }

    /** Waits for an orderly end, however long the last commits take; an interrupt cuts them short. */
    void awaitEnd() throws InterruptedException {
        threads.values().forEach(LaneThread::end);
        for (LaneThread thread : threads.values()) {
            thread.join(0);
        }
    }

    void interrupt() {
        threads.values().forEach(LaneThread::interrupt);
    }

    /** Ends all of them, in order or not. */
    void end() throws InterruptedException {
        threads.values().forEach(LaneThread::end);
        join();
        threads.values().stream().filter(LaneThread::isAlive).forEach(LaneThread::interrupt);
        join();
        for (LaneThread thread : threads.values()) {
            if (thread.isAlive()) {
                thread.lane()
                        .health()
                        .fail(new PhilotesException(
                                ErrorCode.DEFECT,
                                "Cannot end the thread of the sink "
                                        + thread.lane().name().sink()));
            }
        }
    }

    private void join() throws InterruptedException {
        long deadline = System.nanoTime() + END_MILLIS * 1_000_000;
        for (LaneThread thread : threads.values()) {
            thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
        }
    }
}
