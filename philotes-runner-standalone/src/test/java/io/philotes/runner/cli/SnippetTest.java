// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.runner.snippet.Engine;
import io.philotes.runner.terminal.Terminal;
import io.philotes.runner.yaml.EffectiveConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is printed to be pasted elsewhere: facts of the configuration and of the guide, and never a secret. */
class SnippetTest {

    private static final String CANARY = "canary-4711";
    private static final String LOCAL = "{ type: local, warehouse: /srv/lake }";
    private static final String JDBC = "{ type: jdbc, uri: 'jdbc:postgresql://cat:5432/lake', warehouse: /srv/lake,"
            + " name: main, username: reader, password: " + CANARY
            + ", properties: { s3.secret-access-key: " + CANARY + " } }";
    private static final String REST =
            "{ type: rest, uri: 'https://catalog.internal', warehouse: wh, auth: { token: " + CANARY + " } }";

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String catalog, String... args) throws IOException {
        Path file = Files.writeString(directory.resolve("philotes.yaml"), """
                        version: 1
                        pipelines:
                          shop:
                            source: { url: "jdbc:postgresql://db/shop", username: a, password: %s }
                            destination: { catalog: %s }
                            tables: [public.audit_*, public.orders, { table: public.people, target: persons }]
                        """.formatted(CANARY, catalog));
        out.getBuffer().setLength(0);
        return new Cli(new Terminal(new PrintWriter(out), new PrintWriter(err), Map.<String, String>of()::get, false))
                .run(Stream.concat(Stream.of(args), Stream.of("--config", file.toString()))
                        .toArray(String[]::new));
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void each_engine_is_told_of_each_catalog_and_no_secret(Engine engine) throws IOException {
        String name = engine.name().toLowerCase(Locale.ROOT);
        assertThat(run(LOCAL, "snippet", name)).isEqualTo(engine == Engine.RISINGWAVE ? 1 : 0);
        assertThat(out.toString()).contains(engine == Engine.RISINGWAVE ? "does not read a local lake" : "/srv/lake");
        for (String catalog : List.of(JDBC, REST)) {
            assertThat(run(catalog, "snippet", name)).as(err.toString()).isZero();
            assertThat(out.toString()).contains("orders", "shop").doesNotContain(CANARY);
        }
        for (String type : List.of("glue", "nessie")) {
            assertThat(run("{ type: " + type + ", uri: 'https://c', warehouse: 's3://b/l' }", "snippet", name))
                    .isEqualTo(1);
            assertThat(out.toString())
                    .contains("no snippet for a catalog of type " + type)
                    .doesNotContain("jdbc");
        }
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void a_local_lake_is_read_as_the_guide_says() throws IOException {
        String guide = Files.readString(Path.of("..", "docs", "guides", "reading-the-lake.md"));
        assertThat(run(LOCAL, "snippet", "spark")).isZero();
        assertThat(lines("  --conf .*"))
                .isNotEmpty()
                .allSatisfy(line ->
                        assertThat(guide).contains(line.replace("\\", "").strip()));
        assertThat(run(LOCAL, "snippet", "trino")).isZero();
        assertThat(lines("[a-z.-]+=.*"))
                .hasSizeGreaterThan(5)
                .allSatisfy(line -> assertThat(guide).contains(line));
        assertThat(run(LOCAL, "snippet", "duckdb", "shop", "--table", "public.people"))
                .isZero();
        assertThat(out.toString())
                .contains("sqlite3 /srv/lake/catalog.db")
                .contains("catalog_name = 'philotes' AND table_namespace = 'shop' AND table_name = 'persons'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"public.people", "people", "public.\"people\""})
    void a_table_is_the_same_however_it_is_written(String table) throws IOException {
        assertThat(run(LOCAL, "snippet", "duckdb", "--table", table)).isZero();
        assertThat(out.toString()).contains("table_name = 'persons'");
    }

    @Test
    void a_target_is_called_what_the_sink_calls_it() throws IOException {
        assertThat(run(LOCAL, "snippet", "duckdb", "--table", "public.\"odd.name\""))
                .isZero();
        assertThat(out.toString()).contains("table_name = 'odd_u002e_name'");
    }

    private static final String MINIO = ", storage: { preset: minio, endpoint: 'http://minio.internal:9000',"
            + " access-key: writer-4711, secret-key: " + CANARY + " }";
    private static final String JDBC_ON_S3 = JDBC.replace("/srv/lake", "'s3://lake/tables'") + MINIO;

    /** Without the passwords and keys, which are the reader's own. */
    private void on(String catalog, String... args) throws IOException {
        assertThat(run(catalog, args)).as(err.toString()).isZero();
        assertThat(out.toString()).doesNotContain(CANARY, "4711");
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void files_on_s3_are_opened_as_the_guide_says(Engine engine) throws IOException {
        String guide = Files.readString(Path.of("..", "docs", "guides", "reading-the-lake.md"));
        String name = engine.name().toLowerCase(Locale.ROOT);
        for (String catalog : List.of(JDBC_ON_S3, REST + MINIO)) {
            on(catalog, "snippet", name);
            assertThat(out.toString())
                    .contains("minio.internal:9000", "us-east-1")
                    .doesNotContain("fs.hadoop");
            List<String> settings = Pattern.compile("(?m)(?:s3\\.|client\\.region|io-impl|fs\\.s3)[^ \\n]*=[^ \\n]*|"
                            + "s3\\.[a-z.]+ = '[^']*'|\"s3\\.[a-z-]+\": \"[^\"]*\"|CREATE SECRET files [^;]*;")
                    .matcher(out.toString())
                    .results()
                    .map(MatchResult::group)
                    .toList();
            assertThat(settings)
                    .hasSizeGreaterThanOrEqualTo(engine == Engine.DUCKDB ? 1 : 4)
                    .allSatisfy(setting -> assertThat(guide).contains(setting));
        }
    }

    @Test
    void each_engine_has_its_own_words_for_s3() throws IOException {
        on(JDBC_ON_S3, "snippet", "spark");
        assertThat(out.toString())
                .contains("iceberg-aws-bundle:1.12.0", ".io-impl=org.apache.iceberg.aws.s3.S3FileIO")
                .contains(".s3.endpoint=http://minio.internal:9000 ", ".client.region=us-east-1 ")
                .contains(".s3.path-style-access=true ", ".s3.access-key-id=... ", ".s3.secret-access-key=... ");
        on(JDBC_ON_S3, "snippet", "trino");
        assertThat(lines("(fs|s3)\\..*"))
                .containsExactly(
                        "fs.s3.enabled=true",
                        "s3.endpoint=http://minio.internal:9000",
                        "s3.region=us-east-1",
                        "s3.path-style-access=true",
                        "s3.aws-access-key=...",
                        "s3.aws-secret-key=...");
        on(JDBC_ON_S3, "snippet", "duckdb");
        assertThat(out.toString())
                .contains("CREATE SECRET files (TYPE s3, KEY_ID '...', SECRET '...', REGION 'us-east-1',"
                        + " ENDPOINT 'minio.internal:9000', URL_STYLE 'path', USE_SSL false);");
        on(REST + MINIO, "snippet", "duckdb");
        assertThat(out.toString()).contains("CREATE SECRET files (", "ACCESS_DELEGATION_MODE 'none'");
        on(JDBC_ON_S3, "snippet", "pyiceberg");
        assertThat(out.toString()).contains("\"s3.region\": \"us-east-1\"").doesNotContain("virtual");
        on(JDBC_ON_S3, "snippet", "risingwave");
        assertThat(out.toString()).contains("s3.path.style.access = 'true'", "s3.access.key = '...'");
    }

    /** A provider that is known by its name, whose buckets are names of hosts, and whose keys are the machine's. */
    @Test
    void what_the_preset_knows_is_told_and_what_is_not_set_is_not() throws IOException {
        String hetzner =
                JDBC.replace("/srv/lake", "'s3://lake/tables'") + ", storage: { preset: hetzner, location: fsn1 }";
        for (Engine engine : Engine.values()) {
            on(hetzner, "snippet", engine.name().toLowerCase(Locale.ROOT));
            assertThat(out.toString())
                    .contains("fsn1.your-objectstorage.com")
                    .doesNotContain("path-style", "path.style", "URL_STYLE", "USE_SSL");
        }
        on(hetzner, "snippet", "duckdb");
        assertThat(out.toString()).contains("PROVIDER credential_chain").doesNotContain("KEY_ID");
        on(hetzner, "snippet", "pyiceberg");
        assertThat(out.toString()).contains("\"s3.force-virtual-addressing\": \"true\"");
        on(hetzner, "snippet", "spark");
        assertThat(out.toString()).doesNotContain("s3.access-key-id");
    }

    /** Of the properties only those that are no secret. */
    @Test
    void s3_may_be_told_by_the_catalogs_properties() throws IOException {
        String properties = "properties: { s3.endpoint: 'http://u:" + CANARY
                + "@minio:9000', s3.path-style-access: true," + " client.region: \"${NOT_SET}\", s3.access-key-id: "
                + CANARY + ", s3.secret-access-key: " + CANARY + " }";
        String catalog = JDBC.replaceFirst("properties: \\{.*?}", Matcher.quoteReplacement(properties));
        for (Engine engine : Engine.values()) {
            on(catalog, "snippet", engine.name().toLowerCase(Locale.ROOT));
            assertThat(out.toString()).contains("***@minio:9000", "...");
        }
    }

    private List<String> lines(String pattern) {
        return out.toString().lines().filter(line -> line.matches(pattern)).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "snippet",
                "snippet oracle",
                "snippet spark shp",
                "snippet spark --sink x",
                "snippet spark --table a.b.c"
            })
    void what_is_not_there_is_refused(String line) throws IOException {
        assertThat(run(LOCAL, line.split(" "))).isIn(64, 78);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).isNotEmpty();
    }

    @Test
    void the_configuration_is_shown_with_its_defaults_and_without_its_secrets() throws IOException {
        assertThat(run(JDBC, "config", "show")).isZero();
        assertThat(out.toString()).contains("interval: 10s", "password: '***'").doesNotContain(CANARY);
        assertThat(run(REST, "config", "show", "-o", "json")).isZero();
        assertThat(Json.mapper()
                        .readTree(out.toString())
                        .at("/pipelines/shop/commit/interval")
                        .asText())
                .isEqualTo("10s");
        assertThat(out.toString()).doesNotContain(CANARY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "type: jdbc, uri: 'jdbc:postgresql://cat/lake?password=" + CANARY + "'",
                "type: jdbc, uri: 'jdbc:postgresql:lake?user=u&password=" + CANARY + "'",
                "type: jdbc, uri: 'jdbc:postgresql://u:" + CANARY + "@cat/lake'",
                "type: rest, uri: 'https://u:" + CANARY + "@catalog.internal'",
                "type: nessie, uri: 'https://catalog.internal?token=" + CANARY + "'",
                "type: rest, uri: 'https://c', auth: { type: oauth2, client-id: c, client-secret: s, token-uri: 'https://u:"
                        + CANARY + "@idp' }",
            })
    void a_secret_in_an_address_is_refused_and_not_shown(String catalog) throws IOException {
        for (String command : List.of("config show", "snippet spark", "check")) {
            assertThat(run("{ " + catalog + ", warehouse: /srv/lake }", command.split(" ")))
                    .isEqualTo(78);
            assertThat(out + "" + err).contains("uri").doesNotContain(CANARY);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql:lake?user=u&password=p, jdbc:postgresql:lake?***",
        "jdbc:postgresql://u:p@h/lake?a=p, jdbc:postgresql://***@h/lake?***",
        "https://u:p@h/x, https://***@h/x",
        "a::jsonb ? 'x', a::jsonb ? 'x'",
        "s3://bucket/a@b, s3://bucket/a@b",
    })
    void addresses_are_shown_without_secrets(String address, String shown) {
        assertThat(EffectiveConfig.addressWithoutSecrets(address)).isEqualTo(shown);
    }

    @Test
    void the_schema_and_the_completion_need_no_database() throws IOException {
        assertThat(run(LOCAL, "config", "schema")).isZero();
        assertThat(Json.mapper()
                        .readTree(out.toString())
                        .at("/properties/pipelines")
                        .isObject())
                .isTrue();
        assertThat(run(LOCAL, "completion")).isZero();
        assertThat(out.toString()).contains("_complete_philotes", "snippet", "discover");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rds", "cloudsql", "aiven", "supabase"})
    void a_managed_server_gets_sql_that_needs_no_superuser(String cloud) throws IOException {
        assertThat(run(LOCAL, "setup-sql", "--cloud", cloud)).isZero();
        assertThat(out.toString())
                .contains(cloud.equals("rds") ? "GRANT rds_replication TO \"a\"" : "LOGIN REPLICATION")
                .contains("Whoever runs it must own the tables", "CREATE PUBLICATION", "--no-schema-tracking")
                .doesNotContain("as a superuser in", "ALTER SYSTEM", CANARY);
        assertThat(run(LOCAL, "setup-sql", "--cloud", cloud, "--no-schema-tracking"))
                .isZero();
        assertThat(out.toString()).doesNotContain("EVENT TRIGGER", "create event triggers");
    }
}
