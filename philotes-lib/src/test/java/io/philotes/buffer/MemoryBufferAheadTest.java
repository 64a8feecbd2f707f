// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer;

class MemoryBufferAheadTest extends AheadContract {

    @Override
    protected ChangeBuffer create() {
        return new MemoryBuffer(64 << 20, new Spilling(null, AHEAD_BYTES, 0));
    }
}
