// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.config.PhilotesConfig;
import io.philotes.config.PipelineFactory;
import io.philotes.pipeline.PipelinePlan;
import io.philotes.runner.server.PlanJson;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code philotes plan}: what {@code run} would create or change. */
@Command(name = "plan", description = "Tells what run would create or change, table by table. Creates nothing.")
final class PlanCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Option(names = "--only", paramLabel = "PIPELINE", description = "Only this pipeline; may be repeated.")
    private List<String> only = new ArrayList<>();

    @Override
    public Integer call() {
        PhilotesConfig config = root.config();
        List<PlanJson> plans = new ArrayList<>();
        try (PipelineFactory factory = new PipelineFactory(config)) {
            for (String name : Selection.of(config, only)) {
                plans.add(PlanJson.of(
                        factory.builder(name).plan(), config.pipelines().get(name)));
            }
        }
        if (root.json()) {
            root.terminal().out().println(Json.line(plans));
        } else {
            plans.forEach(new PlanText(root.terminal().out(), root.paint())::print);
        }
        return plans.stream().allMatch(PlanCommand::mayStart) ? ExitCode.OK : ExitCode.NEGATIVE;
    }

    private static boolean mayStart(PlanJson plan) {
        return plan.fitsBudget()
                && plan.steps().stream().noneMatch(step -> step.startsWith(PipelinePlan.REFUSED))
                && plan.tables().stream().noneMatch(table -> table.action().equals("refuse"));
    }
}
