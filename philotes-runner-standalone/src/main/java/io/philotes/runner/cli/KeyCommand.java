// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.config.ApiKeyConfig;
import io.philotes.config.ApiRole;
import io.philotes.runner.server.ApiKeys;
import io.philotes.runner.terminal.Terminal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code philotes key}: keys for the HTTP server, which the configuration names. */
@Command(
        name = "key",
        description = {
            "API keys of the HTTP server. The configuration holds only their hashes.",
            "To revoke a key, remove its line and start the process again."
        },
        synopsisSubcommandLabel = "COMMAND")
final class KeyCommand implements Runnable {

    @ParentCommand
    private RootCommand root;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing a command");
    }

    @Command(name = "create", description = "Prints a new key, and what to put into the configuration. Writes nothing.")
    int create(
            @Parameters(paramLabel = "NAME", description = "Whose it is; logs show it.") String name,
            @Option(
                            names = "--role",
                            defaultValue = "viewer",
                            description = "viewer, operator or admin; default ${DEFAULT-VALUE}.")
                    ApiRole role) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,49}")) {
            throw new ParameterException(spec.commandLine(), "NAME is of letters, digits, '_' and '-', at most 50");
        }
        String key = ApiKeys.random();
        if (root.json()) {
            Map<String, String> fields = new LinkedHashMap<>();
            fields.put("name", name);
            fields.put("role", word(role));
            fields.put("key", key);
            fields.put("sha256", ApiKeys.hash(key));
            root.terminal().out().println(Json.line(fields));
        } else {
            print(name, role, key);
        }
        return ExitCode.OK;
    }

    /** The key alone on standard output, for a pipe into a secret store. */
    private void print(String name, ApiRole role, String key) {
        Terminal terminal = root.terminal();
        terminal.out().println(key);
        terminal.err().println("This key is shown once. For the configuration:");
        terminal.err().println("server:");
        terminal.err().println("  auth:");
        terminal.err().println("    api-keys:");
        terminal.err().println("      " + name + ": { role: " + word(role) + ", sha256: " + ApiKeys.hash(key) + " }");
    }

    @Command(name = "list", description = "Lists the keys that the configuration has.")
    int list() {
        Map<String, ApiKeyConfig> keys =
                root.configWithoutSecrets().server().auth().apiKeys();
        if (root.json()) {
            List<Map<String, String>> all = keys.entrySet().stream()
                    .map(key -> Map.of(
                            "name", key.getKey(), "role", word(key.getValue().role())))
                    .toList();
            root.terminal().out().println(Json.line(all));
        } else {
            keys.forEach((name, key) -> root.terminal().out().println(name + "  " + word(key.role())));
        }
        return ExitCode.OK;
    }

    private static String word(ApiRole role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
