// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import io.philotes.benchmarks.lake.Lake;
import io.philotes.benchmarks.part.PartKind;
import io.philotes.benchmarks.part.PartSpec;
import io.philotes.benchmarks.workload.SourceTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What {@code bin/philotes} is told. Stateless. */
final class RunnerCommand {

    private RunnerCommand() {}

    /** Writes the configuration, and answers the arguments that run it. */
    static List<String> of(Site site, BenchmarkOptions options, SourceTable table) throws IOException {
        PartSpec spec = site.spec(PartKind.PHILOTES, Site.NAME, 0);
        Path config = site.log("runner").resolveSibling("philotes.yaml");
        Files.writeString(config, """
                version: 1
                pipelines:
                  %s:
                    source:
                      url: %s
                      username: %s
                      password: '%s'
                      ssl: { mode: prefer }
                      slot: { name: %s }
                      publication: { name: %s }
                    destination:
                      catalog: { type: local, warehouse: %s }
                    namespace: %s
                    commit: { interval: %dms }
                    tables: [%s]
                state: { directory: %s }
                server: { enabled: false }
                """.formatted(
                        Site.NAME,
                        spec.url(),
                        spec.user(),
                        spec.password().replace("'", "''"),
                        Site.NAME,
                        Site.NAME,
                        spec.lake(),
                        Lake.NAMESPACE,
                        options.commitInterval().orElseThrow().toMillis(),
                        table.qualified(),
                        spec.state()));
        return List.of("run", "--config", config.toString());
    }
}
