// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.config.PhilotesConfig;
import io.philotes.runner.terminal.Paint;
import io.philotes.runner.terminal.Terminal;
import io.philotes.runner.yaml.ConfigReader;
import java.nio.file.Path;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code philotes}: what all commands share. {@link AllCommands} has them. */
@Command(
        name = "philotes",
        description = "Keeps Apache Iceberg tables in step with PostgreSQL.",
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true,
        footer = {
            "",
            "Exit codes: 0 ok; 1 the answer is no; 64 usage; 65 dead letters;",
            "69 source, lake or server unreachable; 70 defect; 75 temporary, try again;",
            "77 no permission; 78 configuration; 130, 143 ended by a signal."
        })
class RootCommand implements Runnable {

    private final Terminal terminal;

    @Option(
            names = {"-c", "--config"},
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "Configuration; default $PHILOTES_CONFIG, ./philotes.yaml, /etc/philotes/philotes.yaml.")
    private Path config;

    @Option(
            names = {"-o", "--output"},
            scope = ScopeType.INHERIT,
            paramLabel = "FORMAT",
            description = "text or json; discover and config: yaml as well.",
            defaultValue = "text")
    private OutputFormat output;

    @Option(names = "--no-color", scope = ScopeType.INHERIT, description = "No colours.")
    private boolean noColour;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Show stack traces of failures.")
    private boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show what a command does and takes.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    RootCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing a command");
    }

    Terminal terminal() {
        return terminal;
    }

    boolean verbose() {
        return verbose;
    }

    /** Of a command that has no YAML. */
    boolean json() {
        if (output == OutputFormat.YAML) {
            throw new ParameterException(spec.commandLine(), "This command prints text or json, no yaml");
        }
        return output == OutputFormat.JSON;
    }

    OutputFormat output() {
        return output;
    }

    Paint paint() {
        return new Paint(terminal.hasColour() && !noColour);
    }

    Path configFile() {
        return new ConfigLookup(terminal.environment()).find(config);
    }

    boolean isConfigured() {
        return new ConfigLookup(terminal.environment()).known(config).isPresent();
    }

    /** For a command that connects to nothing that needs a secret. */
    PhilotesConfig configWithoutSecrets() {
        return configWithoutSecrets(lacking -> {});
    }

    /** @param lacking is told of each secret that is not set here */
    PhilotesConfig configWithoutSecrets(Consumer<String> lacking) {
        return new ConfigReader(terminal.environment()).readWithoutSecrets(configFile(), lacking);
    }

    /** Where {@code init} writes to: what was named, or this directory. */
    Path newConfigFile() {
        return config == null ? Path.of("philotes.yaml") : config;
    }

    PhilotesConfig config() {
        return new ConfigReader(terminal.environment()).read(configFile());
    }
}
