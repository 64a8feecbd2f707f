// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.model.ChangeBatch;
import io.philotes.model.Lsn;

/** Puts one batch behind the last one: room, a table, its rows. Confined to the thread that holds the buffer's writing lock. */
final class Appending {

    private final TableWriter writer;
    private final BufferLimits limits;
    private final Held held;
    private final SharedContents contents;

    Appending(TableWriter writer, BufferLimits limits, Held held) {
        this.writer = writer;
        this.limits = limits;
        this.held = held;
        this.contents = held.contents();
    }

    /** Whether it is in; false when it surely is not, for want of room. */
    boolean append(ChangeBatch batch) {
        return batch.isEmpty() ? progress(batch.endLsn()) : write(batch);
    }

    private boolean progress(Lsn position) {
        if (!writer.progress(position)) {
            return false;
        }
        contents.change(c -> c.progressed(position));
        return true;
    }

    private boolean write(ChangeBatch batch) {
        EncodedBatch encoded = EncodedBatch.of(batch, held.encoding(), limits.chunkBytes());
        if (!contents.look(c -> c.hasRoomFor(encoded.cost())) || !hasTable()) {
            return false;
        }
        long table = contents.look(Contents::newest).firstSeq();
        long seq = contents.look(Contents::nextSeq);
        if (!writer.write(table, encoded.chunks(seq))) {
            return false;
        }
        // Before readers are told of it, so that they find it.
        held.recent().add(seq, seq + encoded.rows(), batch);
        contents.change(c -> note(c, batch, encoded));
        return true;
    }

    /** Begins a table where the next rows need a new one; false when that cannot be now. */
    private boolean hasTable() {
        if (contents.look(Contents::isWritable)) {
            return true;
        }
        long firstSeq = contents.look(Contents::nextSeq);
        if (!writer.begin(contents.look(Contents::unsealed), firstSeq)) {
            return false;
        }
        contents.change(c -> c.began(firstSeq));
        return true;
    }

    private static void note(Contents contents, ChangeBatch batch, EncodedBatch encoded) {
        if (batch.endsOnBoundary()) {
            contents.whole(encoded.rows(), encoded.cost(), batch.endLsn());
        } else {
            contents.part(encoded.rows(), encoded.cost());
        }
    }
}
