// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.call;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that nobody waits for, one call at a time. A call that made no step for the length of the deadline is given up, and the
 * next may begin: so calls must share nothing that a thread which hangs on could spoil. Belongs to one thread.
 */
public final class BackgroundCall {

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundCall.class);

    private final BoundedCalls calls;
    private final String what;
    private BoundedCall<?> running;
    private long steps;
    private long movedNanos;

    /** @param what completes "Could not …" */
    public BackgroundCall(BoundedCalls calls, String what) {
        this.calls = calls;
        this.what = what;
    }

    /** False when the call before is at work still. */
    public boolean begin(Runnable body) {
        if (isAtWork()) {
            return false;
        }
        running = calls.background(body);
        steps = running.steps();
        movedNanos = System.nanoTime();
        return true;
    }

    private boolean isAtWork() {
        if (running == null || running.result().isDone()) {
            return false;
        }
        if (running.steps() != steps) {
            steps = running.steps();
            movedNanos = System.nanoTime();
        }
        if (System.nanoTime() - movedNanos < calls.deadline().toNanos()) {
            return true;
        }
        LOG.warn("Could not {}: nothing moved for {}", what, calls.deadline());
        stop();
        return false;
    }

    /** Waits until nothing is under way. */
    public void await() {
        if (running != null) {
            running.result().handle((value, failure) -> value).join();
        }
    }

    /** Ends what is under way at its next step; what it had begun stays as it is. */
    public void stop() {
        if (running != null) {
            running.giveUp();
            running = null;
        }
    }
}
