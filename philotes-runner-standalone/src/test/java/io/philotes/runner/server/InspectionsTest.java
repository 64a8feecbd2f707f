// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.config.PhilotesConfig;
import io.philotes.runner.yaml.ConfigReader;
import java.util.List;
import org.junit.jupiter.api.Test;

class InspectionsTest {

    /** The one refuses its rules, nothing listens for the other. */
    @Test
    void what_keeps_one_pipeline_from_being_made_keeps_no_other_from_being_looked_at() {
        PhilotesConfig config = new ConfigReader(name -> null).readText("philotes.yaml", """
                version: 1
                sources: { db: { url: "jdbc:postgresql://127.0.0.1:1/shop", username: a, ssl: { mode: disable } } }
                destinations: { lake: { catalog: { type: local, warehouse: /nowhere } } }
                pipelines:
                  broken: { source: db, destination: lake, tables: [{ table: public.t, where: "true); DROP TABLE t" }] }
                  shop: { source: db, destination: lake, tables: [public.orders] }
                """);
        CheckJson report = new Inspections(config).checkSource(List.of("broken", "shop"));
        assertThat(report.passed()).isFalse();
        assertThat(report.pipelines())
                .extracting(one -> one.pipeline() + " " + one.findings().get(0).code())
                .containsExactly("broken PHI-2001", "shop PHI-1002");
    }
}
