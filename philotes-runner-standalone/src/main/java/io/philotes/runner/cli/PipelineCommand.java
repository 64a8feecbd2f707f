// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.philotes.runner.terminal.Printable;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code philotes pipeline}: tells a running process what its pipelines shall do. */
@Command(
        name = "pipeline",
        description = {
            "Starts, stops, pauses and resumes pipelines of a running philotes, by asking its server.",
            "What is so already is left so. After a restart of the process, all of them run again."
        },
        synopsisSubcommandLabel = "COMMAND")
final class PipelineCommand implements Runnable {

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Set<String> AT_WORK = Set.of("COPYING", "RUNNING", "STANDBY");

    @ParentCommand
    private RootCommand root;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--server",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            description = "Default $PHILOTES_SERVER, the configured server, http://127.0.0.1:8484.")
    private String server;

    @Option(names = "--wait", scope = ScopeType.INHERIT, description = "Return when it is so, or has failed.")
    private boolean wait;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing a command");
    }

    @Command(name = "list", description = "Lists the pipelines and their states.")
    int list() throws InterruptedException {
        JsonNode items = client().get(ServerClient.PIPELINES).path("items");
        if (root.json()) {
            root.terminal().out().println(items);
        } else {
            items.forEach(item -> root.terminal()
                    .out()
                    .println(item.path("pipeline").asText() + "  "
                            + item.path("state").asText()));
        }
        return ExitCode.OK;
    }

    @Command(name = "show", description = "Shows one pipeline, and what it was told.")
    int show(@Parameters(paramLabel = "PIPELINE") String name) throws InterruptedException {
        print(client().get(ServerClient.pipeline(name)));
        return ExitCode.OK;
    }

    @Command(name = "start", description = "Starts one that is at its end; a paused one goes on.")
    int start(@Parameters(paramLabel = "PIPELINE") String name) throws InterruptedException {
        return order(name, "start", AT_WORK);
    }

    @Command(name = "stop", description = "Commits what was read, and stops. The slot keeps WAL meanwhile.")
    int stop(@Parameters(paramLabel = "PIPELINE") String name) throws InterruptedException {
        return order(name, "stop", Set.of("STOPPED"));
    }

    @Command(
            name = "restart",
            description = "Stops and starts again, with the configuration that the process has read.")
    int restart(@Parameters(paramLabel = "PIPELINE") String name) throws InterruptedException {
        return order(name, "restart", AT_WORK);
    }

    @Command(name = "pause", description = "Holds still: nothing is read or committed. The slot keeps WAL meanwhile.")
    int pause(@Parameters(paramLabel = "PIPELINE") String name) throws InterruptedException {
        return order(name, "pause", Set.of("PAUSED"));
    }

    @Command(name = "resume", description = "Goes on after pause.")
    int resume(@Parameters(paramLabel = "PIPELINE") String name) throws InterruptedException {
        return order(name, "resume", AT_WORK);
    }

    private int order(String name, String verb, Set<String> wanted) throws InterruptedException {
        ServerClient client = client();
        JsonNode pipeline = client.post(ServerClient.pipeline(name) + "/" + verb, Map.of());
        boolean failed = false;
        if (wait) {
            awaitEnd(client, pipeline.path("operation").asText(null));
            pipeline = client.get(ServerClient.pipeline(name));
            while (!wanted.contains(state(pipeline)) && !failed) {
                failed = state(pipeline).equals("FAILED") || state(pipeline).equals("STOPPED");
                Thread.sleep(PAUSE.toMillis());
                pipeline = client.get(ServerClient.pipeline(name));
            }
        }
        print(pipeline);
        return failed ? ExitCode.NEGATIVE : ExitCode.OK;
    }

    private static void awaitEnd(ServerClient client, String operation) throws InterruptedException {
        while (operation != null && client.get(operation).path("state").asText().equals("RUNNING")) {
            Thread.sleep(PAUSE.toMillis());
        }
    }

    private static String state(JsonNode pipeline) {
        return pipeline.path("state").asText();
    }

    private void print(JsonNode pipeline) {
        if (root.json()) {
            root.terminal().out().println(pipeline);
            return;
        }
        String desired = pipeline.path("desiredState").asText();
        root.terminal()
                .out()
                .println(pipeline.path("pipeline").asText() + "  " + state(pipeline)
                        + (desired.equals(state(pipeline)) ? "" : "  (shall be " + desired + ")"));
        JsonNode failure = pipeline.path("failure");
        if (failure.isObject()) {
            root.terminal()
                    .out()
                    .println("  " + Printable.lines(failure.path("message").asText()));
            root.terminal()
                    .out()
                    .println("  hint  " + Printable.lines(failure.path("hint").asText()));
        }
    }

    private ServerClient client() {
        return ServerClient.of(root, server);
    }
}
