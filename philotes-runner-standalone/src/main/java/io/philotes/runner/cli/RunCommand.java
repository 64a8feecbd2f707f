// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.config.LogFormat;
import io.philotes.config.PhilotesConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code philotes run}: runs the pipelines until they end or a signal comes. */
@Command(name = "run", description = "Runs the pipelines. SIGTERM and Ctrl-C stop them in order.")
final class RunCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Option(names = "--once", description = "Commit what is in the WAL now, then end.")
    private boolean once;

    @Option(names = "--only", paramLabel = "PIPELINE", description = "Only this pipeline; may be repeated.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--no-server", description = "No HTTP server.")
    private boolean noServer;

    @Option(names = "--fail-on-dlq", description = "Ends with 65 when dead letters wait at the end.")
    private boolean failOnDlq;

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            description = "text, json, or auto: text where a person watches, JSON elsewhere."
                    + " Default logging.format of the configuration, which is text unless it says otherwise.")
    private LogFormat logFormat;

    @Option(names = "--no-progress", description = "No line of progress while tables are copied.")
    private boolean noProgress;

    @Override
    public Integer call() throws InterruptedException {
        PhilotesConfig config = root.config();
        LogSetup.apply(config.logging().level());
        LogSetup.format(
                logFormat == null ? config.logging().format() : logFormat,
                root.terminal().showsProgress());
        List<String> pipelines = Selection.of(config, only);
        try (RunnerProcess process = new RunnerProcess(config, pipelines)) {
            process.stopOnSignal();
            if (!noServer && config.server().enabled()) {
                process.serveAside();
            }
            if (!noProgress) {
                process.showProgress(root.terminal());
            }
            int exit = once ? process.runOnce() : process.runUntilStopped();
            return exit == ExitCode.OK && failOnDlq ? requireNoLetters(process.deadLetters()) : exit;
        }
    }

    private int requireNoLetters(Map<String, Long> waiting) {
        waiting.forEach((pipeline, letters) -> root.terminal()
                .err()
                .println(letters + " dead letters of " + pipeline + " wait: philotes dlq list " + pipeline));
        return waiting.isEmpty() ? ExitCode.OK : ExitCode.BAD_DATA;
    }
}
