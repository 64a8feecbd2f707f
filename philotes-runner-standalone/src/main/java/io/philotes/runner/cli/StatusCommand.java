// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code philotes status}: asks a running process. */
@Command(name = "status", description = "Shows the pipelines of a running philotes, by asking its server.")
final class StatusCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "Default $PHILOTES_SERVER, the configured server, http://127.0.0.1:8484.")
    private String server;

    @Override
    public Integer call() throws InterruptedException {
        JsonNode pipelines =
                ServerClient.of(root, server).get("/api/v1/pipelines").path("items");
        if (root.json()) {
            root.terminal().out().println(pipelines);
        } else {
            new StatusText(root.terminal().out(), root.paint()).print(pipelines);
        }
        return ExitCode.OK;
    }
}
