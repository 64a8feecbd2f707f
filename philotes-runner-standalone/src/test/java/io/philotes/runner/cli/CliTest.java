// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.runner.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CliTest {

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return new Cli(new Terminal(new PrintWriter(out), new PrintWriter(err), Map.<String, String>of()::get, false))
                .run(args);
    }

    private String config(String yaml) throws IOException {
        return Files.writeString(directory.resolve("philotes.yaml"), yaml).toString();
    }

    /** Nothing listens on port 1. */
    private String unreachable() throws IOException {
        return config("""
                version: 1
                pipelines:
                  shop:
                    source: { url: "jdbc:postgresql://127.0.0.1:1/shop", username: a, password: hidden, ssl: { mode: disable } }
                    destination: { catalog: { type: local, warehouse: "%s" } }
                    tables: [public.orders]
                state: { directory: "%s" }
                server: { port: 0 }
                """.formatted(directory.resolve("lake"), directory.resolve("state")));
    }

    @Test
    void the_version_is_printed() {
        assertThat(run("version")).isZero();
        assertThat(out.toString())
                .startsWith("philotes ")
                .contains("Iceberg 1.")
                .doesNotContain("${");
    }

    @Test
    void the_version_is_printed_as_json() {
        assertThat(run("version", "-o", "json")).isZero();
        assertThat(out.toString()).startsWith("{\"philotes\":");
    }

    @Test
    void help_lists_the_commands_and_the_exit_codes() {
        assertThat(run("help")).isZero();
        assertThat(out.toString()).contains("run", "check", "plan", "status", "78 configuration");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "chekc",
                "run --ones",
                "check --only",
                "status --nothing x",
                "plan -o xml",
                "run -c",
                "resync",
                "resync shop a.b.c",
                "resync shop --offline --wait",
                "setup-sql --only tables",
                "setup-sql --only schema-tracking --no-schema-tracking"
            })
    void a_wrong_use_ends_with_64(String line) {
        assertThat(run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(64);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "check", "plan"})
    void an_unknown_key_ends_with_78_and_no_stack_trace(String command) throws IOException {
        String file = config("version: 1\npipelnes: {}\n");
        assertThat(run(command, "--config", file)).isEqualTo(78);
        assertThat(err.toString())
                .contains(file + ":2:1: pipelnes: unknown key; did you mean 'pipelines'?")
                .contains("  hint  ")
                .doesNotContain("\tat ");
    }

    @Test
    void the_stack_trace_is_shown_when_asked_for() throws IOException {
        assertThat(run("-v", "check", "--config", config("version: 2"))).isEqualTo(78);
        assertThat(err.toString()).contains("\tat ");
    }

    @Test
    void a_configuration_that_is_not_there_ends_with_78() {
        assertThat(run("check", "--config", directory.resolve("none.yaml").toString()))
                .isEqualTo(78);
        assertThat(err.toString()).contains("there is no such file");
    }

    @Test
    void a_pipeline_that_is_not_there_ends_with_78() throws IOException {
        assertThat(run("check", "--offline", "--only", "x", "--config", unreachable()))
                .isEqualTo(78);
    }

    /** The first cannot be made of its options, the others cannot be reached. */
    @Test
    void a_check_looks_at_every_pipeline_and_ends_as_the_worst() throws IOException {
        String others = Files.readString(Path.of(unreachable()));
        String pipeline = others.substring(others.indexOf("  shop:"), others.indexOf("state:"));
        String broken = pipeline.replace("shop:", "broken:")
                .replace("mode: disable", "mode: verify-full, root-cert: /nowhere/ca.pem");
        String file = config(others.replace(pipeline, broken + pipeline + pipeline.replace("shop:", "crm:")));
        assertThat(run("check", "--config", file)).isEqualTo(78);
        assertThat(out.toString())
                .containsSubsequence(
                        "pipeline broken",
                        "FAIL  PHI-2001 configuration: ",
                        "the root certificate is not readable",
                        "pipeline shop",
                        "FAIL  PHI-1002",
                        "pipeline crm",
                        "FAIL  PHI-1002",
                        "3 errors");
        assertThat(run("check", "--only", "crm", "--config", file)).isEqualTo(69);
    }

    @Test
    void a_file_can_be_checked_offline() throws IOException {
        assertThat(run("check", "--offline", "--config", unreachable())).isZero();
        assertThat(out.toString()).contains("pipeline shop", "ok    configuration", "0 errors, 0 warnings.");
    }

    @Test
    void the_sql_for_the_source_needs_no_database() throws IOException {
        assertThat(run("setup-sql", "--config", unreachable())).isZero();
        assertThat(out.toString())
                .contains("CREATE ROLE \"a\" LOGIN REPLICATION", "GRANT SELECT ON TABLE \"public\".\"orders\" TO \"a\"")
                .contains("ALTER PUBLICATION \"philotes_shop\" SET TABLE \"public\".\"orders\"")
                .doesNotContain("hidden");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void the_sql_for_stores_in_postgresql_needs_no_database() throws IOException {
        assertThat(run("state", "ddl", "--config", unreachable())).isZero();
        assertThat(out.toString())
                .startsWith("-- The tables of philotes in schema \"philotes\"")
                .contains("CREATE TABLE \"philotes\".cdc_events (", "CREATE TABLE \"philotes\".cdc_checkpoints (")
                .endsWith("COMMIT;\n");
        assertThat(run("state")).isEqualTo(64);
    }

    @ParameterizedTest
    @CsvSource({
        "setup-sql, true, true",
        "setup-sql shop --no-schema-tracking, true, false",
        "setup-sql --only schema-tracking, false, true"
    })
    void schema_tracking_is_printed_with_it_without_it_or_alone(String line, boolean role, boolean tracking)
            throws IOException {
        assertThat(run((line + " --config " + unreachable()).split(" "))).isZero();
        assertThat(out.toString().contains("CREATE ROLE")).isEqualTo(role);
        assertThat(out.toString().contains("CREATE EVENT TRIGGER")).isEqualTo(tracking);
        assertThat(out.toString().contains("DROP EVENT TRIGGER"))
                .as("how to remove it")
                .isEqualTo(tracking);
    }

    @Test
    void the_sql_for_a_pipeline_that_is_not_there_is_refused_with_a_guess() throws IOException {
        assertThat(run("setup-sql", "shp", "--config", unreachable())).isEqualTo(78);
        assertThat(err.toString()).contains("did you mean 'shop'?");
    }

    @Test
    void a_server_that_does_not_answer_ends_with_69() {
        assertThat(run("status", "--server", "http://127.0.0.1:1")).isEqualTo(69);
        assertThat(err.toString())
                .contains("Cannot ask the server at http://127.0.0.1:1")
                .contains("  hint  ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run --once", "run --once --no-server", "plan", "check"})
    void a_source_that_does_not_answer_ends_with_69(String line) throws IOException {
        assertThat(run((line + " --config " + unreachable()).split(" "))).isEqualTo(69);
        assertThat(out + "" + err).contains("PHI-1002").doesNotContain("hidden").doesNotContain("\tat ");
    }
}
