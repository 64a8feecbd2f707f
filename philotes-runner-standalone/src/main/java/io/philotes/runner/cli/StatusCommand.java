// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.philotes.config.DurationText;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code philotes status}: asks a running process. */
@Command(name = "status", description = "Shows the pipelines of a running philotes, by asking its server.")
final class StatusCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "Default $PHILOTES_SERVER, the configured server, http://127.0.0.1:8484.")
    private String server;

    @Option(
            names = "--watch",
            description = "Again and again until Ctrl-C: drawn anew on a terminal, a line for each pipeline elsewhere.")
    private boolean watch;

    @Option(
            names = "--interval",
            paramLabel = "DURATION",
            defaultValue = "2s",
            description = "How often --watch looks; default ${DEFAULT-VALUE}.")
    private String interval;

    @Override
    public Integer call() throws InterruptedException {
        Duration pause = pause();
        ServerClient client = ServerClient.of(root, server);
        if (watch) {
            new StatusWatch(root.terminal(), root.paint(), root.json()).run(() -> pipelines(client), pause);
            return ExitCode.OK;
        }
        JsonNode pipelines = pipelines(client);
        if (root.json()) {
            root.terminal().out().println(pipelines);
        } else {
            new StatusText(root.terminal().out(), root.paint()).print(pipelines);
        }
        return ExitCode.OK;
    }

    private static JsonNode pipelines(ServerClient client) throws InterruptedException {
        return client.get(ServerClient.PIPELINES).path("items");
    }

    private Duration pause() {
        try {
            Duration pause = DurationText.parse(interval);
            if (!pause.isZero()) {
                return pause;
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--interval " + e.getMessage(), e);
        }
        throw new ParameterException(spec.commandLine(), "--interval must be more than zero");
    }
}
