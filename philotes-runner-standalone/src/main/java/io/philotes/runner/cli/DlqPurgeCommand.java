// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code philotes dlq purge}. */
@Command(
        name = "purge",
        description = {
            "Removes rows that are applied or superseded; with --yes also gives up those that were never applied.",
            "Without a row that was never applied the target differs from the source: its table becomes DIVERGED, and"
                    + " philotes resync heals it."
        })
final class DlqPurgeCommand implements Callable<Integer> {

    @ParentCommand
    private DlqCommand dlq;

    @Mixin
    private LetterOptions options;

    @Option(names = "--yes", description = "Purge also what was never applied.")
    private boolean yes;

    @Override
    public Integer call() throws InterruptedException {
        RootCommand root = dlq.root();
        try (LetterAccess letters = options.open(root)) {
            Map<String, List<String>> filter = options.filter();
            long open = open(letters.count(filter));
            if (open > 0 && !yes) {
                root.terminal()
                        .err()
                        .println(
                                open + " of these dead letters were never applied. Without them the target differs from"
                                        + " the source: their tables become DIVERGED until they are copied again (philotes resync "
                                        + options.pipeline() + "). Nothing was purged.\n"
                                        + "fix   philotes dlq replay applies them; --yes gives them up;"
                                        + " --state applied,superseded leaves them alone");
                return ExitCode.NEGATIVE;
            }
            JsonNode answer = yes ? letters.purgeAll(filter) : letters.purgeResolved(filter);
            root.terminal().out().println(root.json() ? answer : text(answer, letters.when()));
        }
        return ExitCode.OK;
    }

    private static long open(JsonNode counts) {
        JsonNode states = counts.path("states");
        return states.path("PARKED").asLong() + states.path("WANTED").asLong();
    }

    private String text(JsonNode answer, String when) {
        long givenUp = answer.path("givenUp").asLong();
        String removed = answer.path("removed").asLong() + " dead letters were removed";
        return givenUp == 0
                ? removed
                : removed + ", " + givenUp + " are given up: " + options.pipeline() + " marks their tables DIVERGED "
                        + when;
    }
}
