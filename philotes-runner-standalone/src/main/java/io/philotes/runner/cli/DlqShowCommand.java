// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code philotes dlq show}: the row itself. */
@Command(
        name = "show",
        description = "Shows a row that was set aside, with its values and its exact bytes: the customer's data.")
final class DlqShowCommand implements Callable<Integer> {

    /** One change, of a few sinks. */
    private static final int MOST = 20;

    @ParentCommand
    private DlqCommand dlq;

    @Spec
    private CommandSpec spec;

    @Mixin
    private LetterOptions options;

    @Override
    public Integer call() throws InterruptedException {
        if (!options.hasPlace()) {
            throw new ParameterException(spec.commandLine(), "Missing the option --id: which one?");
        }
        RootCommand root = dlq.root();
        try (LetterAccess letters = options.open(root)) {
            ArrayNode shown = Json.mapper().createArrayNode();
            for (JsonNode letter : letters.page(options.filter(), null, MOST).path("items")) {
                shown.add(letters.show(letter.path("id").asText()));
            }
            if (root.json()) {
                root.terminal().out().println(shown);
            } else {
                shown.forEach(new LetterText(root.terminal().out(), root.paint())::print);
            }
            if (shown.isEmpty()) {
                root.terminal().err().println("there is no such dead letter; philotes dlq list shows what there is");
            }
            return shown.isEmpty() ? ExitCode.NEGATIVE : ExitCode.OK;
        }
    }
}
