// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.config.DestinationConfig;
import io.philotes.config.PhilotesConfig;
import io.philotes.config.PipelineConfig;
import io.philotes.config.Ref;
import io.philotes.config.TableConfig;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.runner.snippet.Engine;
import io.philotes.runner.snippet.SnippetLake;
import io.philotes.sink.iceberg.internal.value.TableNames;
import io.philotes.source.postgres.TablePattern;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code philotes snippet}: how an engine reads what a pipeline writes. */
@Command(
        name = "snippet",
        description = "Prints how an engine opens the lake, ready to be pasted; without secrets. Asks no server.")
final class SnippetCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "ENGINE", description = "duckdb, trino, spark, pyiceberg or risingwave.")
    private Engine engine;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "PIPELINE",
            description = "Whose tables; default the first of the file.")
    private String pipeline;

    @Option(names = "--table", paramLabel = "TABLE", description = "Which table; default the first that is named.")
    private String table;

    @Option(names = "--sink", paramLabel = "NAME", description = "Which sink's lake; default the first.")
    private String sink;

    @Override
    public Integer call() {
        PhilotesConfig config = root.configWithoutSecrets();
        String name = pipeline == null
                ? config.pipelines().keySet().iterator().next()
                : Selection.of(config, List.of(pipeline)).get(0);
        PipelineConfig chosen = config.pipelines().get(name);
        SnippetLake lake =
                SnippetLake.of(destination(config, chosen), chosen.namespace().orElse(name), target(chosen));
        Optional<String> text = engine.snippet(lake);
        root.terminal().out().println(text.orElseGet(() -> engine.obstacle(lake)));
        return text.isPresent() ? ExitCode.OK : ExitCode.NEGATIVE;
    }

    private DestinationConfig destination(PhilotesConfig config, PipelineConfig chosen) {
        Map<String, Ref<DestinationConfig>> sinks = chosen.sinks();
        String wanted = sink == null ? sinks.keySet().iterator().next() : sink;
        Ref<DestinationConfig> ref = sinks.get(wanted);
        if (ref == null) {
            throw new PhilotesException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Cannot choose the sink " + wanted + ": the pipeline has " + String.join(", ", sinks.keySet()));
        }
        return ref.inline().orElseGet(() -> config.destinations().get(ref.name().orElseThrow()));
    }

    /** The target's name; of a pattern nobody knows it without asking. */
    private String target(PipelineConfig chosen) {
        Optional<TableId> named = Optional.ofNullable(table).map(this::parse);
        Optional<TableConfig> wanted = chosen.tables().stream()
                .filter(entry -> !TablePattern.parse(entry.table()).isGlob())
                .filter(entry -> named.isEmpty() || named.get().equals(TableId.parse(entry.table())))
                .findFirst();
        Optional<TableId> source = named.or(() -> wanted.map(entry -> TableId.parse(entry.table())));
        return wanted.flatMap(TableConfig::target)
                .orElseGet(() -> source.map(id -> TableNames.of(id.name())).orElse("your_table"));
    }

    private TableId parse(String text) {
        try {
            return TableId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--table: " + e.getMessage(), e);
        }
    }
}
