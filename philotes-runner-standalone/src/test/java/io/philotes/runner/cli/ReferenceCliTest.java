// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.runner.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The reference page and the command line have the same commands and options. */
class ReferenceCliTest {

    private static final Path PAGE = Path.of("..", "docs", "reference", "cli.md");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]*");

    private static CommandLine model() {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        return new CommandLine(new AllCommands(new Terminal(nowhere, nowhere, Map.<String, String>of()::get, false)));
    }

    /** The options of each command, those that all share left out; a command within one counts as that. */
    private static Map<String, Set<String>> options() {
        CommandLine root = model();
        Set<String> shared = names(root);
        Map<String, Set<String>> options = new TreeMap<>();
        root.getSubcommands().forEach((name, command) -> {
            Set<String> own = names(command);
            command.getSubcommands().values().forEach(sub -> own.addAll(names(sub)));
            own.removeAll(shared);
            options.put(name, own);
        });
        return options;
    }

    private static Set<String> names(CommandLine command) {
        return command.getCommandSpec().options().stream()
                .filter(option -> !option.hidden())
                .map(OptionSpec::longestName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String page() throws IOException {
        return Files.readString(PAGE);
    }

    @Test
    void every_command_has_its_row_or_is_within_one() throws IOException {
        String rows = page().lines().filter(line -> line.startsWith("| `")).collect(Collectors.joining("\n"));
        String page = page();
        options()
                .keySet()
                .forEach(name ->
                        assertThat(rows).as("the page tells of %s", name).containsPattern("`" + name + "[ `]"));
        model().getSubcommands()
                .forEach((name, command) -> command.getSubcommands()
                        .keySet()
                        .forEach(sub ->
                                assertThat(page).as("%s %s", name, sub).containsPattern(name + " [^\n]*" + sub)));
    }

    @Test
    void every_option_is_on_the_page() throws IOException {
        String page = page();
        options()
                .forEach((name, options) -> options.forEach(
                        option -> assertThat(page).as("%s %s", name, option).containsPattern(option + "\\b")));
    }

    @Test
    void the_page_names_no_option_that_is_not_there() throws IOException {
        Set<String> known = new TreeSet<>(names(model()));
        options().values().forEach(known::addAll);
        Set<String> told = new TreeSet<>();
        Matcher matcher = OPTION.matcher(page());
        while (matcher.find()) {
            told.add(matcher.group());
        }
        assertThat(known).containsAll(told);
    }
}
