// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.buffer.MemoryBuffer;
import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.buffer.disk.DiskBufferBuilder;
import java.nio.file.Path;

/** Makes buffers. */
final class BufferFactory {

    private BufferFactory() {}

    static ChangeBuffer buffer(BufferConfig config, Path directory) {
        return switch (config.type()) {
            case MEMORY ->
                MemoryBuffer.bounded(config.maxSize().map(ByteSize::bytes).orElse(MemoryBuffer.DEFAULT_LIMIT_BYTES));
            case DISK -> {
                DiskBufferBuilder builder = DiskBuffer.builder(directory);
                config.maxSize().ifPresent(size -> builder.limitBytes(size.bytes()));
                yield builder.build();
            }
        };
    }
}
