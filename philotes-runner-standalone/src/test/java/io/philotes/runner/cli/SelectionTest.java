// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.config.PhilotesConfig;
import io.philotes.runner.yaml.ConfigReader;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelectionTest {

    private static final PhilotesConfig CONFIG = new ConfigReader(name -> null).readText("philotes.yaml", """
            version: 1
            sources: { db: { url: "jdbc:postgresql://localhost/shop", username: philotes } }
            destinations: { lake: { catalog: { type: local, warehouse: /srv/lake } } }
            pipelines:
              one: { source: db, destination: lake, tables: [public.a] }
              two: { source: db, destination: lake, tables: [public.b] }
            """);

    @Test
    void a_pipeline_that_is_named_twice_is_one() {
        assertThat(Selection.of(CONFIG, List.of("two", "one", "two"))).containsExactly("two", "one");
        assertThat(Selection.of(CONFIG, List.of())).containsExactly("one", "two");
    }
}
