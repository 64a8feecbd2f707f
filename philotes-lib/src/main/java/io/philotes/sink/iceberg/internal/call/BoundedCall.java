// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.call;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One call on a {@link Worker}, and what its caller sees of it: how many steps it made, whether a request that changes
 * something is under way, and how it ended. Shared by the two threads; a call that is given up fails at its next step.
 */
public final class BoundedCall<T> implements Runnable {

    private final Callable<T> body;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final AtomicLong steps = new AtomicLong();
    private final Future<?> running;
    private volatile boolean givenUp;
    private volatile boolean sending;

    BoundedCall(ExecutorService threads, Callable<T> body) {
        this.body = body;
        this.running = threads.submit(this);
    }

    CompletableFuture<T> result() {
        return result;
    }

    /** Waits until the call ends, or makes no step for so long. */
    public T await(Duration patience) throws InterruptedException, ExecutionException, TimeoutException {
        while (true) {
            long before = steps.get();
            try {
                return result.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (steps.get() == before) {
                    throw e;
                }
            }
        }
    }

    /** How many steps it made. */
    long steps() {
        return steps.get();
    }

    void interrupt() {
        running.cancel(true);
    }

    /** Nobody waits any more: the thread is interrupted, and if that does not reach it, ends at its next step. */
    public void giveUp() {
        givenUp = true;
        interrupt();
    }

    /** Whether something may have been changed that the call did not tell. */
    boolean isSending() {
        return sending;
    }

    /** A request goes out, or was answered. */
    void sending(boolean begins) {
        if (begins) {
            step();
        }
        sending = begins;
    }

    void step() {
        if (givenUp || Thread.currentThread().isInterrupted()) {
            throw new PhilotesException(ErrorCode.INTERRUPTED, "Cannot go on: the caller does not wait any more");
        }
        steps.lazySet(steps.getPlain() + 1);
    }

    @Override
    @SuppressWarnings("IllegalCatch")
    public void run() {
        Worker.current(this);
        try {
            result.complete(body.call());
        } catch (Exception | Error e) {
            result.completeExceptionally(e);
        }
    }
}
