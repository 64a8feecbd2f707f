// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.workload;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;

/**
 * A procedure at the source that makes changes in transactions: a round trip for each would take minutes. Immutable.
 *
 * @param declarations of the procedure, which has the parameter {@code total} and counts what it changed in {@code changes}
 * @param body its statements
 */
record Generator(String declarations, String body) {

    private static final String NAME = SourceTable.SCHEMA + ".generate";

    /** Runs it and answers what it counted. */
    long run(SourceSession source, long total) throws SQLException {
        try (Connection connection = source.connect()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(ddl());
            }
            try (CallableStatement call = connection.prepareCall("CALL " + NAME + "(?, ?)")) {
                call.setLong(1, total);
                call.registerOutParameter(2, Types.BIGINT);
                call.setLong(2, 0);
                call.execute();
                return call.getLong(2);
            }
        }
    }

    private String ddl() {
        return "CREATE OR REPLACE PROCEDURE " + NAME + "(total bigint, INOUT changes bigint) LANGUAGE plpgsql AS "
                + "$procedure$ DECLARE " + declarations + " BEGIN " + body + " END $procedure$";
    }
}
