// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.runner.terminal.Terminal;
import picocli.CommandLine.Command;

/** {@code philotes} with every command, in the order in which help lists them. */
@Command(
        subcommands = {
            InitCommand.class,
            DiscoverCommand.class,
            CheckCommand.class,
            PlanCommand.class,
            RunCommand.class,
            StatusCommand.class,
            HealthCommand.class,
            PipelineCommand.class,
            WalCommand.class,
            ResyncCommand.class,
            DlqCommand.class,
            VerifyCommand.class,
            TeardownCommand.class,
            SnippetCommand.class,
            ConfigCommand.class,
            SetupSqlCommand.class,
            StateCommand.class,
            KeyCommand.class,
            DemoCommand.class,
            CompletionCommand.class,
            VersionCommand.class,
            HelpCommand.class
        })
final class AllCommands extends RootCommand {

    AllCommands(Terminal terminal) {
        super(terminal);
    }
}
