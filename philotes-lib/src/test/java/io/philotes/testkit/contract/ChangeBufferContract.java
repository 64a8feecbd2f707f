// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit.contract;

import io.philotes.buffer.ChangeBuffer;

/**
 * What every {@link ChangeBuffer} promises, as tests: extend it and say how a buffer is made.
 *
 * <ul>
 *   <li>Batches come out as they went in, each once per reader; a transaction in parts only with its last part.
 *   <li>The marks only rise; what comes out of order is refused with {@code DEFECT} and changes nothing.
 *   <li>A full buffer says so, and takes more after a trim; one transaction may go beyond the limit.
 *   <li>Close wakes who waits. One appender, one trimmer and several readers work at the same time.
 *   <li>Where {@link ChangeBuffer#survivesRestart}: what was appended is there for the next process, whole transactions only.
 * </ul>
 *
 * <p>Each test has an object of the test class, and so a store, of its own. Whether the storage itself keeps its word (a power
 * failure, a full disk) no contract can try: that is for the implementation's own tests.
 */
public abstract class ChangeBufferContract extends BufferRestarts {

    /**
     * A new, empty buffer that is not open yet. A test may ask for a second one after it has closed the first.
     *
     * @param limitBytes what its {@link ChangeBuffer#limitBytes} answers, and keeps
     */
    @Override
    protected abstract ChangeBuffer create(long limitBytes);

    /**
     * Another buffer on the storage of the one that {@link #create} made last and that is closed now, not open yet: what the next
     * process does. Asked only where {@link ChangeBuffer#survivesRestart}.
     */
    @Override
    protected ChangeBuffer again(long limitBytes) {
        throw new UnsupportedOperationException("this buffer survives a restart: override again()");
    }
}
