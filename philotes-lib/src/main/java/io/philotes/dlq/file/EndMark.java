// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Says how far a {@link LetterFile} is whole. Two slots behind the header are written in turn, each after the records it
 * speaks of were forced: a torn write leaves the other slot, what is damaged in front of the mark is no torn write, and what
 * stands behind it was never promised to anybody. Where one slot is damaged, it may have been the newer: then whole records
 * behind the other one count too, which were forced before.
 *
 * <pre>
 * slot   int64 sequence | int64 end | int32 CRC32C of int64 generation and the 16 bytes before; 512 bytes apart
 * </pre>
 *
 * @param sequence the valid slot with the greater one counts
 * @param end where the last whole record ends
 */
record EndMark(long sequence, long end) {

    /** Where the records begin. */
    static final int FIRST_RECORD = 3 * FileHeader.LENGTH;

    private static final int LENGTH = 20;

    static EndMark first() {
        return new EndMark(0, FIRST_RECORD);
    }

    EndMark next(long newEnd) {
        return new EndMark(sequence + 1, newEnd);
    }

    void write(StoredFile file, long generation) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(LENGTH);
        out.putLong(sequence).putLong(end).putInt(crc(generation, sequence, end));
        file.write(slot((int) (sequence % 2)), out.array());
    }

    private static long slot(int number) {
        return (long) FileHeader.LENGTH * (1 + number);
    }

    private static int crc(long generation, long sequence, long end) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(24)
                .putLong(generation)
                .putLong(sequence)
                .putLong(end)
                .flip());
        return (int) crc.getValue();
    }

    /** The valid slots, at least one, the one that counts first. */
    static List<EndMark> read(StoredFile file, long generation) throws IOException {
        List<EndMark> valid = new ArrayList<>();
        for (int number = 0; number < 2; number++) {
            byte[] bytes = new byte[LENGTH];
            try {
                file.read(slot(number), bytes, LENGTH);
            } catch (EOFException e) {
                throw new DamagedFileException(slot(number), "the end mark is missing");
            }
            ByteBuffer in = ByteBuffer.wrap(bytes);
            EndMark mark = new EndMark(in.getLong(), in.getLong());
            if (in.getInt() == crc(generation, mark.sequence, mark.end)) {
                valid.add(mark);
            }
        }
        if (valid.isEmpty()) {
            throw new DamagedFileException(slot(0), "no end mark is valid");
        }
        valid.sort(Comparator.comparingLong(EndMark::sequence).reversed());
        return valid;
    }
}
