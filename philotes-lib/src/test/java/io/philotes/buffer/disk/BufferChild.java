// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.file.FileCheckpointStore;
import io.philotes.model.Lsn;
import io.philotes.testkit.contract.BatchFixtures;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Another process: owns a buffer, fills three segments, trims two, saves a checkpoint, and waits for its end. */
public final class BufferChild {

    private BufferChild() {}

    /** Arguments: directory of the buffer, directory of the checkpoint. */
    public static void main(String[] arguments) throws Exception {
        DiskBuffer buffer = DiskBuffer.builder(Path.of(arguments[0]))
                .segmentBytes(4096)
                .limitBytes(1 << 20)
                .build();
        buffer.open("child");
        for (int i = 1; i <= 3; i++) {
            buffer.append(BatchFixtures.whole(i * 100L, 1, 5_000), Duration.ZERO);
        }
        buffer.trim(new Lsn(200));
        FileCheckpointStore.at(Path.of(arguments[1]))
                .save("child", new Checkpoint("id", 1, "system", "slot", new Lsn(200), Map.of()));
        System.out.println("OWNED");
        while (System.in.read() >= 0) {
            Thread.onSpinWait();
        }
    }
}
