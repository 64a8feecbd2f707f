// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code philotes help}. Not picocli's own, which would claim an option that all commands share here. */
@Command(name = "help", helpCommand = true, description = "Shows what philotes, or one command, does and takes.")
final class HelpCommand implements Runnable {

    @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "The command; none for all.")
    private String command;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        CommandLine root = spec.parent().commandLine();
        CommandLine about = command == null ? root : root.getSubcommands().get(command);
        if (about == null) {
            throw new ParameterException(spec.commandLine(), "There is no command '" + command + "'");
        }
        about.usage(root.getOut());
    }
}
