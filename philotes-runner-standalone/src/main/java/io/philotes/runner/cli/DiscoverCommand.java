// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.config.Discovery;
import io.philotes.config.PhilotesConfig;
import io.philotes.config.PipelineFactory;
import io.philotes.runner.server.FoundJson;
import io.philotes.source.postgres.FoundTable;
import io.philotes.source.postgres.TablePattern;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code philotes discover}: what there is to mirror. */
@Command(
        name = "discover",
        description =
                "Lists the tables of the source: key, replica identity, size, suggested mode; ready to be pasted. Changes nothing.")
final class DiscoverCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "PATTERN",
            defaultValue = Discovery.ALL,
            description = "schema.table, with * for any characters; default all.")
    private String pattern;

    @Option(
            names = "--pipeline",
            paramLabel = "PIPELINE",
            description = "Whose source is asked; default the first of the file.")
    private String pipeline;

    @Override
    public Integer call() {
        requirePattern();
        PhilotesConfig config = root.config();
        String asked = pipeline == null
                ? config.pipelines().keySet().iterator().next()
                : Selection.of(config, List.of(pipeline)).get(0);
        try (PipelineFactory factory = new PipelineFactory(config)) {
            print(factory.discover(asked, pattern));
        }
        return ExitCode.OK;
    }

    private void requirePattern() {
        try {
            TablePattern.parse(pattern);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "PATTERN is " + e.getMessage(), e);
        }
    }

    private void print(List<FoundTable> tables) {
        FoundText text = new FoundText(root.terminal().out(), root.paint());
        switch (root.output()) {
            case TEXT -> text.print(tables);
            case YAML -> text.printEntries(tables);
            case JSON ->
                root.terminal()
                        .out()
                        .println(Json.line(tables.stream().map(FoundJson::of).toList()));
        }
    }
}
