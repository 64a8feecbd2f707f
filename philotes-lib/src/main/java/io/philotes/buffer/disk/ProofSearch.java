// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.model.BigEndian;
import java.io.IOException;

/** Looks behind a damaged place for a whole batch that was written after that place had been forced. */
final class ProofSearch {

    private static final int CHUNK = 64 * 1024;

    private final BufferFile file;
    private final RecordReader records;
    private final long length;

    ProofSearch(BufferFile file, long segment, long length) {
        this.file = file;
        this.records = new RecordReader(file, segment);
        this.length = length;
    }

    boolean findBehind(long damage) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (long at = damage + 1; length - at >= RecordFormat.HEAD_LENGTH; at += CHUNK - 3) {
            int count = (int) Math.min(CHUNK, length - at);
            file.read(at, chunk, 0, count);
            for (int i = 0; i + 4 <= count; i++) {
                if (BigEndian.getInt(chunk, i) == RecordFormat.MARK && proves(at + i, damage)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean proves(long offset, long damage) throws IOException {
        try {
            RawRecord record = records.read(offset, length);
            return record.type() == RecordFormat.BATCH && BigEndian.getLong(record.front(), 0) > damage;
        } catch (DamagedRecordException noRecordHere) {
            return false;
        }
    }
}
