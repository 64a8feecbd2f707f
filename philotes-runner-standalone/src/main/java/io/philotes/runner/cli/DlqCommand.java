// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code philotes dlq}: the rows that were set aside. */
@Command(
        name = "dlq",
        description = "Looks at rows that were set aside, asks that they be applied, or gives them up.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DlqCountCommand.class,
            DlqListCommand.class,
            DlqShowCommand.class,
            DlqReplayCommand.class,
            DlqPurgeCommand.class,
            DlqExportCommand.class
        })
final class DlqCommand implements Runnable {

    @ParentCommand
    private RootCommand root;

    @Spec
    private CommandSpec spec;

    RootCommand root() {
        return root;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing a command");
    }
}
