// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.model.Lsn;

/**
 * One child table. It begins and, but for the newest, ends on a transaction boundary. Immutable.
 *
 * @param firstSeq the number of its first row, which is also the table's name
 * @param endLsn where its last transaction ends; for the newest one, so far
 * @param bytes what its rows hold
 */
record Segment(long firstSeq, Lsn endLsn, long bytes) {

    Segment with(Lsn end, long more) {
        return new Segment(firstSeq, end, bytes + more);
    }
}
