// SPDX-License-Identifier: Apache-2.0
package io.philotes.types;

import io.philotes.pipeline.Pipeline;
import io.philotes.source.postgres.PostgresSourceBuilder;
import io.philotes.types.TypesLab.LinesTable;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings of role, database and server that change what PostgreSQL prints change no value. (The JVM's are hostile anyway.) */
class HostileSettingsTest {

    private static final String[] OF_THE_ROLE = {
        "datestyle = 'SQL, DMY'",
        "intervalstyle = 'iso_8601'",
        "timezone = 'Asia/Kathmandu'",
        "bytea_output = 'escape'",
        "extra_float_digits = -10",
        "search_path = 'hostile', 'public', 'pg_catalog'",
        "xmlbinary = 'hex'",
        "xmloption = 'document'",
        "quote_all_identifiers = on",
        "array_nulls = off",
        "transform_null_equals = on",
        "default_transaction_isolation = 'serializable'",
        "client_encoding = 'LATIN1'",
        "lock_timeout = '1ms'",
        "enable_seqscan = off",
    };

    private static final String[] OF_THE_DATABASE = {
        "lc_monetary = 'C.UTF-8'",
        "datestyle = 'German'",
        "intervalstyle = 'sql_standard'",
        "timezone = 'America/St_Johns'",
        "default_text_search_config = 'pg_catalog.german'",
        "row_security = on",
        "standard_conforming_strings = off",
        "statement_timeout = '1min'",
    };

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void hostile_settings_change_no_value(int version) throws Exception {
        List<LinesTable> tables = TypesTest.tables(version);
        List<LinesTable> binary = tables.subList(0, 2);
        try (TypesLab lab = TypesLab.start(version, directory)) {
            for (LinesTable table : tables) {
                lab.postgres().execute(table.create());
                lab.postgres().execute(table.inserts(TypesTest.COPIED).toArray(String[]::new));
                lab.postgres().execute(table.insertEmpty(TypesTest.UPDATED));
            }
            beHostile(lab);
            try (Pipeline inBinary =
                            lab.pipeline("in_binary", TypesTest.names(binary), s -> {}, TypesTest.options(binary));
                    Pipeline inText = lab.pipeline(
                            "in_text",
                            TypesTest.names(tables),
                            PostgresSourceBuilder::forceText,
                            TypesTest.options(tables))) {
                for (LinesTable table : tables) {
                    lab.postgres().execute(table.insertCopies(TypesTest.INSERTED, TypesTest.COPIED));
                    lab.postgres().execute(table.update(TypesTest.UPDATED, TypesTest.COPIED));
                }
                inBinary.runUntilCaughtUp(TypesLab.PATIENCE);
                inText.runUntilCaughtUp(TypesLab.PATIENCE);
            }
            for (LinesTable table : binary) {
                TypesTest.assertExact(lab, "in_binary", table);
            }
            for (LinesTable table : tables) {
                TypesTest.assertExact(lab, "in_text", table);
            }
        }
    }

    /** With a schema in front of everything whose names shadow PostgreSQL's own. */
    private static void beHostile(TypesLab lab) throws Exception {
        lab.postgres()
                .execute(
                        "CREATE SCHEMA hostile",
                        "CREATE FUNCTION hostile.format(text, VARIADIC \"any\") RETURNS text LANGUAGE internal AS 'now'",
                        "CREATE DOMAIN hostile.text AS int",
                        "CREATE TABLE hostile.pg_class ()",
                        "CREATE TABLE hostile.pg_type ()");
        for (String setting : OF_THE_ROLE) {
            lab.postgres().execute("ALTER ROLE postgres SET " + setting);
        }
        for (String setting : OF_THE_DATABASE) {
            lab.postgres().execute("ALTER DATABASE postgres SET " + setting);
        }
    }
}
