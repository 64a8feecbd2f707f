// SPDX-License-Identifier: Apache-2.0
package io.philotes.jdbc;

import io.philotes.model.TableId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The numbered steps that make the tables, each a file of SQL beside this class in which {@code ${schema}} stands for the
 * quoted schema. A step that was released is never changed; what it lacks is another step. Stateless; not public API.
 */
public final class Migrations {

    /** In their order; a step's number is the one its file begins with. */
    private static final List<String> FILES =
            List.of("0001_buffer.sql", "0002_checkpoints.sql", "0003_dead_letters.sql", "0004_readable_changes.sql");

    /**
     * One step.
     *
     * @param number its number, from 1 without a gap
     * @param name the file's name without its ending
     */
    record Step(int number, String name) {

        String sql(String schema) {
            return read("migrations/" + name + ".sql").replace("${schema}", TableId.quote(schema));
        }
    }

    private Migrations() {}

    static List<Step> steps() {
        return FILES.stream()
                .map(file -> new Step(
                        Integer.parseInt(file.substring(0, 4)), file.substring(0, file.length() - ".sql".length())))
                .toList();
    }

    /** Everything, for a schema in which there is nothing yet: what a person runs where Philotes may not. */
    public static String ddl(String schema) {
        return ddl(schema, steps());
    }

    /** What a person runs to add these steps, in one transaction. */
    static String ddl(String schema, List<Step> missing) {
        StringBuilder sql = new StringBuilder("""
                -- The tables of philotes in schema %1$s. Run it as the role that philotes uses: it must own them.
                BEGIN;
                CREATE SCHEMA IF NOT EXISTS %1$s;
                %2$s
                """.formatted(TableId.quote(schema), versionTable(schema)));
        for (Step step : missing) {
            sql.append("\n-- ").append(step.name()).append('\n').append(step.sql(schema));
            sql.append("INSERT INTO %s.cdc_schema_version (step, name) VALUES (%d, '%s');\n"
                    .formatted(TableId.quote(schema), step.number(), step.name()));
        }
        return sql.append("COMMIT;\n").toString();
    }

    static String versionTable(String schema) {
        return "CREATE TABLE IF NOT EXISTS " + TableId.quote(schema) + ".cdc_schema_version ("
                + "step int PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());";
    }

    private static String read(String resource) {
        try (InputStream in = Migrations.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("no resource " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
