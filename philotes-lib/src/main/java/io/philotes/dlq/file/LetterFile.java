// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.file;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * One open file of dead letters. For one thread, which holds the lock.
 *
 * <pre>
 * file     header, see {@link FileHeader} | 2 × end mark, see {@link EndMark} | records
 * record   int32 mark "PHDL" | int8 type | int32 head length | int32 body length | int32 CRC32C of the body
 *          | int32 CRC32C of int64 generation, int64 offset, type, lengths, body's checksum and head | head | body
 * </pre>
 *
 * <p>Types and heads are those of {@link RecordFormat}. The head's checksum stands apart from the body's, so that a file of
 * large letters is walked through without reading their changes.
 */
final class LetterFile implements Closeable {

    static final int RECORD_HEADER = 21;

    private static final int MARK = 0x5048444C;

    /** A record to be written. */
    record Draft(byte type, byte[] head, byte[] body) {

        Draft(byte type, byte[] head) {
            this(type, head, new byte[0]);
        }

        long length() {
            return RECORD_HEADER + (long) head.length + body.length;
        }
    }

    /** A record that was read, without its body. */
    record Found(byte type, long offset, byte[] head, int bodyLength, int bodyCrc) {

        long end() {
            return offset + RECORD_HEADER + head.length + bodyLength;
        }
    }

    private final StoredFile file;
    private final FileHeader header;
    private EndMark mark;
    /** Whether an end mark is damaged: what stands behind the other one must be marked before more is written behind it. */
    private boolean needsMark;

    private LetterFile(StoredFile file, FileHeader header, EndMark mark) {
        this.file = file;
        this.header = header;
        this.mark = mark;
    }

    /** Opens a file and checks that it is as long as it says. */
    static LetterFile open(StoredFile file) throws IOException {
        FileHeader header = FileHeader.read(file);
        List<EndMark> marks = EndMark.read(file, header.generation());
        LetterFile opened = new LetterFile(file, header, marks.get(0));
        if (file.length() < opened.end()) {
            throw new DamagedFileException(file.length(), "the file is shorter than it was");
        }
        if (marks.size() == 1) {
            opened.takeWholeRecords();
            opened.needsMark = true;
        }
        return opened;
    }

    private void takeWholeRecords() throws IOException {
        long end = mark.end();
        mark = new EndMark(mark.sequence(), file.length());
        try {
            while (end < mark.end()) {
                Found record = found(end);
                body(record);
                end = record.end();
            }
        } catch (DamagedFileException notWhole) {
            // Here it ends.
        }
        mark = new EndMark(mark.sequence(), end);
    }

    /** Begins a file. It is durable with {@link #finish}. */
    static LetterFile create(StoredFile file, FileHeader header) throws IOException {
        file.truncate(0);
        file.write(0, new byte[EndMark.FIRST_RECORD]);
        file.write(0, header.encode());
        EndMark mark = EndMark.first();
        mark.write(file, header.generation());
        return new LetterFile(file, header, mark);
    }

    FileHeader header() {
        return header;
    }

    /** Where the last whole record ends. */
    long end() {
        return mark.end();
    }

    /** The records from {@code offset} to the end mark, one after the other. */
    Found next(long offset) throws IOException {
        if (offset == mark.end()) {
            return null;
        }
        return found(offset);
    }

    /** The record at {@code offset}, which was found there before. */
    Found found(long offset) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes(offset, RECORD_HEADER, offset));
        require(in.getInt() == MARK, offset, "there is no record");
        byte type = in.get();
        int headLength = in.getInt();
        int bodyLength = in.getInt();
        int bodyCrc = in.getInt();
        int headCrc = in.getInt();
        long room = mark.end() - offset - RECORD_HEADER;
        require(headLength >= 0 && bodyLength >= 0, offset, "a record's length is negative");
        require((long) headLength + bodyLength <= room, offset, "a record ends early");
        byte[] head = bytes(offset + RECORD_HEADER, headLength, offset);
        int crc = headCrc(offset, type, head, bodyLength, bodyCrc);
        require(crc == headCrc, offset, "a record's checksum does not match");
        return new Found(type, offset, head, bodyLength, bodyCrc);
    }

    /** A record's body. */
    byte[] body(Found record) throws IOException {
        byte[] body =
                bytes(record.offset() + RECORD_HEADER + record.head().length, record.bodyLength(), record.offset());
        require(crc(body) == record.bodyCrc(), record.offset(), "a change's checksum does not match");
        return body;
    }

    private byte[] bytes(long offset, int length, long record) throws IOException {
        require(length <= mark.end() - offset, record, "a record ends early");
        byte[] bytes = new byte[length];
        try {
            file.read(offset, bytes, length);
        } catch (EOFException e) {
            throw new DamagedFileException(record, "a record ends early");
        }
        return bytes;
    }

    private static void require(boolean holds, long offset, String why) throws DamagedFileException {
        if (!holds) {
            throw new DamagedFileException(offset, why);
        }
    }

    /**
     * Writes records durably, all of them or none.
     *
     * @return where each of them begins
     */
    long[] append(List<Draft> drafts) throws IOException {
        cutRest();
        if (needsMark) {
            finish(mark.end());
        }
        long[] offsets = new long[drafts.size()];
        long at = mark.end();
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = at;
            at = write(at, drafts.get(i));
        }
        finish(at);
        return offsets;
    }

    /** What stands behind the mark was written by somebody who was cut off before it was promised. */
    private void cutRest() throws IOException {
        if (file.length() > mark.end()) {
            file.truncate(mark.end());
        }
    }

    /** Writes one record, not yet durable and not yet counted. @return where it ends */
    long write(long offset, Draft draft) throws IOException {
        int bodyCrc = crc(draft.body());
        int headCrc = headCrc(offset, draft.type(), draft.head(), draft.body().length, bodyCrc);
        ByteBuffer out = ByteBuffer.allocate(RECORD_HEADER + draft.head().length);
        out.putInt(MARK).put(draft.type()).putInt(draft.head().length).putInt(draft.body().length);
        out.putInt(bodyCrc).putInt(headCrc).put(draft.head());
        file.write(offset, out.array());
        if (draft.body().length > 0) {
            file.write(offset + out.capacity(), draft.body());
        }
        return offset + draft.length();
    }

    /** Makes everything up to {@code end} durable, and says so. */
    void finish(long end) throws IOException {
        file.force();
        EndMark next = mark.next(end);
        next.write(file, header.generation());
        file.force();
        mark = next;
        needsMark = false;
    }

    private int headCrc(long offset, byte type, byte[] head, int bodyLength, int bodyCrc) {
        ByteBuffer place = ByteBuffer.allocate(29);
        place.putLong(header.generation()).putLong(offset).put(type);
        place.putInt(head.length).putInt(bodyLength).putInt(bodyCrc);
        CRC32C crc = new CRC32C();
        crc.update(place.flip());
        crc.update(head);
        return (int) crc.getValue();
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
