// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.testkit.contract.ReadAheadContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** With segments so small that a transaction lies in several. */
class DiskBufferAheadTest extends ReadAheadContract {

    @TempDir
    Path directory;

    @Override
    protected ChangeBuffer create() {
        return DiskBuffer.builder(directory.resolve("buffer"))
                .segmentBytes(4096)
                .aheadBytes(AHEAD_BYTES)
                .build();
    }
}
