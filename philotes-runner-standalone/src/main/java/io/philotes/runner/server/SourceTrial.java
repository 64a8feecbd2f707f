// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.config.Discovery;
import io.philotes.config.SourceConfig;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.CheckReport;
import io.philotes.health.Finding;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks at sources that callers describe. Nobody waits longer than the limit, at which the connection is broken off. A turn is
 * free again only when its look has ended, so there are never more of them. Thread-safe.
 */
final class SourceTrial {

    /** What the names are made of that a source does not give. */
    static final String PIPELINE = "test";

    private static final int AT_ONCE = 2;

    private final Duration limit;
    private final Semaphore turns = new Semaphore(AT_ONCE);

    SourceTrial(Duration limit) {
        this.limit = limit;
    }

    /** @throws Refusal when too many are under way */
    CheckJson of(SourceConfig source) {
        if (!turns.tryAcquire()) {
            throw Refusal.of(503, "as many sources as may be are being tested", "try again later");
        }
        FutureTask<CheckReport> look = new FutureTask<>(() -> look(source));
        Thread thread = new Thread(look, "philotes-source-test");
        thread.setDaemon(true);
        start(thread);
        return CheckJson.of(null, Map.of(PIPELINE, await(look, thread)));
    }

    /** There may be no thread to be had. */
    private void start(Thread thread) {
        boolean started = false;
        try {
            thread.start();
            started = true;
        } finally {
            if (!started) {
                turns.release();
            }
        }
    }

    private CheckReport look(SourceConfig source) {
        try {
            return Discovery.check(source, PIPELINE);
        } catch (PhilotesException e) {
            return error(e.code(), "source", e.reason(), e.hint());
        } catch (RuntimeException e) {
            // Whatever answers there may confuse the driver. What it sent is not repeated.
            return error(
                    ErrorCode.SOURCE_UNREACHABLE,
                    "connect",
                    "it does not answer as PostgreSQL does (" + e.getClass().getSimpleName() + ")",
                    ErrorCode.SOURCE_UNREACHABLE.hint());
        } finally {
            turns.release();
        }
    }

    private CheckReport await(FutureTask<CheckReport> look, Thread thread) {
        try {
            return look.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // The connection closes by that. To cancel the task could keep it from running, and so from giving its turn
            // back.
            thread.interrupt();
            return error(
                    ErrorCode.SOURCE_UNREACHABLE,
                    "connect",
                    "it was not done within " + limit.toSeconds() + " s",
                    ErrorCode.SOURCE_UNREACHABLE.hint());
        } catch (ExecutionException e) {
            throw new IllegalStateException("a source could not be tested", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PhilotesException(ErrorCode.INTERRUPTED, "Cannot look: the server stops", e);
        }
    }

    private static CheckReport error(ErrorCode code, String subject, String message, String fix) {
        return new CheckReport(List.of(Finding.error(code, subject, message, fix)));
    }
}
