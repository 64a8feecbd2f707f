// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer;

import io.philotes.testkit.contract.ReadAheadContract;

class MemoryBufferAheadTest extends ReadAheadContract {

    @Override
    protected ChangeBuffer create() {
        return new MemoryBuffer(64 << 20, new Spilling(null, AHEAD_BYTES, 0));
    }
}
