// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.postgres;

import io.philotes.model.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;

/** Sets the parameters of {@link BufferSql#insert} in their order. Used once. */
final class ChunkParameters {

    private final Connection connection;
    private final PreparedStatement statement;
    private final Chunk chunk;
    private int place;

    ChunkParameters(Connection connection, PreparedStatement statement, Chunk chunk) {
        this.connection = connection;
        this.statement = statement;
        this.chunk = chunk;
    }

    void set(Ownership ownership) throws SQLException {
        statement.setLong(++place, chunk.seq());
        statement.setBoolean(++place, chunk.last());
        statement.setInt(++place, chunk.crc());
        statement.setShort(++place, chunk.encoded().encoding());
        statement.setBytes(++place, chunk.bytes());
        statement.setLong(++place, chunk.last() ? chunk.encoded().plainLength() : 0);
        statement.setString(++place, chunk.endLsn());
        statement.setLong(++place, chunk.last() ? chunk.batch().changeCount() : 0);
        statement.setLong(++place, chunk.batch().extent().lastCommitMicros());
        set(chunk.tally());
        statement.setInt(++place, ownership.buffer());
        statement.setLong(++place, ownership.epoch());
    }

    private void set(BatchTally tally) throws SQLException {
        setArray("text", tally.tables());
        setArray("int4", tally.inserts());
        setArray("int4", tally.updates());
        setArray("int4", tally.deletes());
        setArray("int4", tally.truncates());
        statement.setInt(++place, tally.transactions());
        setLsn(tally.firstCommit());
        setLsn(tally.lastCommit());
        statement.setObject(++place, tally.transactions() == 0 ? null : tally.firstMicros(), Types.BIGINT);
    }

    private void setArray(String type, Object[] values) throws SQLException {
        statement.setArray(++place, connection.createArrayOf(type, values));
    }

    private void setLsn(Lsn lsn) throws SQLException {
        statement.setString(++place, lsn == null ? null : lsn.toString());
    }
}
