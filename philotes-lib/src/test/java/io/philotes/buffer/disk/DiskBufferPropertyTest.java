// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.BufferModel;
import io.philotes.buffer.BufferReader;
import io.philotes.buffer.disk.FaultyDirectory.Fault;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;
import io.philotes.testkit.contract.BatchFixtures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The disk buffer against the model, on a directory that loses power at any moment. */
class DiskBufferPropertyTest {

    private static LogLimits limits(Random random) {
        long segmentBytes = 2_000 + random.nextInt(20_000);
        return new LogLimits(segmentBytes, segmentBytes * (4 + random.nextInt(20)));
    }

    private static DiskBuffer opened(FaultyDirectory directory, LogLimits limits) {
        DiskBuffer buffer = new DiskBuffer(directory, limits);
        buffer.open("model");
        return buffer;
    }

    @Property(tries = 300)
    void behaves_like_the_model_over_restarts(@ForAll long seed) throws InterruptedException {
        Random random = new Random(seed);
        LogLimits limits = limits(random);
        FaultyDirectory directory = new FaultyDirectory();
        DiskBuffer buffer = opened(directory, limits);
        BufferModel model = new BufferModel(random, buffer);
        for (int i = 0; i < 200; i++) {
            model.step();
            if (random.nextInt(30) == 0) {
                buffer.close();
                buffer = opened(directory, limits);
                model.restarted(buffer);
            } else if (random.nextInt(30) == 0) {
                directory = directory.afterPowerCut(random);
                buffer = opened(directory, limits);
                model.restarted(buffer);
            }
        }
    }

    @Property(tries = 400)
    void loses_nothing_when_the_power_goes_at_any_moment(@ForAll long seed) throws InterruptedException {
        Random random = new Random(seed);
        LogLimits limits = limits(random);
        FaultyDirectory directory = new FaultyDirectory();
        DiskBuffer buffer = opened(directory, limits);
        BufferModel model = new BufferModel(random, buffer);
        for (int cut = 0; cut < 8; cut++) {
            directory.cutPowerAfter(random.nextInt(80));
            try {
                for (int i = 0; i < 100; i++) {
                    model.step();
                }
                buffer.close();
            } catch (PhilotesException e) {
                requireFailed(e);
            }
            directory = directory.afterPowerCut(random);
            buffer = null;
            while (buffer == null) {
                // The power may go again while the log is recovered.
                directory.cutPowerAfter(random.nextInt(20));
                try {
                    buffer = opened(directory, limits);
                } catch (PhilotesException e) {
                    requireFailed(e);
                    directory = directory.afterPowerCut(random);
                }
            }
            directory.cutPowerAfter(Integer.MAX_VALUE);
            model.restarted(buffer);
        }
    }

    private static void requireFailed(PhilotesException e) {
        if (e.code() != ErrorCode.BUFFER_FAILED && e.code() != ErrorCode.BUFFER_FULL) {
            throw e;
        }
    }

    @Property(tries = 300)
    void a_failed_write_or_force_loses_nothing(@ForAll long seed) throws InterruptedException {
        Random random = new Random(seed);
        LogLimits limits = limits(random);
        FaultyDirectory directory = new FaultyDirectory();
        DiskBuffer buffer = opened(directory, limits);
        BufferModel model = new BufferModel(random, buffer);
        Fault[] faults = Fault.values();
        for (int i = 0; i < 200; i++) {
            if (random.nextInt(10) == 0) {
                directory.nextWrite(faults[random.nextInt(faults.length)]);
            } else if (random.nextInt(20) == 0) {
                directory.nextForce(Fault.FAIL);
            }
            try {
                model.step();
            } catch (PhilotesException e) {
                requireFailed(e);
                directory.nextWrite(Fault.NONE);
                directory.nextForce(Fault.NONE);
                // The process alone dies and what it wrote is in the system's cache, or the machine dies with it.
                buffer.close();
                directory = random.nextBoolean() ? directory : directory.afterPowerCut(random);
                buffer = opened(directory, limits);
                model.restarted(buffer);
                directory = directory.afterPowerCut(random);
                buffer = opened(directory, limits);
                model.restarted(buffer);
            }
        }
    }

    @Property(tries = 300)
    void a_shortened_last_segment_leaves_a_beginning_or_is_refused(@ForAll long seed) throws InterruptedException {
        Random random = new Random(seed);
        LogLimits limits = limits(random);
        FaultyDirectory directory = new FaultyDirectory();
        DiskBuffer buffer = opened(directory, limits);
        BufferModel model = new BufferModel(random, buffer);
        for (int cut = 0; cut < 5; cut++) {
            for (int i = 0; i < 50; i++) {
                model.step();
            }
            directory = directory.afterPowerCut(random);
            directory.shortenLastSegment(random);
            try {
                buffer = opened(directory, limits);
            } catch (PhilotesException e) {
                if (e.code() == ErrorCode.BUFFER_CORRUPT) {
                    return;
                }
                throw e;
            }
            model.restartedShortened(buffer);
        }
    }

    @Property(tries = 200)
    void goes_on_in_place_after_any_failure_of_the_storage(@ForAll long seed) throws InterruptedException {
        Random random = new Random(seed);
        LogLimits limits = limits(random);
        FaultyDirectory directory = new FaultyDirectory();
        DiskBuffer buffer = opened(directory, limits);
        BufferModel model = new BufferModel(random, buffer);
        for (int i = 0; i < 200; i++) {
            if (random.nextInt(8) == 0) {
                directory.nextChange(random.nextInt(6), random.nextBoolean() ? Fault.FAIL : Fault.FULL);
            }
            try {
                model.step();
            } catch (PhilotesException e) {
                requireFailed(e);
                Lsn trimmed = buffer.trimmedUpTo();
                recover(buffer, directory, random);
                assertThat(buffer.trouble()).isEmpty();
                assertThat(buffer.trimmedUpTo()).isGreaterThanOrEqualTo(trimmed);
                model.restarted(buffer);
            }
            if (random.nextInt(50) == 0) {
                directory = directory.afterPowerCut(random);
                buffer = opened(directory, limits);
                model.restarted(buffer);
            }
        }
    }

    /** What capture does: it waits a little and finds out what is stored; the disk may fail again meanwhile. */
    private static void recover(DiskBuffer buffer, FaultyDirectory directory, Random random) {
        directory.nextChange(random.nextInt(8), random.nextBoolean() ? Fault.FAIL : Fault.NONE);
        while (true) {
            try {
                buffer.discardIncomplete();
                return;
            } catch (PhilotesException e) {
                requireFailed(e);
                assertThat(buffer.trouble()).contains(e);
            }
        }
    }

    @Property(tries = 200)
    void a_full_disk_is_waited_for_and_outlives_restarts(@ForAll long seed) throws InterruptedException {
        Random random = new Random(seed);
        long segmentBytes = 2_000 + random.nextInt(20_000);
        LogLimits limits = new LogLimits(segmentBytes, segmentBytes * 30, random.nextInt(3) * 1_000L);
        FaultyDirectory directory = new FaultyDirectory();
        DiskBuffer buffer = opened(directory, limits);
        BufferModel model = new BufferModel(random, buffer);
        for (int i = 0; i < 200; i++) {
            if (random.nextInt(10) == 0) {
                directory.capacity(directory.used() + random.nextInt(10_000));
            }
            try {
                model.step();
            } catch (PhilotesException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.BUFFER_FULL);
                directory.capacity(Long.MAX_VALUE);
                buffer.discardIncomplete();
                model.restarted(buffer);
            }
            if (random.nextInt(30) == 0) {
                directory.capacity(directory.used());
                buffer.close();
                buffer = opened(directory, limits);
                model.restarted(buffer);
            }
        }
        directory.capacity(Long.MAX_VALUE);
        buffer.discardIncomplete();
        buffer.trim(buffer.appendedUpTo());
        assertThat(buffer.append(BatchFixtures.whole(buffer.appendedUpTo().value() + 10, 1, 10), Duration.ZERO))
                .isTrue();
        assertThat(buffer.trouble()).isEmpty();
    }

    @Property(tries = 1_000)
    void damage_is_found_unless_it_looks_like_a_write_that_was_torn(@ForAll long seed) throws InterruptedException {
        Random random = new Random(seed);
        LogLimits limits = limits(random);
        FaultyDirectory directory = new FaultyDirectory();
        DiskBuffer buffer = opened(directory, limits);
        BufferModel model = new BufferModel(random, buffer);
        for (int i = 0; i < 40; i++) {
            model.step();
        }
        Lsn after = buffer.trimmedUpTo();
        List<List<String>> written = transactions(buffer, after);
        boolean inOrder = random.nextBoolean();
        if (inOrder) {
            buffer.close();
        }
        FaultyDirectory found = directory.afterPowerCut(random);
        String damage = found.damage(random);
        try {
            int mayLose = mayLose(damage, found, inOrder);
            DiskBuffer damaged = opened(found, limits);
            List<List<String>> read = transactions(damaged, after);
            assertThat(read.size()).as(damage).isGreaterThanOrEqualTo(written.size() - mayLose);
            assertThat(read).as(damage).isEqualTo(written.subList(0, read.size()));
        } catch (PhilotesException e) {
            assertThat(e.code()).as(damage).isIn(ErrorCode.BUFFER_CORRUPT, ErrorCode.FORMAT_TOO_NEW);
            assertThat(e.getMessage()).containsPattern("file=([0-9a-f]{16}\\.segment|state)");
        }
    }

    /** What no file can tell from writes that were torn; the source knows better, when it was told that they are durable. */
    private static int mayLose(String damage, FaultyDirectory found, boolean closedInOrder) {
        String last = found.names().stream()
                .filter(name -> name.endsWith(".segment"))
                .max(Comparator.naturalOrder())
                .orElseThrow();
        if (closedInOrder || !damage.contains(last)) {
            return 0;
        }
        return damage.startsWith("flip") ? 1 : Integer.MAX_VALUE;
    }

    private static List<List<String>> transactions(DiskBuffer buffer, Lsn after) throws InterruptedException {
        List<List<String>> all = new ArrayList<>();
        try (BufferReader reader = buffer.reader("all", after)) {
            List<String> open = new ArrayList<>();
            for (ChangeBatch batch = reader.poll(Duration.ZERO); batch != null; batch = reader.poll(Duration.ZERO)) {
                open.add(BatchFixtures.describe(batch));
                if (batch.endsOnBoundary()) {
                    all.add(List.copyOf(open));
                    open.clear();
                }
            }
        }
        return all;
    }
}
