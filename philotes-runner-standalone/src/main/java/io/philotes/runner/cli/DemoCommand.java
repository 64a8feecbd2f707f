// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.runner.demo.Demo;
import io.philotes.runner.demo.DemoOptions;
import io.philotes.runner.demo.DemoResult;
import io.philotes.runner.terminal.Terminal;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code philotes demo}. */
@Command(
        name = "demo",
        description =
                "Starts a PostgreSQL of its own, mirrors a busy shop into a local lake, and proves that both are equal.")
final class DemoCommand implements Callable<Integer> {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", java.util.Locale.ROOT);
    private static final int LEAST_SECONDS = 5;

    @ParentCommand
    private RootCommand root;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "30",
            description = "How long the shop changes; default ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Where the lake goes, new or empty; default ./philotes-demo-<time>.")
    private Path directory;

    @Option(
            names = "--format-version",
            paramLabel = "V",
            defaultValue = "3",
            description = "Iceberg's table format, 3 or 2; default ${DEFAULT-VALUE}.")
    private int formatVersion;

    @Override
    public Integer call() throws InterruptedException {
        if (seconds < LEAST_SECONDS || formatVersion < 2 || formatVersion > 3) {
            throw new ParameterException(
                    spec.commandLine(), "--seconds must be at least " + LEAST_SECONDS + ", --format-version 2 or 3");
        }
        Terminal terminal = root.terminal();
        PrintWriter people = root.json() ? terminal.err() : terminal.out();
        try (Demo demo = new Demo(options(), terminal, people, root.paint())) {
            DemoResult result = run(demo);
            if (root.json()) {
                terminal.out().println(Json.line(result));
            }
            return result.equal() ? ExitCode.OK : ExitCode.NEGATIVE;
        }
    }

    private static DemoResult run(Demo demo) throws InterruptedException {
        OnSignal onSignal = OnSignal.run(() -> breakOff(demo));
        try {
            return demo.run();
        } finally {
            onSignal.close();
        }
    }

    private DemoOptions options() {
        Path chosen = directory != null
                ? directory
                : Path.of("philotes-demo-" + LocalDateTime.now().format(STAMP));
        return new DemoOptions(chosen, seconds, formatVersion);
    }

    /** What ends now complains that the other end went away; nobody wants to read that after Ctrl-C. */
    private static void breakOff(Demo demo) {
        LogSetup.silence();
        demo.close();
    }
}
