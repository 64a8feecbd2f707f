// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.model.ChangeBatch;
import io.philotes.model.RelationCodec;
import io.philotes.model.RelationSchema;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/** Writes records behind the last one of a segment. Confined to one thread; owns the file. */
final class SegmentWriter implements Closeable {

    private final BufferFile file;
    private final long segment;
    private final Map<RelationSchema, Integer> numbers = new HashMap<>();
    private long length;

    /** Goes on with a file of {@code length} bytes in which {@code relations} are defined. */
    SegmentWriter(BufferFile file, long segment, long length, List<RelationSchema> relations) {
        this.file = file;
        this.segment = segment;
        this.length = length;
        for (RelationSchema relation : relations) {
            numbers.putIfAbsent(relation, numbers.size());
        }
    }

    long segment() {
        return segment;
    }

    /** Bytes up to the end of the last append that was completed. */
    long length() {
        return length;
    }

    /** An upper bound, relations aside, of what an append takes. */
    static long sizeOf(ChangeBatch batch) {
        return RecordFormat.HEAD_LENGTH
                + RecordFormat.BATCH_LENGTH
                + 4L * batch.relations().size()
                + batch.length();
    }

    /** Writes the batch; it counts only after {@link #complete}. */
    Append write(ChangeBatch batch) throws IOException {
        List<RelationSchema> added = new ArrayList<>();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int[] used = new int[batch.relations().size()];
        for (int i = 0; i < used.length; i++) {
            used[i] = number(batch.relations().get(i), added, out);
        }
        putBatchFront(batch, used, out);
        byte[] front = out.toByteArray();
        file.write(length, front, 0, front.length);
        if (batch.length() > 0) {
            file.write(length + front.length, batch.bytes(), 0, batch.length());
        }
        return new Append(added, length + front.length + batch.length());
    }

    private int number(RelationSchema relation, List<RelationSchema> added, ByteArrayOutputStream out)
            throws IOException {
        Integer known = numbers.get(relation);
        if (known != null) {
            return known;
        }
        int pending = added.indexOf(relation);
        if (pending >= 0) {
            return numbers.size() + pending;
        }
        added.add(relation);
        putRelation(relation, out);
        return numbers.size() + added.size() - 1;
    }

    private void putRelation(RelationSchema relation, ByteArrayOutputStream out) throws IOException {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        RelationCodec.write(relation, new DataOutputStream(payload));
        byte[] bytes = payload.toByteArray();
        CRC32C crc = RecordFormat.checksum(segment, length + out.size(), bytes.length, RecordFormat.RELATION);
        crc.update(bytes);
        ByteBuffer head = ByteBuffer.allocate(RecordFormat.HEAD_LENGTH);
        RecordFormat.putHead(head, bytes.length, RecordFormat.RELATION, crc);
        out.writeBytes(head.array());
        out.writeBytes(bytes);
    }

    private void putBatchFront(ChangeBatch batch, int[] used, ByteArrayOutputStream out) {
        ByteBuffer front = ByteBuffer.allocate(RecordFormat.BATCH_LENGTH + 4 * used.length);
        RecordFormat.putBatch(front, length, batch);
        for (int number : used) {
            front.putInt(number);
        }
        int payload = Math.addExact(front.capacity(), batch.length());
        CRC32C crc = RecordFormat.checksum(segment, length + out.size(), payload, RecordFormat.BATCH);
        crc.update(front.array());
        crc.update(batch.bytes(), 0, batch.length());
        ByteBuffer head = ByteBuffer.allocate(RecordFormat.HEAD_LENGTH);
        RecordFormat.putHead(head, payload, RecordFormat.BATCH, crc);
        out.writeBytes(head.array());
        out.writeBytes(front.array());
    }

    void force() throws IOException {
        file.force();
    }

    /** Makes a written append count. */
    void complete(Append append) {
        for (RelationSchema relation : append.added()) {
            numbers.put(relation, numbers.size());
        }
        length = append.end();
    }

    /** Takes back what a failed append may have written. */
    void rollBack() throws IOException {
        file.truncate(length);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** What an append adds: relations that were new to the segment, and its end. */
    record Append(List<RelationSchema> added, long end) {}
}
