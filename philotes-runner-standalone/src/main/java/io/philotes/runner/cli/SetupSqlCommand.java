// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.config.Cloud;
import io.philotes.config.PhilotesConfig;
import io.philotes.config.PipelineFactory;
import io.philotes.config.SetupSql;
import io.philotes.source.postgres.PostgresSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code philotes setup-sql}: what an administrator runs at the source. */
@Command(
        name = "setup-sql",
        description =
                "Prints the SQL that prepares the source: role, rights, publication, schema tracking. Asks no server.")
final class SetupSqlCommand implements Callable<Integer> {

    /** What may be chosen of it. */
    enum Part {
        SCHEMA_TRACKING;

        @Override
        public String toString() {
            return "schema-tracking";
        }
    }

    /** At most one of the two. */
    static final class Choice {

        @Option(names = "--no-schema-tracking", description = "Without the event triggers that track definitions.")
        private boolean noTracking;

        @Option(names = "--only", paramLabel = "PART", description = "Only schema-tracking.")
        private Part only;
    }

    @ParentCommand
    private RootCommand root;

    @Parameters(arity = "0..1", paramLabel = "PIPELINE", description = "Which; none for all.")
    private String pipeline;

    @Option(
            names = "--cloud",
            paramLabel = "SERVICE",
            description = "For a managed server, without a superuser: rds, cloudsql, aiven or supabase.")
    private Cloud cloud;

    @ArgGroup
    private Choice choice = new Choice();

    @Override
    public Integer call() {
        PhilotesConfig config = root.configWithoutSecrets();
        List<String> names = Selection.of(config, pipeline == null ? List.of() : List.of(pipeline));
        List<String> parts = new ArrayList<>();
        if (choice.only == null) {
            try (PipelineFactory factory = new PipelineFactory(config)) {
                names.forEach(name -> parts.add(text(factory.setupSql(name))));
            }
        }
        if (!choice.noTracking) {
            parts.add(PostgresSource.schemaTrackingSql());
        }
        if (!choice.noTracking && cloud != null) {
            parts.add(
                    parts.size() - 1,
                    "-- Optional. Where the service lets nobody create event triggers, this fails: --no-schema-tracking\n");
        }
        root.terminal().out().print(String.join("\n", parts));
        return ExitCode.OK;
    }

    private String text(SetupSql sql) {
        return cloud == null ? sql.text() : sql.text(cloud);
    }
}
