// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/**
 * One call that may take long, on a helper thread; its owner looks now and then whether it is done. A call that was given up
 * is not waited for: what it brings in the end is let go. Thread-safe; every field is guarded by {@code this}.
 */
final class Errand<T> {

    private final ExecutorService thread;
    private final Consumer<T> letGo;
    private T result;
    private RuntimeException failure;
    private boolean done;
    private boolean givenUp;

    /** @param thread one of its own; it ends with the call */
    Errand(ExecutorService thread, Callable<T> work, Consumer<T> letGo) {
        this.thread = thread;
        this.letGo = letGo;
        thread.execute(() -> run(work));
        thread.shutdown();
    }

    private void run(Callable<T> work) {
        try {
            ended(work.call(), null);
        } catch (RuntimeException e) {
            ended(null, e);
        } catch (Exception e) {
            ended(null, new PhilotesException(ErrorCode.INTERRUPTED, "Cannot go on: " + e, e));
        } catch (Error e) {
            ended(null, FailurePolicy.fatal(e));
            throw e;
        }
    }

    private synchronized void ended(T brought, RuntimeException why) {
        if (givenUp) {
            release(brought);
            return;
        }
        result = brought;
        failure = why;
        done = true;
    }

    private void release(T brought) {
        if (brought != null) {
            letGo.accept(brought);
        }
    }

    synchronized boolean isDone() {
        return done;
    }

    /** What it brought, or the failure that it met; only once it is done. */
    synchronized T result() {
        if (failure != null) {
            throw failure;
        }
        return result;
    }

    /** Its end is of no interest any more. Idempotent. */
    synchronized void giveUp() {
        if (!givenUp) {
            givenUp = true;
            thread.shutdownNow();
            release(result);
        }
    }
}
