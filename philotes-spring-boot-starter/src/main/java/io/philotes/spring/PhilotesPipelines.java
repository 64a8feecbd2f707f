// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring;

import io.philotes.PipelineBuilder;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.group.internal.Member;
import io.philotes.pipeline.Pipeline;
import io.philotes.pipeline.PipelineStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application's pipelines, each by itself: one that fails takes no other with it. They start and stop with the application;
 * here they can be looked at, held and started again. Thread-safe.
 */
public final class PhilotesPipelines implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PhilotesPipelines.class);

    private final Map<String, Member> members = new LinkedHashMap<>();

    /** @param builders gives a pipeline's builder by its name, anew for each start; asked from several threads */
    public PhilotesPipelines(List<String> names, Function<String, PipelineBuilder> builders) {
        names.forEach(name -> members.put(name, new Member(name, () -> builders.apply(name))));
    }

    /** Their names, in the order of the properties. */
    public List<String> names() {
        return List.copyOf(members.keySet());
    }

    /** Each at this moment; never blocks. */
    public List<PipelineStatus> statuses() {
        return members.values().stream().map(Member::status).toList();
    }

    /** One at this moment, whether it has started or not; empty when there is none such. Never blocks. */
    public Optional<PipelineStatus> status(String name) {
        return Optional.ofNullable(members.get(name)).map(Member::status);
    }

    /** The one that was started last under this name, which may be at its end; empty when none was. */
    public Optional<Pipeline> pipeline(String name) {
        return Optional.ofNullable(members.get(name)).flatMap(Member::started);
    }

    /**
     * Starts one in the calling thread. No-op for one that runs; of one that was told to stop and has not ended yet the new start
     * follows its end, in a thread of its own.
     *
     * @throws PhilotesException when it cannot start, INVALID_CONFIGURATION when there is none such
     */
    public void start(String name) {
        member(name).startHere();
    }

    /**
     * Starts one in a thread of its own. What may pass is tried again for so long; its status tells what comes of it. No-op for
     * one that runs or starts.
     *
     * @throws PhilotesException INVALID_CONFIGURATION when there is none such
     */
    public void startAside(String name, Duration patience) {
        member(name).begin(patience);
    }

    /** Holds one still, see {@link Pipeline#pause}. @throws PhilotesException NOT_RUNNING when it has not started */
    public void pause(String name) {
        member(name).pipeline().pause();
    }

    /** Goes on after {@link #pause}. @throws PhilotesException NOT_RUNNING when it has not started */
    public void resume(String name) {
        member(name).pipeline().resume();
    }

    /** Stops one in order; it may be started again. Returns when it is at its end. */
    public void stop(String name) {
        member(name).stop();
    }

    /** Stops all at the same time, in order. Returns when they are at their end. */
    public void stopAll(Duration timeout) {
        List<Thread> stoppers = new ArrayList<>();
        members.forEach((name, member) -> {
            Thread stopper = new Thread(() -> member.stop(timeout), "philotes-" + name + "-stop");
            stopper.start();
            stoppers.add(stopper);
        });
        try {
            for (Thread stopper : stoppers) {
                stopper.join();
            }
        } catch (InterruptedException e) {
            LOG.warn("Interrupted while pipelines stop; what was not committed comes again");
            Thread.currentThread().interrupt();
        }
    }

    private Member member(String name) {
        Member member = members.get(name);
        if (member == null) {
            throw new PhilotesException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Cannot find the pipeline " + name + ": there is " + String.join(", ", members.keySet()));
        }
        return member;
    }

    /** Stops all for good. Idempotent. */
    @Override
    public void close() {
        members.values().forEach(Member::close);
    }
}
