// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A {@link ChangeBatch} with its relation versions as one run of bytes that stands alone: a row of a database buffer, a dead
 * letter. Stateless. It has no checksum; its store has one.
 *
 * <pre>
 * batch   int8 format (1) | int64 endLsn | int8 flags (1 startsInside, 2 endsInside) | int64 changeCount
 *         | int64 lastCommitMicros | int16 n | n × relation as {@link RelationCodec} | int32 length | record bytes
 * </pre>
 */
public final class BatchCodec {

    /** What {@link #encode} writes, and the newest that {@link #decode} reads. */
    public static final int FORMAT = 1;

    private static final int STARTS_INSIDE = 1;
    private static final int ENDS_INSIDE = 2;

    private BatchCodec() {}

    /** @throws IllegalArgumentException for numbers that PostgreSQL cannot mean */
    public static byte[] encode(ChangeBatch batch) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(batch.length() + 256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            ChangeBatch.Extent extent = batch.extent();
            out.writeByte(FORMAT);
            out.writeLong(extent.endLsn().value());
            out.writeByte((extent.startsInside() ? STARTS_INSIDE : 0) | (extent.endsInside() ? ENDS_INSIDE : 0));
            out.writeLong(extent.changeCount());
            out.writeLong(extent.lastCommitMicros());
            out.writeShort(batch.relations().size());
            for (RelationSchema relation : batch.relations()) {
                RelationCodec.write(relation, out);
            }
            out.writeInt(batch.length());
            out.write(batch.bytes(), 0, batch.length());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** @throws MalformedBatchException for a newer format, and for bytes that are no batch or end early */
    public static ChangeBatch decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return read(bytes, in);
        } catch (EOFException | IllegalArgumentException e) {
            throw new MalformedBatchException("batch ends early or is malformed (" + e.getMessage() + ")");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ChangeBatch read(byte[] bytes, DataInputStream in) throws IOException {
        int format = in.readByte();
        if (format != FORMAT) {
            throw new MalformedBatchException("unknown batch format " + format);
        }
        Lsn endLsn = new Lsn(in.readLong());
        int flags = in.readByte();
        ChangeBatch.Extent extent = new ChangeBatch.Extent(
                endLsn, (flags & STARTS_INSIDE) != 0, (flags & ENDS_INSIDE) != 0, in.readLong(), in.readLong());
        int count = in.readUnsignedShort();
        List<RelationSchema> relations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            relations.add(RelationCodec.read(in));
        }
        int length = in.readInt();
        if (length != in.available()) {
            throw new MalformedBatchException("batch of " + length + " bytes has " + in.available());
        }
        // The stream would copy them twice.
        return new ChangeBatch(
                Arrays.copyOfRange(bytes, bytes.length - length, bytes.length), length, relations, extent);
    }
}
