// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.config.PhilotesConfig;
import io.philotes.runner.yaml.ConfigSchema;
import io.philotes.runner.yaml.EffectiveConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code philotes config}: the configuration as such. */
@Command(name = "config", description = "The configuration as such.", synopsisSubcommandLabel = "COMMAND")
final class ConfigCommand implements Runnable {

    @ParentCommand
    private RootCommand root;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing a command");
    }

    @Command(
            name = "show",
            description =
                    "Prints the configuration that is in force, defaults included, without secrets; as YAML, or with -o json.")
    int show() {
        PhilotesConfig config = root.configWithoutSecrets();
        boolean json = root.output() == OutputFormat.JSON;
        String text = json ? Json.line(EffectiveConfig.tree(config)) + "\n" : EffectiveConfig.yaml(config);
        root.terminal().out().print(text);
        return ExitCode.OK;
    }

    @Command(name = "schema", description = "Prints the JSON Schema of philotes.yaml, for editors.")
    int schema() {
        root.terminal().out().println(Json.pretty(ConfigSchema.tree()));
        return ExitCode.OK;
    }
}
