// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.runner.terminal.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/** Whether the runner knows the words of a command; nothing is run. */
public final class RunnerWords {

    private RunnerWords() {}

    /** What is wrong with them; that some are missing is nothing wrong in a text that only names the command. */
    public static Optional<String> fault(String... words) {
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        CommandLine commandLine = new CommandLine(new AllCommands(new Terminal(nowhere, nowhere, name -> null, false)));
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        try {
            commandLine.parseArgs(words);
            return Optional.empty();
        } catch (MissingParameterException e) {
            return Optional.empty();
        } catch (ParameterException e) {
            return Optional.of(e.getMessage());
        }
    }
}
