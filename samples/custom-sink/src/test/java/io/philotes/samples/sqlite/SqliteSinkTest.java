// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples.sqlite;

import io.philotes.model.RelationSchema;
import io.philotes.sink.Sink;
import io.philotes.testkit.contract.SinkContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** The sink keeps the contract: everything below is told to the kit, the tests come from there. */
class SqliteSinkTest extends SinkContract {

    @TempDir
    Path directory;

    @Override
    protected Sink newSink() {
        return SqliteSink.at(file());
    }

    @Override
    protected List<String> rows(RelationSchema table) {
        String name = table.table().schema() + "." + table.table().name();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            List<String> rows = new ArrayList<>();
            if (!statement
                    .executeQuery("SELECT 1 FROM sqlite_schema WHERE name = '" + name + "'")
                    .next()) {
                return rows;
            }
            ResultSet found = statement.executeQuery("SELECT id, name FROM \"" + name + '"');
            while (found.next()) {
                rows.add(found.getString(1) + "|" + found.getString(2));
            }
            return rows;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private Path file() {
        return directory.resolve("target.sqlite");
    }
}
