// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.philotes.config.PhilotesConfig;
import io.philotes.config.PipelineFactory;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import java.util.ArrayList;
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

/** {@code philotes resync}: tables are copied again, at once where philotes runs, else at its next start. */
@Command(
        name = "resync",
        description = {
            "Copies tables again; heals HELD, DIVERGED and NEEDS_RESYNC.",
            "A running philotes does it at once, while the other tables go on; where none listens, the tables are marked for"
                    + " the next start."
        })
final class ResyncCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "PIPELINE", description = "The pipeline.")
    private String pipeline;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "TABLE", description = "schema.table; none for all.")
    private List<String> tables = new ArrayList<>();

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "Default $PHILOTES_SERVER, the configured server, http://127.0.0.1:8484.")
    private String server;

    @Option(names = "--offline", description = "Ask no server: mark the tables for the next start.")
    private boolean offline;

    @Option(names = "--wait", description = "Wait until the tables have been copied and follow the stream again.")
    private boolean wait;

    @Override
    public Integer call() throws InterruptedException {
        if (offline && (wait || server != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--offline marks the tables for the next start: there is no server, and no waiting");
        }
        List<TableId> wanted = tables.stream().map(this::parse).toList();
        return offline ? mark(wanted) : ask(wanted);
    }

    private TableId parse(String text) {
        try {
            return TableId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private int ask(List<TableId> wanted) throws InterruptedException {
        ServerClient client = ServerClient.of(root, server);
        JsonNode accepted;
        try {
            Map<String, List<String>> body =
                    Map.of("tables", wanted.stream().map(TableId::toSql).toList());
            accepted = client.post(ServerClient.pipeline(pipeline) + "/resync", body);
        } catch (PhilotesException e) {
            boolean mayMark = !client.isNamed() && !wait && root.isConfigured();
            if (!ServerClient.isRefused(e) || !mayMark) {
                throw e;
            }
            root.terminal()
                    .err()
                    .println("no philotes answers at " + client.address() + ": marking for the next start");
            return mark(wanted);
        }
        ResyncWait copies = new ResyncWait(root.terminal(), client, accepted);
        if (copies.isEmpty()) {
            root.terminal().err().println("pipeline " + pipeline + " knows no table: none is copied again");
            return ExitCode.TEMPORARY;
        }
        return wait ? copies.untilStreaming(root.json()) : tell(accepted);
    }

    private int tell(JsonNode accepted) {
        if (root.json()) {
            root.terminal().out().println(accepted);
        } else {
            accepted.path("tables")
                    .forEach(table -> root.terminal()
                            .out()
                            .println(table.path("table").asText()
                                    + " is copied again; philotes status shows how far it is"));
        }
        return ExitCode.OK;
    }

    private int mark(List<TableId> wanted) {
        PhilotesConfig config = root.config();
        Selection.of(config, List.of(pipeline));
        List<TableId> marked;
        try (PipelineFactory factory = new PipelineFactory(config)) {
            marked = factory.builder(pipeline).markForResync(wanted);
        }
        if (root.json()) {
            List<String> names = marked.stream().map(TableId::toString).toList();
            root.terminal().out().println(Json.line(Map.of("pipeline", pipeline, "marked", names)));
        } else {
            marked.forEach(table ->
                    root.terminal().out().println(table + " is copied again at the next start of " + pipeline));
        }
        return ExitCode.OK;
    }
}
