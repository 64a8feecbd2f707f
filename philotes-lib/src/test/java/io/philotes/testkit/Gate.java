// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Where calls of a script stand until they are let through, deaf to interrupts as a blocked socket is. Thread-safe. */
public final class Gate {

    private static final long PATIENCE_SECONDS = 120;

    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private final CountDownLatch passed = new CountDownLatch(1);

    /** Waits until the gate is open. */
    public void stand() {
        arrived.countDown();
        boolean interrupted = false;
        while (true) {
            try {
                open.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    void passed() {
        passed.countDown();
    }

    public void open() {
        open.countDown();
    }

    /** Waits until a call stands here. */
    public void awaitArrival() throws InterruptedException {
        await(arrived, "no call came");
    }

    /** Waits until the call that stood here is over. */
    public void awaitPassed() throws InterruptedException {
        await(passed, "the call did not end");
    }

    private static void await(CountDownLatch latch, String otherwise) throws InterruptedException {
        if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError(otherwise);
        }
    }
}
