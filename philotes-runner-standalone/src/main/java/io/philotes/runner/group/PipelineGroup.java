// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.group;

import io.philotes.PipelineBuilder;
import io.philotes.dlq.DeadLetterRequests;
import io.philotes.error.PhilotesException;
import io.philotes.group.internal.Member;
import io.philotes.model.TableId;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.VerifyReport;
import io.philotes.pipeline.VerifyRequest;
import io.philotes.runner.server.RunningPipelines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pipelines of one process, each by itself: one that cannot start, fails, or is stopped takes no other with it.
 * Thread-safe.
 */
public final class PipelineGroup implements RunningPipelines, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PipelineGroup.class);

    private final List<Member> members;
    private final CopyCounts copies = new CopyCounts();

    /**
     * Starts nothing yet.
     *
     * @param builders gives a pipeline's builder by its name, anew for each start; asked from several threads
     */
    public PipelineGroup(List<String> names, Function<String, PipelineBuilder> builders) {
        this.members = names.stream()
                .map(name -> new Member(name, () -> builders.apply(name).listener(copies)))
                .toList();
    }

    /**
     * Starts all of them. The only one starts in the calling thread; of several each in its own, and one that cannot is
     * FAILED while the others go on.
     *
     * @param patience for how long one of several tries again when what keeps it from starting may pass
     * @throws PhilotesException of the only one when it cannot start
     */
    public void start(Duration patience) {
        if (members.size() == 1) {
            members.get(0).startHere();
        } else {
            members.forEach(member -> member.begin(patience));
        }
    }

    /**
     * Starts one again that is at its end, or will be because it was stopped, in a thread of its own; its status tells what
     * comes of it. No-op for one that runs.
     */
    @Override
    public void start(String name) {
        member(name).begin(Duration.ZERO);
    }

    /**
     * Stops one in order; the process goes on, also when it was the last. Returns when it is at its end, or took longer than it
     * was given.
     */
    @Override
    public void stop(String name) {
        member(name).stop();
    }

    /** @throws PhilotesException NOT_RUNNING when it has not started */
    @Override
    public void pause(String name) {
        member(name).pipeline().pause();
    }

    /** No-op for one that has not started: it was not paused. */
    @Override
    public void resume(String name) {
        member(name).started().ifPresent(Pipeline::resume);
    }

    @Override
    public List<PipelineStatus> statuses() {
        return members.stream().map(Member::status).toList();
    }

    @Override
    public Map<TableId, Long> copies(String pipeline) {
        return copies.of(pipeline);
    }

    @Override
    public void resync(String pipeline, Collection<TableId> tables) {
        member(pipeline).pipeline().resync(tables);
    }

    @Override
    public Optional<DeadLetterRequests> deadLetters(String pipeline) {
        return member(pipeline).pipeline().deadLetters();
    }

    @Override
    public VerifyReport verify(String pipeline, VerifyRequest request) throws InterruptedException {
        return member(pipeline).pipeline().verify(request);
    }

    public PipelineStatus status(String name) {
        return member(name).status();
    }

    private Member member(String name) {
        return members.stream()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Commits everything that was in the WAL at the call, in each pipeline that can.
     *
     * @throws PhilotesException of the first that cannot, after the others have
     */
    public void runUntilCaughtUp(Duration timeout) throws InterruptedException {
        PhilotesException first = null;
        for (Member member : members) {
            member.awaitStarted();
            try {
                if (member.started().isPresent()) {
                    member.pipeline().runUntilCaughtUp(timeout);
                }
            } catch (PhilotesException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /** Waits until every pipeline is at its end, other than by {@link #stop}. */
    public void awaitStopped() throws InterruptedException {
        do {
            for (Member member : members) {
                member.awaitEnded();
            }
        } while (!members.stream().allMatch(Member::hasEnded));
    }

    /** Why the first of those that failed did. */
    public Optional<PhilotesException> failure() {
        return members.stream().flatMap(member -> member.failure().stream()).findFirst();
    }

    /** Stops all at the same time, within {@link io.philotes.pipeline.Pipeline#DEFAULT_STOP_TIMEOUT}. Idempotent. */
    @Override
    public void close() {
        List<Thread> stoppers = new ArrayList<>();
        for (Member member : members) {
            Thread stopper = new Thread(member::close, "philotes-" + member.name() + "-stop");
            stopper.start();
            stoppers.add(stopper);
        }
        try {
            for (Thread stopper : stoppers) {
                stopper.join();
            }
        } catch (InterruptedException e) {
            LOG.warn("Interrupted while pipelines stop; what was not committed comes again");
            Thread.currentThread().interrupt();
        }
    }
}
