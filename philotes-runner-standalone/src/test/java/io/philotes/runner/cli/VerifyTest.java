// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.philotes.sink.iceberg.local.LocalCatalog;
import java.util.List;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.Test;

/** {@code verify}, against a running process and without one. */
class VerifyTest extends CliLab {

    @Test
    void a_running_process_compares_and_goes_on() throws Exception {
        whileRunning(() -> {
            assertThat(cli("verify", "one", "--config", config())).as(said()).isZero();
            assertThat(out().lines().toList())
                    .satisfiesExactly(
                            t -> assertThat(t).startsWith("public.t: equal, 10 rows at "),
                            u -> assertThat(u).startsWith("public.u: equal, 0 rows at "));
            empty("t");
            assertThat(cli("verify", "one", "public.t", "--list", "2", "--config", config()))
                    .as(said())
                    .isEqualTo(1);
            assertThat(out())
                    .startsWith("public.t: DIFFERENT, 10 missing, 0 extra, 0 different of 10 rows at ")
                    .contains("  missing    id=")
                    .contains("  and 8 more")
                    .doesNotContain("name=");
            assertThat(cli("verify", "one", "public.x", "--config", config())).isEqualTo(78);
            assertThat(err()).contains("PHI-1007");
            assertThat(cli("verify", "one", "--rounds", "0", "--config", config()))
                    .isEqualTo(64);
        });
    }

    @Test
    void without_a_process_one_is_started_for_it() throws Exception {
        assertThat(cli("verify", "one", "-o", "json", "--config", config()))
                .as(said())
                .isZero();
        assertThat(err()).contains("starting one here");
        JsonNode tables = new ObjectMapper().readTree(out()).path("tables");
        assertThat(List.of(tables.get(0), tables.get(1)))
                .allSatisfy(table -> assertThat(table.path("verdict").asText()).isEqualTo("EQUAL"));
        empty("t");
        assertThat(cli("verify", "one", "public.t", "--offline", "--show-values", "--list", "1", "--config", config()))
                .as(said())
                .isEqualTo(1);
        assertThat(out()).contains("source  id=", "name=n").contains("and 9 more");
        assertThat(cli("verify", "one", "--server", "http://127.0.0.1:1", "--config", config()))
                .isEqualTo(69);
    }

    private void empty(String table) throws Exception {
        try (JdbcCatalog catalog = LocalCatalog.open(lake())) {
            catalog.loadTable(TableIdentifier.of("one", table))
                    .newDelete()
                    .deleteFromRowFilter(Expressions.alwaysTrue())
                    .commit();
        }
    }
}
