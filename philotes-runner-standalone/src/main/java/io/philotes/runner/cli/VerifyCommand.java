// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.philotes.config.PhilotesConfig;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.pipeline.VerifyRequest;
import io.philotes.runner.server.VerifyJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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

/** {@code philotes verify}: compares source and lake, where philotes runs, or by running it for that. */
@Command(
        name = "verify",
        description = {
            "Compares source and lake row by row at one position, and names the rows that differ.",
            "A running philotes does it while it goes on; where none listens, the pipeline is started for it, and stopped.",
            "Ends with 0 when all is equal, with 1 when rows differ or a table could not be compared, with 75 for: try again."
        })
final class VerifyCommand implements Callable<Integer> {

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration LIMIT = Duration.ofDays(365);

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

    @Option(names = "--offline", description = "Ask no server: start the pipeline here, and stop it afterwards.")
    private boolean offline;

    @Option(names = "--sink", paramLabel = "NAME", description = "Only the targets of this sink.")
    private String sink;

    @Option(
            names = "--list",
            paramLabel = "N",
            description = "Name so many rows that differ per table; default ${DEFAULT-VALUE}.")
    private int list = VerifyRequest.DEFAULT_MAX_LISTED;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Look at rows that change meanwhile so often; default ${DEFAULT-VALUE}.")
    private int rounds = VerifyRequest.DEFAULT_MAX_ROUNDS;

    @Option(names = "--show-values", description = "Show the values of rows that differ, not only their keys.")
    private boolean values;

    @Override
    public Integer call() throws InterruptedException {
        if (offline && server != null) {
            throw new ParameterException(spec.commandLine(), "--offline asks no server");
        }
        List<TableId> wanted = tables.stream().map(this::parse).toList();
        VerifyRequest request = request(wanted);
        JsonNode report = offline ? here(request) : there(request);
        if (root.json()) {
            root.terminal().out().println(report);
        } else {
            new VerifyText(root.terminal().out()).print(report);
        }
        return exitCode(report);
    }

    private TableId parse(String text) {
        try {
            return TableId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private VerifyRequest request(List<TableId> wanted) {
        try {
            VerifyRequest request = VerifyRequest.of(wanted).maxRounds(rounds).maxListed(list);
            request = sink == null ? request : request.sink(sink);
            return values ? request.withAllValues() : request;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--rounds and --list: " + e.getMessage(), e);
        }
    }

    private JsonNode there(VerifyRequest request) throws InterruptedException {
        ServerClient client = ServerClient.of(root, server);
        String path = ServerClient.pipeline(pipeline) + "/verify";
        JsonNode accepted;
        try {
            accepted = client.post(path, body(request));
        } catch (PhilotesException e) {
            if (!ServerClient.isRefused(e) || client.isNamed() || !root.isConfigured()) {
                throw e;
            }
            root.terminal()
                    .err()
                    .println("no philotes answers at " + client.address() + ": starting " + pipeline + " here");
            return here(request);
        }
        while (true) {
            JsonNode progress = client.get(path + "/" + accepted.path("run").asLong());
            if (progress.path("state").asText().equals("DONE")) {
                return progress.path("report");
            }
            Thread.sleep(PAUSE.toMillis());
        }
    }

    private static Map<String, Object> body(VerifyRequest request) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("tables", request.tables().stream().map(TableId::toSql).toList());
        request.sink().ifPresent(name -> body.put("sink", name));
        body.put("rounds", request.maxRounds());
        body.put("list", request.maxListed());
        body.put("values", request.withValues());
        return body;
    }

    private JsonNode here(VerifyRequest request) throws InterruptedException {
        PhilotesConfig config = root.config();
        Selection.of(config, List.of(pipeline));
        try (RunnerProcess process = new RunnerProcess(config, List.of(pipeline))) {
            process.stopOnSignal();
            return Json.mapper().valueToTree(VerifyJson.of(process.verify(pipeline, request, LIMIT)));
        }
    }

    /** The worst of the tables; that nothing was compared is no success either. */
    private static int exitCode(JsonNode report) {
        int code = report.path("tables").isEmpty() ? ExitCode.NEGATIVE : ExitCode.OK;
        for (JsonNode table : report.path("tables")) {
            switch (table.path("verdict").asText()) {
                case "EQUAL", "NOT_COMPARABLE" -> {
                    // As it is meant to be.
                }
                case "UNDECIDED" -> code = ExitCode.TEMPORARY;
                default -> {
                    return ExitCode.NEGATIVE;
                }
            }
        }
        return code;
    }
}
