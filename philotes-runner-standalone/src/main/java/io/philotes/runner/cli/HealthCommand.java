// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code philotes health}: for whoever restarts what is not well. */
@Command(name = "health", description = "Asks a running philotes whether it is well; ends with 0 for yes, 1 for no.")
final class HealthCommand implements Callable<Integer> {

    /** At most one of the two. */
    static final class Question {

        @Option(names = "--live", description = "Whether the process answers.")
        private boolean live;

        @Option(names = "--ready", description = "Whether every pipeline runs; the default.")
        private boolean ready;
    }

    @ParentCommand
    private RootCommand root;

    @ArgGroup
    private Question question = new Question();

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "Default $PHILOTES_SERVER, the configured server, http://127.0.0.1:8484.")
    private String server;

    @Override
    public Integer call() throws InterruptedException {
        JsonNode answer = ServerClient.of(root, server).health(question.live ? "/health/live" : "/health/ready");
        if (root.json()) {
            root.terminal().out().println(answer);
        } else {
            root.terminal().out().println(answer.path("status").asText());
            answer.path("pipelines")
                    .properties()
                    .forEach(pipeline -> root.terminal()
                            .out()
                            .println("  " + pipeline.getKey() + "  "
                                    + pipeline.getValue().asText()));
        }
        return answer.path("status").asText().equals("up") ? ExitCode.OK : ExitCode.NEGATIVE;
    }
}
