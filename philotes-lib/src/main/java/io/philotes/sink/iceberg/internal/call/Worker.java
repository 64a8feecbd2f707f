// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.call;

import java.util.function.LongUnaryOperator;

/**
 * A thread that runs one {@link BoundedCall} at a time. Code that may run on it tells {@link #step} whenever it got on; on any
 * other thread, such as one that copies a table, that does nothing.
 */
public final class Worker extends Thread {

    private static final int APPLIED_PER_STEP = 1 << 16;

    private volatile BoundedCall<?> call;

    Worker(Runnable task, String name) {
        super(task, name);
        setDaemon(true);
    }

    /** The call that the current worker runs from now on. */
    static void current(BoundedCall<?> begun) {
        ((Worker) currentThread()).call = begun;
    }

    /** Something got on, so whoever waits goes on waiting. Throws INTERRUPTED when nobody waits any more. */
    public static void step() {
        if (currentThread() instanceof Worker worker) {
            worker.call.step();
        }
    }

    /** The same function, which tells now and then that it got on. Throws as {@link #step} does. */
    public static LongUnaryOperator stepping(LongUnaryOperator each) {
        long[] applied = new long[1];
        return value -> {
            if (++applied[0] % APPLIED_PER_STEP == 0) {
                step();
            }
            return each.applyAsLong(value);
        };
    }

    /** A request that changes something goes out now: until {@link #answered}, its outcome is not known. */
    public static void sending() {
        if (currentThread() instanceof Worker worker) {
            worker.call.sending(true);
        }
    }

    /** The outcome of the request is known, or its failure tells what is to be done. */
    public static void answered() {
        if (currentThread() instanceof Worker worker) {
            worker.call.sending(false);
        }
    }
}
