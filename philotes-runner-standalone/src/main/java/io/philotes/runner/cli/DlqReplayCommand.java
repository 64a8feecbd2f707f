// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code philotes dlq replay}. */
@Command(
        name = "replay",
        description = {
            "Asks that rows that were set aside be applied, all parked ones or those that are named.",
            "They are applied in their order, with what waits behind them; those that still do not fit are set aside again."
        })
final class DlqReplayCommand implements Callable<Integer> {

    @ParentCommand
    private DlqCommand dlq;

    @Mixin
    private LetterOptions options;

    @Override
    public Integer call() throws InterruptedException {
        RootCommand root = dlq.root();
        try (LetterAccess letters = options.open(root)) {
            JsonNode answer = letters.replay(options.filter());
            long wanted = answer.path("wanted").asLong();
            root.terminal()
                    .out()
                    .println(
                            root.json()
                                    ? answer
                                    : wanted == 0
                                            ? "no parked dead letter is meant"
                                            : wanted + " dead letters are wanted: " + options.pipeline()
                                                    + " applies them " + letters.when());
        }
        return ExitCode.OK;
    }
}
