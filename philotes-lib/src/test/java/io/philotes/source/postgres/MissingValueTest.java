// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.RelationSchema;
import io.philotes.model.TablePicture;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeStream;
import io.philotes.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What rows that are older than a column show in it is told as the text that PostgreSQL shows, by each who tells it. */
class MissingValueTest {

    private static final String[] TYPES = {
        "CREATE TYPE mood AS ENUM ('sad', 'so, \"so\"')",
        "CREATE TYPE pair AS (one int, other text)",
        "CREATE DOMAIN area AS box",
        "CREATE DOMAIN areas AS area[]",
        "CREATE TYPE odd",
        "CREATE FUNCTION odd_in(cstring) RETURNS odd LANGUAGE internal IMMUTABLE STRICT AS 'textin'",
        "CREATE FUNCTION odd_out(odd) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout'",
        "CREATE TYPE odd (INPUT = odd_in, OUTPUT = odd_out, LIKE = text, DELIMITER = '|')",
    };

    private static final List<String> ADDED = List.of(
            "box DEFAULT '(1,1),(0,0)'",
            "area DEFAULT '(2,2),(0,0)'",
            "odd DEFAULT 'a,{b}|\"c\" \\ d'",
            "odd DEFAULT 'a,b'",
            "text DEFAULT 'a,b'",
            "text DEFAULT ' it''s {\"quoted\"} \\ and \\\\ '",
            "text DEFAULT E'\\t\\n\u00fc'",
            "text DEFAULT ''",
            "text DEFAULT 'NULL'",
            "varchar(9) DEFAULT '{}'",
            "point DEFAULT '(1,2)'",
            "int[] DEFAULT '{1,NULL,3}'",
            "int[] DEFAULT '[2:3][1:1]={{1},{2}}'",
            "int[] DEFAULT '{}'",
            "text[] DEFAULT ARRAY['a,b', 'c\"d', 'e\\f', '', 'NULL', NULL, '{}']",
            "box[] DEFAULT '{(1,1),(0,0);(3,3),(2,2)}'",
            "areas DEFAULT ARRAY[box '(1,1),(0,0)', box '(3,3),(2,2)']::area[]",
            "pair DEFAULT ROW(1, 'a,\"b\" \\ (c)')",
            "pair DEFAULT ROW(NULL, '')",
            "numeric DEFAULT 1.500",
            "bytea DEFAULT '\\x005c22ff'",
            "json DEFAULT '{\"a\": [1, \"\\\\ \\\"x\\\"\"] }'",
            "jsonb DEFAULT '{\"a\": [1, \"x\"]}'",
            "mood DEFAULT 'so, \"so\"'",
            "timestamptz DEFAULT '2024-02-01 03:04:05.6+05:45'",
            "int4range DEFAULT '[1,5)'");

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void it_is_the_text_that_an_older_row_shows(int version) throws Exception {
        try (TestPostgres server = TestPostgres.start(version)) {
            SourceLab lab = new SourceLab(server, "missing");
            lab.sql(PostgresSource.schemaTrackingSql());
            lab.sql(TYPES);
            lab.sql(
                    "CREATE TABLE plain (id int PRIMARY KEY)",
                    "INSERT INTO plain VALUES (1)",
                    "CREATE TABLE root (id int PRIMARY KEY) PARTITION BY LIST (id)",
                    "CREATE TABLE leaf PARTITION OF root FOR VALUES IN (1)",
                    "INSERT INTO root VALUES (1)");
            AttachedSource source = lab.started(lab.builder("plain", "root").forceText());
            try (ChangeStream stream = source.open(lab.confirmed(source));
                    Connection connection = server.connect("missing")) {
                lab.sql("ALTER TABLE plain " + added(), "ALTER TABLE root " + added());
                List<RelationSchema> relations =
                        source.tables().stream().map(TablePicture::relation).toList();
                List<String> shown = shown(connection);
                assertThat(relations)
                        .hasSize(2)
                        .allSatisfy(r -> assertThat(missing(r)).isEqualTo(shown));
                assertThat(lab.readAll(stream)).flatMap(b -> b.relations()).containsAll(relations);
                assertThat(missing(connection, relations.get(0).oid())).isEqualTo(shown);
            }
            source.dropSlot();
        }
    }

    private static String added() {
        return IntStream.range(0, ADDED.size())
                .mapToObj(i -> "ADD c" + i + " " + ADDED.get(i))
                .collect(Collectors.joining(", "));
    }

    /** What the row shows that was there before. */
    private static List<String> shown(Connection connection) throws SQLException {
        Sql.execute(connection, "SET timezone = 'UTC'");
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < ADDED.size(); i++) {
            shown.addAll(Sql.query(connection, "SELECT c" + i + "::text FROM plain", row -> row.getString(1)));
        }
        return shown;
    }

    private static List<String> missing(RelationSchema relation) {
        return relation.columns().stream()
                .skip(1)
                .map(column -> column.missingValue().orElseThrow())
                .toList();
    }

    private static List<String> missing(Connection connection, int oid) throws SQLException {
        return new Catalog(connection)
                .tables(List.of(oid)).get(0).columns().stream()
                        .skip(1)
                        .map(column -> column.missingValue().orElseThrow())
                        .toList();
    }
}
