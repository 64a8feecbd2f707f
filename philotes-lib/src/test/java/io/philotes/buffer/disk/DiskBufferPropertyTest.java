// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.buffer.BufferModel;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
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
        if (e.code() != ErrorCode.BUFFER_FAILED) {
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
        FaultyDirectory.Fault[] faults = FaultyDirectory.Fault.values();
        for (int i = 0; i < 200; i++) {
            if (random.nextInt(10) == 0) {
                directory.nextWrite(faults[random.nextInt(faults.length)]);
            } else if (random.nextInt(20) == 0) {
                directory.nextForce(FaultyDirectory.Fault.FAIL);
            }
            try {
                model.step();
            } catch (PhilotesException e) {
                requireFailed(e);
                directory.nextWrite(FaultyDirectory.Fault.NONE);
                directory.nextForce(FaultyDirectory.Fault.NONE);
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
}
