// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.config.PhilotesConfig;
import io.philotes.config.PipelineFactory;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.CheckReport;
import io.philotes.health.Finding;
import io.philotes.runner.server.CheckJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code philotes check}: every finding at once, with what mends it. */
@Command(name = "check", description = "Looks at configuration, source and lake; tells what to mend. Creates nothing.")
final class CheckCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    /** Where every error is one of these alone, nothing has to be mended, and a script may simply try again. */
    private static final Set<Integer> WAITING_HELPS = Set.of(ExitCode.UNREACHABLE, ExitCode.TEMPORARY);

    /** The subject of what the file alone is to blame for. */
    private static final String CONFIGURATION = "configuration";

    @Option(names = "--only", paramLabel = "PIPELINE", description = "Only this pipeline; may be repeated.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--offline", description = "Only the configuration file.")
    private boolean offline;

    @Override
    public Integer call() {
        List<String> lacking = new ArrayList<>();
        PhilotesConfig config = offline ? root.configWithoutSecrets(lacking::add) : root.config();
        Map<String, CheckReport> reports = new LinkedHashMap<>();
        try (PipelineFactory factory = new PipelineFactory(config)) {
            for (String name : Selection.of(config, only)) {
                reports.put(name, report(config, factory, name, lacking));
                lacking.clear();
            }
        }
        print(reports);
        return exitCode(reports);
    }

    private CheckReport report(PhilotesConfig config, PipelineFactory factory, String name, List<String> lacking) {
        List<Finding> findings = new ArrayList<>();
        int tables = config.pipelines().get(name).tables().size();
        findings.add(Finding.ok(CONFIGURATION, tables == 1 ? "1 table entry" : tables + " table entries"));
        // Where only the file is looked at, secrets may be elsewhere: in a build, say.
        lacking.forEach(secret -> findings.add(
                Finding.warn(ErrorCode.INVALID_CONFIGURATION, CONFIGURATION, secret, "set it where philotes runs")));
        if (!offline) {
            findings.addAll(look(() -> factory.check(name)));
        }
        return new CheckReport(findings);
    }

    /** A pipeline that cannot even be made, or that a defect keeps from being looked at, keeps no other from being looked at. */
    static List<Finding> look(Supplier<CheckReport> look) {
        try {
            return look.get().findings();
        } catch (PhilotesException e) {
            return List.of(Finding.error(e.code(), CONFIGURATION, e.reason(), e.hint()));
        } catch (RuntimeException e) {
            return List.of(
                    Finding.error(ErrorCode.DEFECT, "pipeline", "cannot be looked at: " + e, ErrorCode.DEFECT.hint()));
        }
    }

    private void print(Map<String, CheckReport> reports) {
        String file = root.configFile().toString();
        if (root.json()) {
            root.terminal().out().println(Json.line(CheckJson.of(file, reports)));
        } else {
            new CheckText(root.terminal().out(), root.paint()).print(file, reports);
        }
    }

    /** That of the worst: what cannot be used at all, then what has to be mended, then what may pass. */
    private static int exitCode(Map<String, CheckReport> reports) {
        List<Finding> errors = reports.values().stream()
                .flatMap(report -> report.findings().stream())
                .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                .toList();
        if (errors.isEmpty()) {
            return ExitCode.OK;
        }
        if (errors.stream().anyMatch(finding -> finding.subject().equals(CONFIGURATION))) {
            return ExitCode.CONFIGURATION;
        }
        List<Integer> statuses = errors.stream()
                .map(finding -> ExitCode.of(finding.code().orElse(ErrorCode.DEFECT)))
                .distinct()
                .toList();
        return statuses.size() == 1 && WAITING_HELPS.contains(statuses.get(0)) ? statuses.get(0) : ExitCode.NEGATIVE;
    }
}
