// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.pgoutput;

import io.philotes.model.Lsn;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes one message. Stateless and pure: bytes in, message out; every read is checked against the message's end, and
 * whatever the manual does not allow ends in {@link io.philotes.error.ErrorCode#PROTOCOL}, never in a wrong value.
 *
 * <p>A message of a transaction that is still open is decoded without the transaction id behind its kind.
 */
public final class PgOutputDecoder {

    private PgOutputDecoder() {}

    /** Decodes the message in {@code bytes[offset, limit)}; it must fill that range exactly. */
    public static PgOutputMessage decode(byte[] bytes, int offset, int limit) {
        WireReader in = new WireReader(bytes, offset, limit);
        PgOutputMessage message = decode(in.int8("message kind"), in);
        in.requireEnd();
        return message;
    }

    private static PgOutputMessage decode(byte kind, WireReader in) {
        return switch (kind) {
            case 'I' -> insert(in);
            case 'U' -> update(in);
            case 'D' -> delete(in);
            case 'B' -> new Begin(in.lsn("final LSN"), in.int64("commit time"), in.int32("xid"));
            case 'C' -> commit(in);
            case 'R' -> relation(in);
            case 'T' -> truncate(in);
            case 'M' -> logicalMessage(in);
            case 'Y' -> new Type(in.int32("type oid"), in.string("type namespace"), in.string("type name"));
            case 'O' -> new Origin(in.lsn("origin LSN"), in.string("origin name"));
            case 'S' -> new StreamStart(in.int32("streamed xid"), in.int8("first segment") == 1);
            case 'E' -> new StreamStop();
            case 'c' -> streamCommit(in);
            case 'A' -> new StreamAbort(in.int32("streamed xid"), in.int32("aborted xid"));
            default -> throw WireReader.malformed("message kind " + kind);
        };
    }

    private static Insert insert(WireReader in) {
        int relation = in.int32("relation");
        in.expect((byte) 'N', "new tuple");
        return new Insert(relation, in.tuple());
    }

    private static Update update(WireReader in) {
        int relation = in.int32("relation");
        byte kind = in.int8("tuple kind");
        if (kind == 'N') {
            return new Update(relation, (byte) 0, null, in.tuple());
        }
        TupleRange old = oldTuple(kind, in);
        in.expect((byte) 'N', "new tuple");
        return new Update(relation, kind, old, in.tuple());
    }

    private static Delete delete(WireReader in) {
        int relation = in.int32("relation");
        byte kind = in.int8("tuple kind");
        return new Delete(relation, kind, oldTuple(kind, in));
    }

    private static TupleRange oldTuple(byte kind, WireReader in) {
        if (kind != 'K' && kind != 'O') {
            throw WireReader.malformed("old tuple kind " + kind);
        }
        return in.tuple();
    }

    private static Commit commit(WireReader in) {
        in.expect((byte) 0, "commit flags");
        return new Commit(in.lsn("commit LSN"), in.lsn("end LSN"), in.int64("commit time"));
    }

    private static StreamCommit streamCommit(WireReader in) {
        int xid = in.int32("streamed xid");
        in.expect((byte) 0, "stream commit flags");
        return new StreamCommit(xid, in.lsn("commit LSN"), in.lsn("end LSN"), in.int64("commit time"));
    }

    private static Relation relation(WireReader in) {
        int oid = in.int32("relation");
        String namespace = in.string("namespace");
        String name = in.string("relation name");
        char identity = identity(in.int8("replica identity"));
        int count = in.count16("column count");
        List<RelationColumn> columns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            columns.add(column(in));
        }
        return new Relation(oid, namespace.isEmpty() ? "pg_catalog" : namespace, name, identity, columns);
    }

    private static char identity(byte letter) {
        return switch (letter) {
            case 'd', 'n', 'f', 'i' -> (char) letter;
            default -> throw WireReader.malformed("replica identity " + letter);
        };
    }

    private static RelationColumn column(WireReader in) {
        boolean key = (in.int8("column flags") & 1) != 0;
        return new RelationColumn(key, in.string("column name"), in.int32("type oid"), in.int32("type modifier"));
    }

    private static Truncate truncate(WireReader in) {
        int count = in.int32("relation count");
        byte options = in.int8("truncate options");
        if (count < 0 || count > in.remaining() / 4) {
            throw WireReader.malformed("relation count " + count);
        }
        List<Integer> relations = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            relations.add(in.int32("relation"));
        }
        return new Truncate(options, relations);
    }

    private static LogicalMessage logicalMessage(WireReader in) {
        boolean transactional = (in.int8("message flags") & 1) != 0;
        Lsn lsn = in.lsn("message LSN");
        String prefix = in.string("message prefix");
        int length = in.int32("message length");
        return new LogicalMessage(transactional, lsn, prefix, in.skip(length, "message content"), length);
    }
}
