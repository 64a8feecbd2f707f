// SPDX-License-Identifier: Apache-2.0
package io.philotes.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** PostgreSQL can read every example that is for it; that it has no such tables does not matter. */
class SqlExamplesTest {

    private static final String SYNTAX_ERROR = "42601";

    /** Whose SQL is not PostgreSQL's; the readers' own tests run their statements. */
    private static final Set<String> OTHERS = Set.of("spark", "trino", "duckdb", "clickhouse", "risingwave");

    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    static List<Example> examples() {
        return Documents.examples("sql").stream()
                .filter(example -> example.note("for").isEmpty())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void postgresql_can_read_it(Example example) throws SQLException {
        for (String statement : example.text().split(";\\s*(--[^\n]*)?\n")) {
            assertThat(sqlState(statement)).as("%s: %s", example, statement).isNotEqualTo(SYNTAX_ERROR);
        }
    }

    @Test
    void what_is_no_sql_is_found() throws SQLException {
        assertThat(sqlState("DROP SLOT philotes_shop")).isEqualTo(SYNTAX_ERROR);
    }

    @Test
    void others_are_known() {
        assertThat(Documents.examples("sql"))
                .allSatisfy(example -> assertThat(example.note("for").stream())
                        .as("%s", example)
                        .isSubsetOf(OTHERS));
    }

    private static String sqlState(String statement) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statements = connection.createStatement()) {
            connection.setAutoCommit(false);
            statements.execute(statement);
            connection.rollback();
            return "00000";
        } catch (SQLException e) {
            return e.getSQLState();
        }
    }
}
