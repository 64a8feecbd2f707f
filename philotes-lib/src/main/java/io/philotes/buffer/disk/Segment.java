// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.model.Lsn;

/** One segment file in the catalogue. Guarded by the buffer's lock. */
final class Segment {

    final long number;
    long length;

    /** End of the last transaction that has bytes in it, or something behind that; {@link Lsn#MAX} while it is not known. */
    Lsn neededUpTo;

    Segment(long number, long length, Lsn neededUpTo) {
        this.number = number;
        this.length = length;
        this.neededUpTo = neededUpTo;
    }
}
