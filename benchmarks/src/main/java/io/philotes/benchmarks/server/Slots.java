// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;

/**
 * Slots that stand at one place: one is kept as it was before the changes, and each part gets a copy of it, so that all read
 * the same WAL, as often as one likes. For one thread.
 */
public final class Slots implements AutoCloseable {

    private static final String ORIGIN = "philotes_benchmark_origin";

    private final Connection connection;

    public Slots(Source source) throws SQLException {
        this.connection = source.connect();
    }

    /** Makes the place of a new slot the origin. */
    public void createOrigin() throws SQLException {
        drop(ORIGIN);
        call("SELECT pg_create_logical_replication_slot(?, 'pgoutput')", ORIGIN);
    }

    /** Makes the place of an idle slot the origin. */
    public void keepOrigin(String slot) throws SQLException {
        drop(ORIGIN);
        call("SELECT pg_copy_logical_replication_slot(?, ?)", slot, ORIGIN);
    }

    /** A slot at the origin's place; one that has the name already is dropped. */
    public void copyOrigin(String slot) throws SQLException {
        drop(slot);
        call("SELECT pg_copy_logical_replication_slot(?, ?)", ORIGIN, slot);
    }

    /** Drops a slot if it is there, as soon as nobody reads it. */
    public void drop(String slot) throws SQLException {
        for (int tries = 0; walsender(slot).isPresent() && tries < 1_000; tries++) {
            call("SELECT pg_sleep(0.01) WHERE ? IS NOT NULL", slot);
        }
        call("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ?", slot);
    }

    public void dropOrigin() throws SQLException {
        drop(ORIGIN);
    }

    /** The process that reads the slot to somebody; empty when nobody has it. */
    public OptionalLong walsender(String slot) throws SQLException {
        String sql = "SELECT active_pid FROM pg_replication_slots WHERE slot_name = ? AND active_pid IS NOT NULL";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, slot);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    private void call(String sql, String... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setString(i + 1, arguments[i]);
            }
            statement.execute();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
