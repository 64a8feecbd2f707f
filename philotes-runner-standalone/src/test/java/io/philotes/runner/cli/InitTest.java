// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From nothing to a configuration; and on, as README and the first guide tell it, to a lake that can be queried. */
class InitTest extends CliServer {

    private static final Map<String, String> SECRET = Map.of("POSTGRES_DB_PASSWORD", "s3cret-canary");

    @AfterEach
    void clean() throws Exception {
        execute(
                "DROP TABLE IF EXISTS orders, customers, log, \"Odd 'na${me}'\"",
                "DROP PUBLICATION IF EXISTS philotes_postgres",
                "DROP EVENT TRIGGER IF EXISTS philotes_ddl",
                "DROP EVENT TRIGGER IF EXISTS philotes_drop",
                "DROP SCHEMA IF EXISTS philotes CASCADE",
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots",
                "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'philotes') THEN"
                        + " DROP OWNED BY philotes; DROP ROLE philotes; END IF; END $$");
    }

    private Path file() {
        return directory.resolve("philotes.yaml");
    }

    private Path setup() {
        return directory.resolve("setup.sql");
    }

    private String server() {
        return "localhost:" + postgres().getPort() + "/postgres";
    }

    private int init(String... more) {
        String[] fixed = {"init", "--config", file().toString(), "--lake", lake().toString()};
        return cli(SECRET, Stream.of(fixed, more).flatMap(Stream::of).toArray(String[]::new));
    }

    @Test
    void a_new_user_gets_from_init_and_check_and_run_to_a_lake_that_can_be_queried() throws Exception {
        execute(
                "CREATE TABLE orders (id int PRIMARY KEY, total numeric(10,2))",
                "CREATE TABLE customers (id int PRIMARY KEY, name text)",
                "CREATE TABLE log (line text)",
                "INSERT INTO orders VALUES (1, 10.50), (2, 20)",
                "INSERT INTO customers VALUES (1, 'Ada')");

        assertThat(init("--database", server(), "--look-as", "postgres"))
                .as(said())
                .isZero();
        assertThat(out())
                .contains("philotes check", "export POSTGRES_DB_PASSWORD")
                .contains("psql -v ON_ERROR_STOP=1 -d postgresql://" + server() + " -f ");
        assertThat(Files.readString(file()))
                .contains("- public.orders", "- public.customers", "# - { table: public.log, mode: append }")
                .contains("${POSTGRES_DB_PASSWORD}")
                .doesNotContain("canary");

        // Before the administrator was here.
        assertThat(cli("check", "--offline", "--config", file().toString()))
                .as(said())
                .isZero();
        assertThat(out()).contains("1 warning", "POSTGRES_DB_PASSWORD is not set");
        assertThat(cli(SECRET, "check", "--config", file().toString()))
                .as(said())
                .isEqualTo(1);

        execute(Files.readString(setup()), "ALTER ROLE philotes PASSWORD 's3cret-canary'");
        assertThat(cli(SECRET, "check", "--config", file().toString()))
                .as(said())
                .isZero();
        assertThat(out()).contains("0 errors");
        assertThat(cli(SECRET, "run", "--once", "--no-server", "--config", file().toString()))
                .as(said())
                .isZero();
        assertThat(LakeRows.of(lake(), "postgres", "orders")).containsExactlyInAnyOrder("1|10.50", "2|20.00");
        assertThat(LakeRows.of(lake(), "postgres", "customers")).containsExactly("1|Ada");

        execute("UPDATE orders SET total = 11 WHERE id = 1", "DELETE FROM orders WHERE id = 2");
        assertThat(cli(SECRET, "run", "--once", "--no-server", "--config", file().toString()))
                .as(said())
                .isZero();
        assertThat(LakeRows.of(lake(), "postgres", "orders")).containsExactly("1|11.00");
    }

    @Test
    void a_person_at_a_terminal_is_asked_and_may_mistype() throws Exception {
        execute("CREATE TABLE orders (id int PRIMARY KEY)", "CREATE TABLE \"Odd 'na${me}'\" (id int PRIMARY KEY)");
        String typed = String.join("\n", "nonsense", server(), "", "not a variable", "MY_PW", "", lake() + "/it's", "");
        assertThat(typing(typed, SECRET, "init", "--config", file().toString(), "--look-as", "postgres"))
                .as(said())
                .isZero();
        assertThat(err())
                .contains("Database, as host:port/name: ", "without user, password and parameters")
                .contains("[philotes]", "[POSTGRES_DB_PASSWORD]", "a variable's name is made of")
                .contains("[public.\"Odd 'na${me}'\", public.orders]".replace("public.\"", "\"public\".\""));
        assertThat(cli("check", "--offline", "--config", file().toString()))
                .as(said())
                .isZero();
        assertThat(cli("config", "show", "--config", file().toString()))
                .as(said())
                .isZero();
        assertThat(out()).contains("Odd ''na$${me}''", "/it's", "password: '***'", "name: philotes_postgres");
    }

    @Test
    void discover_lists_what_there_is_and_how_it_would_be_mirrored() throws Exception {
        execute(
                "CREATE TABLE orders (id int, day date, total int, PRIMARY KEY (day, id))",
                "INSERT INTO orders VALUES (1, '2024-01-01', 5)",
                "CREATE TABLE log (line text)",
                "CREATE UNLOGGED TABLE customers (id int PRIMARY KEY)",
                "CREATE TABLE \"Odd 'na${me}'\" (id int)",
                "ALTER TABLE \"Odd 'na${me}'\" REPLICA IDENTITY FULL",
                "ANALYZE");
        String config = Files.writeString(file(), yaml(postgres().getPort(), "one", "[public.x]", ""))
                .toString();
        assertThat(cli("discover", "-o", "json", "--config", config)).as(said()).isZero();
        JsonNode tables = Json.mapper().readTree(out());
        assertThat(tables).hasSize(4);
        JsonNode orders = tables.get(3);
        assertThat(orders.path("table").asText()).isEqualTo("public.orders");
        assertThat(orders.path("primaryKey").toString()).isEqualTo("[\"day\",\"id\"]");
        assertThat(orders.path("estimatedRows").asLong()).isEqualTo(1);
        assertThat(orders.path("suggestedMode").asText()).isEqualTo("upsert");

        assertThat(cli("discover", "public.*", "-o", "yaml", "--config", config))
                .isZero();
        String pasted =
                yaml(postgres().getPort(), "one", "TABLES", "").replace("    tables: TABLES\n", out().indent(4));
        Files.writeString(file(), pasted);
        assertThat(cli("check", "--config", config)).as(said()).isZero();
        assertThat(out()).contains("2 table entries");
        assertThat(cli("discover", "public.log", "--config", config)).isZero();
        assertThat(out()).contains("append", "fix  ALTER TABLE \"public\".\"log\" REPLICA IDENTITY FULL;");
        assertThat(cli("discover", "a.b.c", "--config", config)).isEqualTo(64);
    }

    @Test
    void the_sql_for_rds_runs_where_the_service_has_its_role() throws Exception {
        execute("CREATE TABLE orders (id int PRIMARY KEY)", "CREATE ROLE rds_replication NOLOGIN");
        assertThat(init("--no-look", "--database", server(), "--tables", "public.orders"))
                .isZero();
        assertThat(cli("setup-sql", "--cloud", "rds", "--config", file().toString()))
                .isZero();
        execute(out(), out());
        assertThat(value("SELECT pg_has_role('philotes', 'rds_replication', 'MEMBER')"))
                .isEqualTo("t");
        execute("REVOKE rds_replication FROM philotes", "DROP ROLE rds_replication");
    }

    @Test
    void who_goes_away_in_the_middle_leaves_nothing() {
        assertThat(typing("", SECRET, "init", "--config", file().toString())).isEqualTo(130);
        assertThat(file()).doesNotExist();
        assertThat(setup()).doesNotExist();
    }

    @Test
    void a_database_that_cannot_be_reached_is_no_obstacle() throws Exception {
        assertThat(init("--database", "127.0.0.1:1/shop")).as(said()).isZero();
        assertThat(err()).contains("Could not look at the database");
        assertThat(Files.readString(file())).contains("- public.*", "mode: disable");
        assertThat(cli("check", "--offline", "--config", file().toString())).isZero();
        assertThat(Files.readString(setup())).contains("CREATE ROLE \"philotes\"", "LIKE '%'", "philotes_shop");
    }

    @Test
    void another_machine_is_spoken_to_with_tls_and_a_rest_catalog_gets_its_warehouse() throws Exception {
        assertThat(cli(
                        "init",
                        "--no-look",
                        "--config",
                        file().toString(),
                        "--database",
                        "jdbc:postgresql://db.internal:5432/shop",
                        "--tables",
                        "public.orders,\"Sales\".*",
                        "--pipeline",
                        "web-shop",
                        "--lake",
                        "https://catalog.internal/api",
                        "--warehouse",
                        "main"))
                .as(said())
                .isZero();
        assertThat(Files.readString(file()))
                .contains(
                        "ssl: { mode: require }",
                        "type: rest",
                        "uri: 'https://catalog.internal/api', warehouse: 'main'")
                .contains("  web-shop:", "${WEB_SHOP_DB_PASSWORD}", "philotes_web_shop", "- '\"Sales\".*'");
        assertThat(cli("check", "--offline", "--config", file().toString())).isZero();
    }

    @Test
    void what_is_there_is_not_overwritten_unless_one_insists() throws IOException {
        Files.writeString(setup(), "mine");
        assertThat(init("--no-look", "--database", server())).isEqualTo(78);
        assertThat(err()).contains("setup.sql already", "--force");
        assertThat(file()).doesNotExist();
        assertThat(setup()).hasContent("mine");

        assertThat(init("--no-look", "--database", server(), "--force"))
                .as(said())
                .isZero();
        assertThat(file()).exists();
        assertThat(Files.readString(setup())).contains("CREATE ROLE");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "init --no-look | Database",
                "init --no-look --database shop | host:port/name",
                "init --no-look --database u:pw@db/shop | without user, password",
                "init --no-look --database db:70000/shop | port must be 1 to 65535",
                "init --no-look --database db/shop --password-variable pass-word | not written down",
                "init --no-look --database db/shop --tables a.b.c | schema.table",
                "init --no-look --database db/shop --ssl-mode requires | did you mean 'require'?",
                "init --no-look --database db/shop --lake s3://bucket | directory"
            })
    void a_wrong_use_ends_with_64_and_writes_nothing(String line, String why) {
        assertThat(cli((line + " --config " + file()).split(" "))).as(said()).isEqualTo(64);
        assertThat(err()).contains(why);
        assertThat(file()).doesNotExist();
        assertThat(setup()).doesNotExist();
    }
}
