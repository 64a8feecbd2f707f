// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.error.PhilotesException;
import io.philotes.testkit.contract.BatchFixtures;
import java.nio.file.Path;
import java.time.Duration;

/** Appends ten batches as capture does: after a failure it finds out what is stored, and goes on behind that. */
public final class FailingForceChild {

    private FailingForceChild() {}

    /** Argument: directory of the buffer. */
    public static void main(String[] arguments) throws Exception {
        try (DiskBuffer buffer = DiskBuffer.builder(Path.of(arguments[0]))
                .segmentBytes(4096)
                .limitBytes(1 << 20)
                .build()) {
            buffer.open("child");
            while (buffer.appendedUpTo().value() < 1_000) {
                try {
                    buffer.append(
                            BatchFixtures.whole(buffer.appendedUpTo().value() + 100, 1, 1_500), Duration.ofSeconds(1));
                } catch (PhilotesException e) {
                    System.out.println("FAILED " + e.getMessage());
                    buffer.discardIncomplete();
                }
            }
        }
        System.out.println("DONE");
    }
}
