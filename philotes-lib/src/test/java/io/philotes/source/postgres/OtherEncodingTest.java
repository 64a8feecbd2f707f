// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.health.Finding;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeStream;
import io.philotes.testkit.TestPostgres;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database whose encoding is not UTF-8: names, definitions and values come as the characters that they are. */
class OtherEncodingTest {

    private static final String[] TABLES = {
        "CREATE TYPE \"Größe\" AS ENUM ('groß', 'klein')",
        "CREATE TABLE \"Maße\" (\"Nº\" int, \"Länge\" text, \"größe\" \"Größe\", geheim text, PRIMARY KEY (\"Nº\", \"Länge\"))",
        "INSERT INTO \"Maße\" VALUES (1, 'ÄÖÜ', 'groß', 'süß')"
    };

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void names_definitions_and_values_are_exact(boolean tracked) throws Exception {
        try (TestPostgres server = TestPostgres.start()) {
            server.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
            SourceLab lab = SourceLab.in(server, "latin");
            if (tracked) {
                lab.sql(PostgresSource.schemaTrackingSql());
            }
            lab.sql(TABLES);
            AttachedSource source = lab.started(lab.builder("M*", "Ü*")
                    .publication("Änderungen")
                    .table("Maße", TableRules.none().mask("geheim", Mask.SHA256).where("\"Länge\" <> 'ß'")));
            assertThat(source.check()).noneMatch(finding -> finding.severity() == Finding.Severity.ERROR);
            String secret = RulesLab.sha256("süß");
            assertThat(RulesLab.copied(source, "Maße")).containsExactly("(1,ÄÖÜ,groß," + secret + ")");
            try (ChangeStream stream = source.open(lab.confirmed(source))) {
                lab.sql(
                        "INSERT INTO \"Maße\" VALUES (2, 'é', 'klein', 'süß')",
                        "ALTER TABLE \"Maße\" ADD \"später\" text DEFAULT 'dürr'",
                        "INSERT INTO \"Maße\" VALUES (3, 'ñ', 'groß', 'süß', 'ÿ')");
                source.look();
                lab.sql("ALTER TABLE \"Maße\" RENAME TO \"Übermaße\"", "DELETE FROM \"Übermaße\" WHERE \"Nº\" = 3");
                source.look();
                assertThat(ChangeLines.changes(lab.readAll(stream)))
                        .filteredOn(line -> !line.startsWith("PICTURE"))
                        .containsExactlyInAnyOrder(
                                "INSERT Maße (2,é,klein," + secret + ")",
                                "INSERT Maße (3,ñ,groß," + secret + ",ÿ)",
                                "GONE Maße it was renamed to public.Übermaße",
                                "DELETE Übermaße key(3,ñ,null,null,null)");
            }
            assertThat(source.tables()).singleElement().satisfies(now -> {
                assertThat(now.relation().table().name()).isEqualTo("Übermaße");
                assertThat(now.relation().columns().get(4).missingValue()).contains("dürr");
            });
        }
    }
}
