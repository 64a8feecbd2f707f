// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code philotes dlq count}. */
@Command(name = "count", description = "How many rows were set aside, by state.")
final class DlqCountCommand implements Callable<Integer> {

    @ParentCommand
    private DlqCommand dlq;

    @Mixin
    private LetterOptions options;

    @Override
    public Integer call() throws InterruptedException {
        RootCommand root = dlq.root();
        try (LetterAccess letters = options.open(root)) {
            JsonNode counts = letters.count(options.filter());
            root.terminal().out().println(root.json() ? counts : text(counts));
        }
        return ExitCode.OK;
    }

    private static String text(JsonNode counts) {
        List<String> states = new ArrayList<>();
        counts.path("states")
                .properties()
                .forEach(state -> states.add(state.getValue().asLong() + " " + state.getKey()));
        return counts.path("count").asLong() + " dead letters"
                + (states.isEmpty() ? "" : ": " + String.join(", ", states));
    }
}
