// SPDX-License-Identifier: Apache-2.0
package io.philotes.readers;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** ClickHouse's engine, embedded in Node: C++ from the metadata to the Parquet pages, nothing of it shared with the writer. */
final class ClickHouseEngine {

    private static final String PACKAGE = "chdb@3.4.0";

    private static final String SETTINGS = " SETTINGS output_format_json_quote_decimals = 1,"
            + " output_format_json_quote_64bit_integers = 1, output_format_json_quote_denormals = 1,"
            + " output_format_decimal_trailing_zeros = 1";

    private final MirroredShop shop;
    private final List<Map<String, String>> questions = new ArrayList<>();

    ClickHouseEngine(MirroredShop shop) {
        this.shop = shop;
    }

    /** Whether a program can be started. */
    static boolean isInstalled(String program) throws InterruptedException {
        try {
            return new ProcessBuilder(program, "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Asks for all rows of a table whose source columns have the given types. */
    void askRows(String table, Map<String, String> types) {
        List<String> columns = new ArrayList<>();
        types.forEach((name, type) -> columns.add(expression(name, type) + " AS " + name));
        ask(table, "row", "SELECT " + String.join(", ", columns) + " FROM " + source(table));
    }

    private static String expression(String name, String type) {
        return switch (type) {
            case "bytea" -> "concat('\\\\x', lower(hex(" + name + ")))";
            case "float4", "float8" -> "toString(" + name + ")"; // as a number -0 would not survive
            default -> name;
        };
    }

    /** Asks for what a table's data files hold, deleted rows included, without a look at Iceberg's metadata. */
    void askFiles(String table) {
        Path files = shop.warehouse().resolve(table.replace('.', '/')).resolve("data/*.parquet");
        ask(table, "file", "SELECT * FROM file('" + files + "')");
    }

    /** Asks, per column, what filters find, and what a count of all rows says about the same. */
    void askFilters(String table, Map<String, String> types) {
        types.forEach((name, type) -> {
            if (!Rows.isArray(type)) {
                String value =
                        "WITH (SELECT " + name + " FROM " + source(table) + " ORDER BY id LIMIT 1 OFFSET 20) AS v ";
                for (String match : List.of(name + " = v", name + " < v", name + " > v")) {
                    ask(table, "found", value + count("count()", match, table) + " WHERE " + match);
                    ask(table, "held", value + count("countIf(" + match + ")", match, table));
                }
            }
        });
    }

    private String count(String count, String match, String table) {
        return "SELECT '" + match + "' AS match, " + count + " AS count FROM " + source(table);
    }

    private void ask(String table, String kind, String sql) {
        questions.add(Map.of("table", table, "kind", kind, "sql", sql + SETTINGS));
    }

    private String source(String table) {
        return "icebergLocal('" + shop.warehouse().resolve(table.replace('.', '/')) + "')";
    }

    /** Runs the engine; installs it first where that has not happened yet. */
    Seen answers() throws IOException, InterruptedException {
        Path modules = Path.of("target", "chdb").toAbsolutePath();
        if (!Files.exists(modules.resolve("node_modules/chdb"))) {
            Files.createDirectories(modules);
            EngineProcess.run(
                    modules,
                    List.of("npm", "install", "--no-audit", "--no-fund", "--prefix", ".", "--no-save", PACKAGE));
        }
        Path asked = shop.lake().resolve("questions.json");
        new ObjectMapper().writeValue(asked.toFile(), questions);
        return new Seen(EngineProcess.lines(
                shop.lake(),
                List.of(
                        "node",
                        Path.of("src/test/resources/read-tables.js")
                                .toAbsolutePath()
                                .toString(),
                        modules.resolve("node_modules/chdb").toString(),
                        asked.toString())));
    }
}
