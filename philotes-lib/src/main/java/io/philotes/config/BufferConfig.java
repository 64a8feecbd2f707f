// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import java.util.Optional;

/**
 * Where changes wait for the sink. Immutable.
 *
 * @param type default {@code disk}
 * @param maxSize where capture starts to wait; default the buffer's own
 */
public record BufferConfig(BufferType type, Optional<ByteSize> maxSize) {

    public BufferConfig {
        type = type == null ? BufferType.DISK : type;
        maxSize = maxSize == null ? Optional.empty() : maxSize;
    }
}
