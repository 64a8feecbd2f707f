// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.PipelineBuilder;
import io.philotes.config.PhilotesConfig;
import io.philotes.config.PipelineFactory;
import io.philotes.pipeline.TeardownReport;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code philotes teardown}: takes away what a pipeline has at its source and here. */
@Command(
        name = "teardown",
        description = {
            "Drops a pipeline's slot and the publication that it made, and removes its buffer and checkpoints.",
            "The lake's tables and dead letters stay. When the source does not answer the slot is noted, and dropped by a"
                    + " later teardown or the pipeline's next start."
        })
final class TeardownCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "PIPELINE", description = "The pipeline; it must not run.")
    private String pipeline;

    @Option(names = "--yes", description = "Do it: nothing brings the pipeline's place in the WAL back.")
    private boolean yes;

    @Option(
            names = "--dead-letters",
            description = "Remove its dead letters, too: rows that were never applied are lost.")
    private boolean deadLetters;

    @Override
    public Integer call() {
        PhilotesConfig config = root.config();
        Selection.of(config, List.of(pipeline));
        if (!yes) {
            throw new ParameterException(
                    spec.commandLine(),
                    "This removes slot, publication, buffer and checkpoints of " + pipeline
                            + "; to mirror again, everything is copied again. Say --yes to do it");
        }
        TeardownReport report;
        try (PipelineFactory factory = new PipelineFactory(config)) {
            PipelineBuilder builder = factory.builder(pipeline);
            report = deadLetters ? builder.teardownWithDeadLetters() : builder.teardown();
        }
        if (root.json()) {
            root.terminal()
                    .out()
                    .println(Json.line(
                            Map.of("pipeline", pipeline, "removed", report.removed(), "left", report.left())));
        } else {
            print(report);
        }
        return report.isComplete() ? ExitCode.OK : ExitCode.TEMPORARY;
    }

    private void print(TeardownReport report) {
        PrintWriter out = root.terminal().out();
        report.removed().forEach(what -> out.println("removed  " + what));
        out.println("kept     the tables in the lake");
        report.left().forEach(what -> out.println("LEFT     " + what));
        out.flush();
    }
}
