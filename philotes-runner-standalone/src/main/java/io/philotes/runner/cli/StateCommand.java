// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.config.StateDdl;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code philotes state}: the tables of buffers and state in PostgreSQL. */
@Command(
        name = "state",
        description = "The tables of buffers and state in PostgreSQL.",
        synopsisSubcommandLabel = "COMMAND")
final class StateCommand implements Runnable {

    @ParentCommand
    private RootCommand root;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing a command");
    }

    @Command(name = "ddl", description = "Prints the SQL that makes the tables. Asks no server.")
    int ddl() {
        root.terminal().out().print(new StateDdl(root.configWithoutSecrets()).text());
        return ExitCode.OK;
    }
}
