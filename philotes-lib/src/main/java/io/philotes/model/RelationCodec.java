// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A {@link RelationSchema} as bytes, for buffers that keep relation versions beside their batches. Stateless.
 *
 * <pre>
 * relation   int8 format (2) | int32 oid | utf schema | utf name | int8 identity letter
 *            | int16 columns | columns × column | int16 keys | keys × int16
 * column     utf name | int16 attnum | type | int32 typeModifier | int8 flags (1 notNull, 2 missing value) | utf-8 text of
 *            the missing value, behind its int32 length, if there is one
 * type       int32 oid | utf name | int8 kind ordinal | type of the element, for an array
 * utf        as DataOutput.writeUTF
 * </pre>
 */
public final class RelationCodec {

    private static final int FORMAT = 2;
    private static final int NOT_NULL = 1;
    private static final int MISSING_VALUE = 2;

    /** The longest text that PostgreSQL can make. */
    private static final int MAX_TEXT_BYTES = 1 << 30;

    /** A damaged length must not take memory that the bytes behind it cannot fill. */
    private static final int CHUNK_BYTES = 1 << 13;

    /** An array over a domain over an array is an array of arrays here; deeper than this nothing real goes. */
    private static final int MAX_ARRAY_DEPTH = 16;

    private RelationCodec() {}

    /** Writes the relation; throws {@link IllegalArgumentException} for numbers that PostgreSQL cannot mean. */
    public static void write(RelationSchema relation, DataOutput out) throws IOException {
        out.writeByte(FORMAT);
        out.writeInt(relation.oid());
        out.writeUTF(relation.table().schema());
        out.writeUTF(relation.table().name());
        out.writeByte(relation.identity().letter());
        writeShort(relation.columns().size(), out);
        for (Column column : relation.columns()) {
            writeColumn(column, out);
        }
        writeShort(relation.keyColumns().size(), out);
        for (int key : relation.keyColumns()) {
            writeShort(key, out);
        }
    }

    private static void writeShort(int value, DataOutput out) throws IOException {
        if (value < 0 || value > 0xFFFF) {
            throw new IllegalArgumentException("not a 16-bit number: " + value);
        }
        out.writeShort(value);
    }

    private static void writeColumn(Column column, DataOutput out) throws IOException {
        out.writeUTF(column.name());
        writeShort(column.attnum(), out);
        writeType(column.type(), out);
        out.writeInt(column.typeModifier());
        out.writeByte((column.notNull() ? NOT_NULL : 0) | (column.missingValue().isPresent() ? MISSING_VALUE : 0));
        if (column.missingValue().isPresent()) {
            byte[] text = column.missingValue().get().getBytes(StandardCharsets.UTF_8);
            out.writeInt(text.length);
            out.write(text);
        }
    }

    private static void writeType(PgType type, DataOutput out) throws IOException {
        out.writeInt(type.oid());
        out.writeUTF(type.name());
        out.writeByte(type.kind().ordinal());
        if (type.element().isPresent()) {
            writeType(type.element().get(), out);
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws MalformedBatchException for another format number, and for bytes that are no relation or end early
     * @throws IOException when {@code in} cannot be read
     */
    public static RelationSchema read(DataInput in) throws IOException {
        try {
            return readRelation(in);
        } catch (EOFException | UTFDataFormatException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new MalformedBatchException("relation ends early or is malformed (" + e.getMessage() + ")");
        }
    }

    private static RelationSchema readRelation(DataInput in) throws IOException {
        int format = in.readByte();
        if (format != FORMAT) {
            throw new MalformedBatchException("unknown relation format " + format);
        }
        int oid = in.readInt();
        TableId table = new TableId(in.readUTF(), in.readUTF());
        ReplicaIdentity identity = ReplicaIdentity.ofLetter((char) in.readByte());
        int columnCount = in.readUnsignedShort();
        List<Column> columns = new ArrayList<>(columnCount);
        for (int i = 0; i < columnCount; i++) {
            columns.add(readColumn(in));
        }
        int keyCount = in.readUnsignedShort();
        List<Integer> keys = new ArrayList<>(keyCount);
        for (int i = 0; i < keyCount; i++) {
            keys.add(in.readUnsignedShort());
        }
        return new RelationSchema(oid, table, identity, columns, keys);
    }

    private static Column readColumn(DataInput in) throws IOException {
        String name = in.readUTF();
        int attnum = in.readUnsignedShort();
        PgType type = readType(in, 0);
        int typeModifier = in.readInt();
        int flags = in.readByte();
        Optional<String> missing = (flags & MISSING_VALUE) == 0 ? Optional.empty() : Optional.of(readText(in));
        return new Column(name, attnum, type, typeModifier, (flags & NOT_NULL) != 0, missing);
    }

    private static String readText(DataInput in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MAX_TEXT_BYTES) {
            throw new MalformedBatchException("relation has a missing value of " + length + " bytes");
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        byte[] chunk = new byte[Math.min(length, CHUNK_BYTES)];
        for (int left = length; left > 0; left -= chunk.length) {
            in.readFully(chunk, 0, Math.min(left, chunk.length));
            text.write(chunk, 0, Math.min(left, chunk.length));
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static PgType readType(DataInput in, int depth) throws IOException {
        if (depth > MAX_ARRAY_DEPTH) {
            throw new MalformedBatchException("relation has a type of arrays without end");
        }
        int oid = in.readInt();
        String name = in.readUTF();
        PgType.Kind kind = PgType.Kind.values()[in.readByte()];
        return new PgType(
                oid, name, kind, kind == PgType.Kind.ARRAY ? Optional.of(readType(in, depth + 1)) : Optional.empty());
    }
}
