// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code philotes completion}: what a shell completes commands and options by. */
@Command(
        name = "completion",
        description =
                "Prints a script for bash and zsh that completes commands and options: source <(philotes completion)")
final class CompletionCommand implements Runnable {

    @ParentCommand
    private RootCommand root;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        root.terminal().out().print(AutoComplete.bash("philotes", spec.root().commandLine()));
    }
}
