// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.runner.terminal.Terminal;
import io.philotes.runner.terminal.Tty;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;

/** The command line as a whole: parses, runs, turns failures into words and exit codes. For one thread. */
public final class Cli {

    /** Started by machines again and again; to look at all commands takes longer than some of these take. */
    private static final Map<String, Class<?>> ALONE = Map.of("run", RunCommand.class, "health", HealthCommand.class);

    private final Terminal terminal;

    Cli(Terminal terminal) {
        this.terminal = terminal;
    }

    /** On the process' own streams and environment. */
    public static Cli ofProcess() {
        return new Cli(new Terminal(
                new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())),
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                System::getenv,
                Tty.isInteractive(),
                Tty.showsProgress()));
    }

    /** Runs one command and returns its exit code. */
    public int run(String... args) {
        Class<?> alone = args.length == 0 ? null : ALONE.get(args[0]);
        RootCommand root = alone == null ? new AllCommands(terminal) : new RootCommand(terminal);
        CommandLine commandLine = new CommandLine(root);
        if (alone != null) {
            commandLine.addSubcommand(alone);
        }
        commandLine.setOut(terminal.out()).setErr(terminal.err());
        commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        setExitCodes(commandLine);
        commandLine.setExecutionExceptionHandler(
                (failure, command, parsed) -> new FailureReport(terminal, root.verbose()).report(failure));
        int code = commandLine.execute(args);
        terminal.out().flush();
        terminal.err().flush();
        return code;
    }

    /** Subcommands do not inherit what an invalid use exits with. */
    private static void setExitCodes(CommandLine commandLine) {
        commandLine.getCommandSpec().exitCodeOnInvalidInput(ExitCode.USAGE);
        commandLine.getCommandSpec().exitCodeOnExecutionException(ExitCode.SOFTWARE);
        commandLine.getSubcommands().values().forEach(Cli::setExitCodes);
    }
}
