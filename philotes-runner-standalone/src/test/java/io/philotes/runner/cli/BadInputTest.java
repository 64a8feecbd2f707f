// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people get wrong: each gets its own message with a hint and its exit status, and leaves nothing half-made. */
class BadInputTest extends CliServer {

    private String yaml;

    @BeforeEach
    void prepare() throws Exception {
        execute(
                "DROP TABLE IF EXISTS t, keyless",
                "CREATE TABLE t (id int PRIMARY KEY, name text)",
                "CREATE TABLE keyless (name text)",
                "INSERT INTO t VALUES (1, 'one')");
        yaml = yaml(postgres().getPort(), "bad", "[public.t]", "state: { directory: \"" + state() + "\" }\n");
    }

    @AfterEach
    void nothing_is_left_behind() throws Exception {
        assertThat(exists("SELECT 1 FROM pg_replication_slots")).as("a slot").isFalse();
        assertThat(exists("SELECT 1 FROM pg_publication")).as("a publication").isFalse();
        assertThat(filesInTheLake()).as("files in the lake").isEmpty();
    }

    private List<Path> filesInTheLake() throws IOException {
        Path tables = lake().resolve("warehouse");
        if (!Files.isDirectory(tables)) {
            return List.of();
        }
        try (Stream<Path> found = Files.walk(tables)) {
            return found.filter(Files::isRegularFile).toList();
        }
    }

    private static boolean exists(String query) throws SQLException {
        return value(query) != null;
    }

    /** Runs {@code run --once} and {@code check}: the first ends with the status, the second finds the code. */
    private void refused(int status, String code, String hint) throws IOException {
        String config =
                Files.writeString(directory.resolve("philotes.yaml"), yaml).toString();
        assertThat(cli("run", "--once", "--no-server", "--config", config))
                .as(err())
                .isEqualTo(status);
        assertThat(err()).contains(code).containsIgnoringCase(hint).contains("hint");
        assertThat(cli("check", "--config", config)).as(out()).isEqualTo(1);
        assertThat(out()).contains("FAIL  " + code).containsIgnoringCase(hint);
    }

    @Test
    void a_wrong_password() throws Exception {
        execute("CREATE ROLE guarded LOGIN REPLICATION PASSWORD 'right'");
        String rule = "host all guarded all scram-sha-256\n";
        Path rules = hbaFile();
        String before = Files.readString(rules);
        try {
            Files.writeString(rules, rule + before);
            execute("SELECT pg_reload_conf()");
            yaml = yaml.replace("username: postgres", "username: guarded")
                    .replace("password: postgres", "password: wrong");
            refused(77, "PHI-1003", "password");
        } finally {
            Files.writeString(rules, before);
            execute("SELECT pg_reload_conf()", "DROP ROLE guarded");
        }
    }

    private static Path hbaFile() throws SQLException {
        return Path.of(value("SHOW hba_file"));
    }

    @Test
    void no_logical_wal() throws Exception {
        try (EmbeddedPostgres plain = EmbeddedPostgres.start()) {
            execute(plain, "CREATE TABLE t (id int PRIMARY KEY)");
            yaml = yaml.replace(":" + postgres().getPort() + "/", ":" + plain.getPort() + "/");
            refused(78, "PHI-1001", "ALTER SYSTEM SET wal_level");
        }
    }

    @Test
    void a_publication_that_a_person_manages_and_has_not_made() throws Exception {
        yaml = yaml.replace("ssl: {", "publication: { name: by_hand, manage: false }\n      ssl: {");
        refused(78, "PHI-1005", "CREATE PUBLICATION");
    }

    @Test
    void a_table_without_replica_identity() throws Exception {
        yaml = yaml.replace("public.t]", "public.t, public.keyless]");
        refused(78, "PHI-1102", "REPLICA IDENTITY FULL");
    }

    @Test
    void a_warehouse_that_cannot_be_written_to() throws Exception {
        Files.createDirectories(lake());
        // A file where the warehouse's directory should be stops even a process that runs as root.
        Files.writeString(lake().resolve("warehouse"), "in the way");
        refused(77, "PHI-4003", "write");
    }

    private void withKeys(String keys) {
        yaml = yaml.replace("tables: [public.t]", "tables: [{ table: public.t, " + keys + " }]");
    }

    @Test
    void a_column_left_out_that_is_not_there() throws Exception {
        withKeys("columns: { exclude: [nmae] }");
        refused(78, "PHI-1106", "has no column \"nmae\"");
    }

    @Test
    void a_column_of_the_key_left_out() throws Exception {
        withKeys("columns: { exclude: [id] }");
        refused(78, "PHI-1106", "mask it with sha256, or leave the table out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "partial"})
    void a_key_masked_so_that_rows_become_alike(String mask) throws Exception {
        withKeys("columns: { mask: { id: " + mask + " } }");
        refused(78, "PHI-1106", "column \"id\" is part of the key and cannot be masked with " + mask);
    }

    @Test
    void a_where_that_uses_a_column_outside_of_the_replica_identity() throws Exception {
        withKeys("where: \"name = 'one'\"");
        refused(78, "PHI-1107", "REPLICA IDENTITY FULL");
    }

    @Test
    void a_where_that_is_no_condition() throws Exception {
        withKeys("where: \"nmae = 'one'\"");
        refused(78, "PHI-1107", "\"nmae\" does not exist");
    }

    @Test
    void a_where_that_would_end_its_parentheses() throws Exception {
        withKeys("where: \"true); DROP TABLE t; --\"");
        String config =
                Files.writeString(directory.resolve("philotes.yaml"), yaml).toString();
        for (String command : List.of("run", "check", "plan")) {
            assertThat(cli(command, "--config", config)).isEqualTo(78);
            String told = command.equals("check") ? out() : err();
            assertThat(told).contains("PHI-2001", "public.t").contains("where");
        }
    }

    @Test
    void a_type_chosen_for_a_column_that_is_not_there() throws Exception {
        withKeys("columns: { types: { nmae: string } }");
        refused(78, "PHI-2001", "nmae");
    }

    @Test
    void a_type_chosen_that_the_column_cannot_have() throws Exception {
        withKeys("columns: { types: { name: 'decimal(10,2)' } }");
        refused(78, "PHI-2001", "name");
    }

    @Test
    void an_unknown_key() throws Exception {
        yaml = yaml.replace("tables:", "tabels:");
        String config =
                Files.writeString(directory.resolve("philotes.yaml"), yaml).toString();
        assertThat(cli("run", "--once", "--config", config)).isEqualTo(78);
        assertThat(err()).contains("tabels", "philotes.yaml:10:5", "did you mean", "tables");
    }
}
