// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.call;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs everything that talks to catalog or storage on threads of its own, so that the caller never waits for ever: a call
 * that makes no step for the length of the deadline is interrupted and given up. Its thread may hang on in a socket, so
 * whatever state it had is void from then on. Threads that have nothing to do end by themselves. Calls are made by one thread.
 */
public final class BoundedCalls {

    private static final Logger LOG = LoggerFactory.getLogger(BoundedCalls.class);

    private static final long IDLE_SECONDS = 10;

    /** What an interrupted caller gives its call to come to a clean end. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final ExecutorService threads;
    private final int parallelism;
    private final Semaphore places;
    private final Duration deadline;

    /**
     * @param parallelism how many calls of {@link #start} are under way at a time
     * @param deadline how long a call may make no step, and one of {@link #start} may take
     */
    public BoundedCalls(String name, int parallelism, Duration deadline) {
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> new Worker(task, "philotes-" + name + "-worker-" + number.incrementAndGet()));
        this.parallelism = parallelism;
        this.places = new Semaphore(parallelism);
        this.deadline = deadline;
    }

    /**
     * Starts a call as soon as there is a place. Its deadline is one for the whole call; who cancels the result gives it up.
     *
     * @return completes with the result, the call's exception, or {@link TimeoutException}
     */
    public <T> CompletableFuture<T> start(Callable<T> body) throws InterruptedException {
        places.acquire();
        BoundedCall<T> call = new BoundedCall<>(threads, body);
        call.result().orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS);
        CompletableFuture<T> end = call.result().whenComplete((value, failure) -> {
            if (failure instanceof TimeoutException) {
                call.giveUp();
            }
            places.release();
        });
        end.whenComplete((value, failure) -> {
            if (failure instanceof CancellationException) {
                call.giveUp();
            }
        });
        return end;
    }

    /**
     * Runs one call whose commit must be known and waits for it.
     *
     * @throws PhilotesException what the call throws, COMMIT_UNKNOWN when it passes its deadline or ends in another way
     */
    public <T> T commit(TableId table, Callable<T> body) {
        try {
            return start(body).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PhilotesException known) {
                throw known;
            }
            throw unknown(table, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unknown(table, e);
        }
    }

    /** How a commit ended of which nothing is known. */
    public static PhilotesException unknown(TableId table, Throwable cause) {
        String why = cause instanceof TimeoutException
                ? "the deadline passed"
                : cause instanceof InterruptedException ? "interrupted" : String.valueOf(cause.getMessage());
        return new PhilotesException(ErrorCode.COMMIT_UNKNOWN, "Cannot tell whether a commit landed: " + why, cause)
                .inTable(table);
    }

    /**
     * Runs one call and waits for it, as long as it makes steps.
     *
     * @param stuck the code of a call that did not come back and changes nothing
     * @param what completes "Cannot …"
     * @throws PhilotesException what the call throws; {@code stuck} when it does not come back or storage or catalog failed it,
     *     COMMIT_UNKNOWN when it was changing something then; INTERRUPTED, and the flag is set again
     */
    public <T> T await(ErrorCode stuck, String what, Callable<T> body) {
        BoundedCall<T> call = new BoundedCall<>(threads, body);
        try {
            return call.await(deadline);
        } catch (ExecutionException e) {
            throw failed(call.isSending() ? ErrorCode.COMMIT_UNKNOWN : stuck, what, e.getCause());
        } catch (TimeoutException e) {
            call.giveUp();
            throw stuck(call, stuck, what, e);
        } catch (InterruptedException e) {
            call.giveUp();
            Thread.currentThread().interrupt();
            throw new PhilotesException(ErrorCode.INTERRUPTED, "Cannot " + what + ": interrupted", e);
        }
    }

    /** The same for a call about one table: a failure names it. */
    public <T> T awaitIn(TableId table, ErrorCode stuck, String what, Callable<T> body) {
        try {
            return await(stuck, what, body);
        } catch (PhilotesException e) {
            throw e.table().isPresent() ? e : e.inTable(table);
        }
    }

    /**
     * The same for a call that works on state of the caller. After an interrupt it is given a moment to end.
     *
     * @param whenGivenUp the state is void: the call may still be at work on it
     */
    public <T> T await(ErrorCode stuck, String what, Callable<T> body, Runnable whenGivenUp)
            throws InterruptedException {
        BoundedCall<T> call = new BoundedCall<>(threads, body);
        try {
            return call.await(deadline);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            throw failed(call.isSending() ? ErrorCode.COMMIT_UNKNOWN : stuck, what, e.getCause());
        } catch (TimeoutException e) {
            call.giveUp();
            whenGivenUp.run();
            throw stuck(call, stuck, what, e);
        } catch (InterruptedException e) {
            call.interrupt();
            if (!endsWithin(call, GRACE.compareTo(deadline) < 0 ? GRACE : deadline)) {
                call.giveUp();
                whenGivenUp.run();
            }
            throw e;
        }
    }

    /**
     * Runs cleanup and waits for it, an interrupt or not. Never throws.
     *
     * @return false when it was given up: what it worked on is void
     */
    public boolean quietly(String what, Runnable body) {
        BoundedCall<Object> call = new BoundedCall<>(threads, () -> {
            body.run();
            return what;
        });
        boolean ended = endsWithin(call, deadline);
        if (!ended) {
            call.giveUp();
            LOG.warn("Could not {}: nothing moved for {}; files may stay behind", what, deadline);
        }
        return ended;
    }

    /** Starts a call that takes no place of another. Who does not wait for it any longer gives it up. */
    public <T> BoundedCall<T> begin(Callable<T> body) {
        return new BoundedCall<>(threads, body);
    }

    /** Starts a call that nobody waits for, and that takes no place of another; see {@link BackgroundCall}. */
    BoundedCall<?> background(Runnable body) {
        return new BoundedCall<>(threads, () -> {
            body.run();
            return true;
        });
    }

    /** See the constructor. */
    public Duration deadline() {
        return deadline;
    }

    /** How many calls are to be under way at a time. */
    public int parallelism() {
        return parallelism;
    }

    private static boolean endsWithin(BoundedCall<?> call, Duration patience) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    call.await(patience);
                    return true;
                } catch (ExecutionException e) {
                    LOG.debug("A call ended in {}", e.getCause().toString());
                    return true;
                } catch (TimeoutException e) {
                    return false;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private PhilotesException stuck(BoundedCall<?> call, ErrorCode stuck, String what, TimeoutException cause) {
        ErrorCode code = call.isSending() ? ErrorCode.COMMIT_UNKNOWN : stuck;
        return new PhilotesException(code, "Cannot " + what + ": nothing moved for " + deadline, cause);
    }

    private static RuntimeException failed(ErrorCode code, String what, Throwable cause) {
        if (cause instanceof RuntimeException known
                && (known instanceof PhilotesException || !Outside.isToBlame(known))) {
            return known;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new PhilotesException(code, "Cannot " + what + ": " + cause.getMessage(), cause);
    }
}
