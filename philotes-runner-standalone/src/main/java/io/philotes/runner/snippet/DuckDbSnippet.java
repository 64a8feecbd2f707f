// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.snippet;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** DuckDB: a REST catalog is attached; of the others one table is opened by the metadata file that is current. Stateless. */
final class DuckDbSnippet {

    private DuckDbSnippet() {}

    static String of(SnippetLake lake) {
        return lake.isRest() ? attached(lake) : byFile(lake);
    }

    private static String attached(SnippetLake lake) {
        String secret = lake.signsIn() ? "CREATE SECRET lake (TYPE iceberg, TOKEN '...');\n" : "";
        String type = lake.signsIn() ? "TYPE iceberg, SECRET lake" : "TYPE iceberg, AUTHORIZATION_TYPE 'none'";
        Optional<SnippetStorage> files = lake.storage().filter(SnippetStorage::hasKeys);
        if (files.isPresent()) {
            // Else it takes the catalog's keys, and where the catalog has none to give, none at all.
            secret += secret(files.get()) + "\n";
            type += ", ACCESS_DELEGATION_MODE 'none'";
        }
        return "INSTALL iceberg; LOAD iceberg;\n" + secret
                + "ATTACH " + Engine.text(lake.warehouse()) + " AS lake (" + type + ", ENDPOINT "
                + Engine.text(lake.uri()) + ");\n"
                + "SELECT * FROM lake." + Engine.name(lake.namespace()) + "." + Engine.name(lake.table())
                + " LIMIT 10;";
    }

    private static String byFile(SnippetLake lake) {
        String current = "SELECT metadata_location FROM iceberg_tables WHERE catalog_name = "
                + Engine.text(lake.catalog()) + " AND table_namespace = " + Engine.text(lake.namespace())
                + " AND table_name = " + Engine.text(lake.table());
        String asked = lake.isLocal()
                ? "sqlite3 " + Engine.word(lake.file()) + " " + quoted(current)
                : "psql -At "
                        + lake.user()
                                .map(user -> "-U " + Engine.word(user) + " ")
                                .orElse("") + Engine.word(lake.uri().replaceFirst("^jdbc:", "")) + " -c "
                        + quoted(current);
        return "# In a shell. Each commit makes a new metadata file: ask again for newer rows.\n"
                + "metadata=$(" + asked + ")\n"
                + "duckdb -c \"INSTALL iceberg; LOAD iceberg; " + files(lake)
                + "SELECT * FROM iceberg_scan('$metadata') LIMIT 10\"";
    }

    private static String files(SnippetLake lake) {
        return lake.storage()
                .map(storage -> storage.hasKeys()
                        ? "INSTALL httpfs; LOAD httpfs; " + escaped(secret(storage)) + " "
                        : "INSTALL aws; LOAD aws; " + escaped(secret(storage)) + " ")
                .orElse("");
    }

    private static String secret(SnippetStorage storage) {
        List<String> options = new ArrayList<>();
        options.add("TYPE s3");
        options.addAll(
                storage.hasKeys() ? List.of("KEY_ID '...'", "SECRET '...'") : List.of("PROVIDER credential_chain"));
        storage.region().ifPresent(region -> options.add("REGION " + Engine.text(region)));
        storage.host().ifPresent(host -> options.add("ENDPOINT " + Engine.text(host)));
        if (storage.pathStyle()) {
            options.add("URL_STYLE 'path'");
        }
        if (storage.isPlain()) {
            options.add("USE_SSL false");
        }
        return "CREATE SECRET files (" + String.join(", ", options) + ");";
    }

    /** A statement as a word of a shell, in which its own quotes stay readable. */
    private static String quoted(String sql) {
        return "\"" + escaped(sql) + "\"";
    }

    private static String escaped(String sql) {
        return sql.replaceAll("([\\\\\"$`])", "\\\\$1");
    }
}
