// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.philotes.runner.terminal.Printable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code philotes dlq list}: where, when and why, and nothing of the rows. */
@Command(name = "list", description = "Lists rows that were set aside, without anything that they hold.")
final class DlqListCommand implements Callable<Integer> {

    private static final int PAGE = 1000;

    @ParentCommand
    private DlqCommand dlq;

    @Spec
    private CommandSpec spec;

    @Mixin
    private LetterOptions options;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "At most so many; default ${DEFAULT-VALUE}.",
            defaultValue = "100")
    private int limit;

    @Override
    public Integer call() throws InterruptedException {
        if (limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit must be at least 1");
        }
        RootCommand root = dlq.root();
        try (LetterAccess letters = options.open(root)) {
            ArrayNode items = Json.mapper().createArrayNode();
            String next = read(letters, items);
            if (root.json()) {
                root.terminal().out().println(items);
            } else {
                print(root.terminal().out(), items);
            }
            if (next != null) {
                root.terminal().err().println("there are more: --limit");
            }
        }
        return ExitCode.OK;
    }

    /** @return null when nothing is left */
    private String read(LetterAccess letters, ArrayNode items) throws InterruptedException {
        Map<String, List<String>> filter = options.filter();
        String next = null;
        do {
            JsonNode page = letters.page(filter, next, Math.max(1, Math.min(PAGE, limit - items.size())));
            page.path("items").forEach(items::add);
            next = page.path("next").textValue();
        } while (next != null && items.size() < limit);
        return next;
    }

    private static void print(PrintWriter out, JsonNode items) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ID", "SINK", "TABLE", "STATE", "CODE", "TRIES", "PARKED AT", "REASON"));
        for (JsonNode item : items) {
            rows.add(List.of(
                    item.path("at").asText(),
                    Printable.of(item.path("sink").asText()),
                    Printable.of(item.path("table").asText()),
                    item.path("state").asText(),
                    item.path("code").asText(),
                    item.path("attempts").asText(),
                    item.path("parkedAt").asText().replaceFirst("\\..*Z$", "Z"),
                    Printable.of(item.path("reason").asText())));
        }
        int[] widths = new int[rows.get(0).size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
