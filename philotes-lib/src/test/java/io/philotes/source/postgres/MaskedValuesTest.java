// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeCursor;
import io.philotes.model.TupleView;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeStream;
import io.philotes.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A masked value is the same by copy, by binary stream and by text stream, and what PostgreSQL itself computes. */
class MaskedValuesTest {

    /** Types whose binary form is their text: the stream stays binary. */
    private static final Map<String, List<String>> TEXTUAL = Map.of(
            "text", List.of("'secret żółw'", "''", "'abc'", "repeat('s3cret', 2000)"),
            "varchar(20)", List.of("'varied'"),
            "char(10)", List.of("'padded'"),
            "name", List.of("'a name'"),
            "json", List.of("'{\"a\":  1.0, \"a\": 2}'"),
            "mood", List.of("'so happy'"),
            "words", List.of("'a domain'"));

    private static final Map<String, List<String>> OTHER = new LinkedHashMap<>(Map.ofEntries(
            Map.entry("int4", List.of("-12345", "7")),
            Map.entry("int8", List.of("9223372036854775807")),
            Map.entry("numeric", List.of("12345.6700", "'NaN'", "1e-20")),
            Map.entry("float4", List.of("0.1", "'-Infinity'")),
            Map.entry("float8", List.of("0.30000000000000004", "'NaN'", "-0.0")),
            Map.entry("bool", List.of("true", "false")),
            Map.entry("\"char\"", List.of("'c'")),
            Map.entry("bytea", List.of("'\\x00ff41'", "''")),
            Map.entry("date", List.of("'2024-02-29'", "'0044-03-15 BC'", "'infinity'")),
            Map.entry("time", List.of("'24:00:00'")),
            Map.entry("timestamptz", List.of("'2024-02-01 03:04:05.678+05:45'", "'-infinity'")),
            Map.entry("interval", List.of("'1 mon -2 days 03:04:05.6'")),
            Map.entry("uuid", List.of("'00112233-4455-6677-8899-aabbccddeeff'")),
            Map.entry("jsonb", List.of("'{\"b\": 1, \"a\": [1, null]}'")),
            Map.entry("xml", List.of("'<a>x</a>'")),
            Map.entry("inet", List.of("'10.1.2.3/8'")),
            Map.entry("point", List.of("'(0.1,2)'")),
            Map.entry("money", List.of("'1234.56'")),
            Map.entry("varbit", List.of("B'10101'")),
            Map.entry("int4range", List.of("'[1,5]'")),
            Map.entry("int4[]", List.of("'{1,NULL,3}'", "'[0:1]={1,2}'")),
            Map.entry("text[]", List.of("'{\"a b\",NULL,\"NULL\"}'")),
            Map.entry("pair", List.of("ROW(1, 'a b')", "ROW(NULL, NULL)"))));

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 18})
    void a_masked_value_is_the_same_on_every_path(int version) throws Exception {
        try (TestPostgres server = TestPostgres.start(version)) {
            Map<String, List<String>> all = new LinkedHashMap<>(TEXTUAL);
            all.putAll(OTHER);
            for (Mask mask : List.of(Mask.SHA256, Mask.PARTIAL)) {
                String name = mask.name().toLowerCase(Locale.ROOT);
                samePaths(new SourceLab(server, "text_" + name), mask, all, true, false);
                samePaths(new SourceLab(server, "binary_" + name), mask, TEXTUAL, false, true);
                samePaths(new SourceLab(server, "forced_" + name), mask, TEXTUAL, true, true);
            }
        }
    }

    private static void samePaths(
            SourceLab lab, Mask mask, Map<String, List<String>> types, boolean text, boolean binaryPossible)
            throws Exception {
        List<String> names = new ArrayList<>();
        types.keySet().forEach(type -> names.add("c" + names.size()));
        create(lab, types, names);
        TableRules rules = TableRules.none().exclude("hidden");
        for (String name : names) {
            rules = rules.mask(name, mask);
        }
        PostgresSourceBuilder builder = lab.builder("t").table("t", rules);
        AttachedSource source = lab.started(text && binaryPossible ? builder.forceText() : builder);
        List<String> expected = expected(lab, mask, names);
        assertThat(RulesLab.copied(source, "t")).containsExactlyInAnyOrderElementsOf(expected);
        try (ChangeStream stream = source.open(lab.confirmed(source))) {
            lab.sql("INSERT INTO t SELECT * FROM u");
            List<ChangeBatch> batches = lab.readAll(stream);
            assertThat(ChangeLines.changes(batches))
                    .containsExactlyInAnyOrderElementsOf(
                            expected.stream().map(row -> "INSERT t " + row).toList());
            assertThat(firstKind(batches)).isEqualTo(text ? TupleView.TEXT : TupleView.BINARY);
            RulesLab.assertNowhere(batches, "hidden", "never seen");
        }
        RulesLab.drop(source);
    }

    /** Table t is copied and u holds the same rows, to be inserted into t. Its column k is not masked. */
    private static void create(SourceLab lab, Map<String, List<String>> types, List<String> names) throws SQLException {
        String columns = "";
        int column = 0;
        for (String type : types.keySet()) {
            columns += ", " + names.get(column++) + " " + type;
        }
        lab.sql(
                "CREATE TYPE mood AS ENUM ('sad', 'so happy')",
                "CREATE TYPE pair AS (a int, b text)",
                "CREATE DOMAIN words AS text",
                "CREATE TABLE t (k int" + columns + ", hidden point DEFAULT '(1,2)', more text DEFAULT 'clear')",
                "ALTER TABLE t REPLICA IDENTITY FULL");
        List<List<String>> values = List.copyOf(types.values());
        int rows = values.stream().mapToInt(List::size).max().orElseThrow() + 1;
        for (int row = 0; row < rows; row++) {
            int at = row;
            String tuple = values.stream()
                    .map(v -> at == 0 ? "NULL" : v.get((at - 1) % v.size()))
                    .collect(Collectors.joining(", "));
            lab.sql("INSERT INTO t VALUES (" + row + ", " + tuple + ")");
        }
        lab.sql("CREATE TABLE u AS SELECT * FROM t");
    }

    private static List<String> expected(SourceLab lab, Mask mask, List<String> names) throws SQLException {
        List<String> rows = new ArrayList<>();
        String columns = names.stream().map(name -> masked(mask, name)).collect(Collectors.joining(", "));
        try (Connection connection = lab.server.connect(lab.database);
                Statement statement = connection.createStatement()) {
            statement.execute("SET timezone = 'UTC'");
            statement.execute("SET extra_float_digits = 3");
            statement.execute("SET lc_monetary = 'C'");
            ResultSet result = statement.executeQuery("SELECT k, " + columns + ", more FROM t");
            while (result.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= names.size() + 2; i++) {
                    values.add(String.valueOf(result.getString(i)));
                }
                rows.add("(" + String.join(",", values) + ")");
            }
        }
        return rows;
    }

    private static String masked(Mask mask, String name) {
        String text = "format('%s', " + name + ")";
        String masked = mask == Mask.SHA256
                ? "encode(sha256(convert_to(" + text + ", 'UTF8')), 'hex')"
                : "CASE WHEN char_length(" + text + ") < 4 THEN '***' ELSE left(" + text + ", 1) || '***' || right("
                        + text + ", 1) END";
        return "CASE WHEN " + name + " IS DISTINCT FROM NULL THEN " + masked + " END";
    }

    /** The kind of the first value of the first insert: of a column without a rule. */
    private static byte firstKind(List<ChangeBatch> batches) {
        for (ChangeBatch batch : batches) {
            ChangeCursor cursor = batch.cursor();
            while (cursor.next()) {
                if (cursor.kind() == ChangeCursor.Kind.INSERT) {
                    return cursor.newTuple().kind(0);
                }
            }
        }
        throw new AssertionError("no insert came");
    }
}
