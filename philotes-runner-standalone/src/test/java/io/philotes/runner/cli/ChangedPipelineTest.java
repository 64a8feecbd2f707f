// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pipeline that ran before, with another configuration: what {@code plan} says is what the next start does. */
class ChangedPipelineTest extends CliServer {

    private Path config() {
        return directory.resolve("philotes.yaml");
    }

    @BeforeEach
    void prepare() throws Exception {
        execute(
                "DROP TABLE IF EXISTS t, u",
                "CREATE TABLE t (id int PRIMARY KEY, name text, n int)",
                "ALTER TABLE t REPLICA IDENTITY FULL",
                "CREATE TABLE u (id int PRIMARY KEY)",
                "INSERT INTO t SELECT i, 'name' || i, i FROM generate_series(1, 3) i",
                "INSERT INTO u VALUES (1)",
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
        tables("[public.t]");
        once();
    }

    private void tables(String entries) throws IOException {
        Files.writeString(
                config(), yaml(postgres().getPort(), "one", entries, "state: { directory: \"" + state() + "\" }\n"));
    }

    private void once() {
        assertThat(cli("run", "--once", "--no-server", "--config", config().toString()))
                .as(err())
                .isZero();
    }

    /** What the plan has for a table. */
    private JsonNode plan(String table) throws IOException {
        assertThat(cli("plan", "-o", "json", "--config", config().toString()))
                .as(err())
                .isIn(0, 1);
        for (JsonNode planned : new ObjectMapper().readTree(out()).get(0).path("tables")) {
            if (planned.path("table").asText().equals(table)) {
                return planned;
            }
        }
        throw new AssertionError("no " + table + " in " + out());
    }

    private List<String> rows(String table) throws IOException {
        return LakeRows.of(lake(), "one", table);
    }

    @Test
    void without_a_change_everything_is_kept() throws Exception {
        assertThat(plan("public.t").path("action").asText()).isEqualTo("keep");
        assertThat(plan("public.t").path("notes")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "columns: { exclude: [name] }; left out or masked; 1|1",
                "columns: { mask: { name: partial } }; left out or masked; 1|n***1|1",
                "columns: { mask: { name: 'null' } }; left out or masked; 1|null|1",
                "where: n = 1; filtered by another condition; 1|name1|1",
                "columns: { types: { n: string } }; column n is int in the target instead of string; 1|name1|1"
            })
    void another_rule_copies_the_table_again(String key, String reason, String row) throws Exception {
        tables("[{ table: public.t, " + key + " }]");
        assertThat(plan("public.t").path("action").asText()).isEqualTo("copy again");
        assertThat(plan("public.t").path("notes").get(0).asText()).contains(reason);
        once();
        assertThat(rows("t")).contains(row).hasSize(key.startsWith("where") ? 1 : 3);
        assertThat(plan("public.t").path("action").asText()).isEqualTo("keep");
        tables("[public.t]");
        assertThat(plan("public.t").path("action").asText()).isEqualTo("copy again");
        once();
        assertThat(rows("t"))
                .as("a column that comes back may stand at another place")
                .hasSize(3)
                .allSatisfy(found -> assertThat(found.split("\\|")).contains("name" + found.charAt(0)));
    }

    @Test
    void deleted_rows_stay_from_the_next_copy_on() throws Exception {
        tables("[{ table: public.t, soft-delete: true }]");
        assertThat(plan("public.t").path("action").asText()).isEqualTo("copy again");
        once();
        execute("DELETE FROM t WHERE id = 2");
        once();
        assertThat(rows("t")).hasSize(3);
        tables("[public.t]");
        assertThat(plan("public.t").path("action").asText()).isEqualTo("copy again");
        once();
        assertThat(rows("t")).containsExactlyInAnyOrder("1|name1|1", "3|name3|3");
    }

    @Test
    void a_mirror_does_not_become_a_history() throws Exception {
        tables("[{ table: public.t, mode: append }]");
        assertThat(plan("public.t").path("action").asText()).isEqualTo("refuse");
        assertThat(cli("run", "--once", "--no-server", "--config", config().toString()))
                .isEqualTo(1);
        assertThat(err()).contains("PHI-4009");
        assertThat(rows("t")).hasSize(3);
    }

    @Test
    void a_table_comes_and_goes() throws Exception {
        tables("[public.t, public.u]");
        assertThat(plan("public.u").path("action").asText()).isEqualTo("create");
        once();
        tables("[public.t]");
        assertThat(plan("public.u").path("action").asText()).isEqualTo("forget");
        once();
        execute("INSERT INTO u VALUES (2)");
        assertThat(rows("u")).as("what was mirrored stays").containsExactly("1");
        tables("[public.t, public.u]");
        assertThat(plan("public.u").path("action").asText()).isEqualTo("copy again");
        once();
        assertThat(rows("u")).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void partitions_are_those_that_the_target_was_created_with() throws Exception {
        tables("[{ table: public.t, partition-by: ['bucket(4, id)'] }]");
        assertThat(plan("public.t").path("action").asText()).isEqualTo("keep");
        assertThat(plan("public.t").path("notes").get(0).asText()).contains("stays without partitions");
        once();
        tables("[{ table: public.t }, { table: public.u, partition-by: ['bucket(4, id)'] }]");
        once();
        assertThat(plan("public.u").path("notes")).isEmpty();
        tables("[{ table: public.t }, { table: public.u }]");
        assertThat(plan("public.u").path("notes").get(0).asText()).contains("stays partitioned by bucket[4](id)");
    }

    @Test
    void the_keys_of_a_pattern_go_for_its_tables_but_one_with_an_entry_of_its_own() throws Exception {
        tables("[public.t, { table: public.*, mode: append }]");
        assertThat(plan("public.t").path("mode").asText()).isEqualTo("upsert by key (id)");
        assertThat(plan("public.u").path("mode").asText()).isEqualTo("append");
        once();
        execute("UPDATE u SET id = 2");
        once();
        assertThat(rows("u")).hasSizeGreaterThan(1);
    }

    @Test
    void another_target_is_filled_when_asked_for() throws Exception {
        tables("[{ table: public.t, target: other }]");
        assertThat(plan("public.t").path("action").asText()).isEqualTo("keep");
        assertThat(plan("public.t").path("notes").get(0).asText()).contains("has another name now");
        assertThat(cli("resync", "one", "public.t", "--offline", "--config", config().toString()))
                .isZero();
        assertThat(plan("public.t").path("action").asText()).isEqualTo("create");
        once();
        assertThat(rows("other")).hasSize(3);
        assertThat(rows("t")).as("the old one stays").hasSize(3);
    }
}
