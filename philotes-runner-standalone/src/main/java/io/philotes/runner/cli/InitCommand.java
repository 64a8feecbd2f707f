// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.source.postgres.SslMode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code philotes init}: from five answers to a configuration, and to what the administrator runs. */
@Command(
        name = "init",
        description =
                "Writes philotes.yaml, and setup.sql for the administrator of the database. Asks on a terminal for what no option says.")
final class InitCommand implements Callable<Integer> {

    private static final String DEFAULT_ROLE = "philotes";

    private static final String DEFAULT_LAKE = "./lake";

    @ParentCommand
    private RootCommand root;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--database",
            paramLabel = "HOST:PORT/NAME",
            description = "The PostgreSQL to read. Needed where nobody is asked.")
    private String database;

    @Option(
            names = "--username",
            paramLabel = "ROLE",
            description = "The role that philotes is to have; default philotes.")
    private String username;

    @Option(
            names = "--password-variable",
            paramLabel = "NAME",
            description = "The environment variable with its password; default <PIPELINE>_DB_PASSWORD.")
    private String passwordVariable;

    @Option(
            names = "--tables",
            paramLabel = "TABLE",
            split = ",",
            description =
                    "schema.table, with * for any characters; may be repeated. Default: what is found and has a key.")
    private List<String> tables = new ArrayList<>();

    @Option(
            names = "--lake",
            paramLabel = "DIR|URL",
            description = "A directory for a local lake, or the address of a REST catalog; default ./lake.")
    private String lake;

    @Option(
            names = "--warehouse",
            paramLabel = "NAME",
            description = "What the REST catalog calls its warehouse; default the pipeline's name.")
    private String warehouse;

    @Option(names = "--pipeline", paramLabel = "NAME", description = "Default the database's name.")
    private String pipeline;

    @Option(
            names = "--ssl-mode",
            paramLabel = "MODE",
            description = "Default require; disable for a database on this machine.")
    private String sslMode;

    @Option(
            names = "--look-as",
            paramLabel = "ROLE",
            description = "Who looks at the database now, with $PGPASSWORD; default the role. Is not written down.")
    private String lookAs;

    @Option(names = "--no-look", description = "Does not try to reach the database.")
    private boolean noLook;

    @Option(names = "--force", description = "Overwrites the files that are there.")
    private boolean force;

    @Override
    public Integer call() throws InterruptedException {
        InitFiles files = new InitFiles(root.newConfigFile(), force);
        try {
            files.requireRoom();
            files.write(draft(files), root);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        return ExitCode.OK;
    }

    private Draft draft(InitFiles files) throws InterruptedException {
        Questions ask = new Questions(root.terminal(), root.terminal().isInteractive());
        String server = ask.answer("Database, as host:port/name", database, null, Draft::server);
        String name = Draft.pipelineOf(server);
        String called = pipeline == null ? name : InitNames.pipeline(pipeline);
        String role = ask.answer("Role that philotes is to have", username, DEFAULT_ROLE, InitNames::role);
        String variable = ask.answer(
                "Environment variable with its password",
                passwordVariable,
                Draft.variableOf(called),
                InitNames::variable);
        SslMode mode = sslMode == null ? null : InitNames.sslMode(sslMode);
        Draft so = new Draft(called, server, role, variable, mode, "", "", "", List.of());
        InitTables found = noLook ? InitTables.unseen() : InitTables.look(so, lookAs, root.terminal());
        String wanted = ask.answer(
                "Tables, as schema.table, with commas between",
                tables.isEmpty() ? null : String.join(",", tables),
                found.unsaid(),
                InitNames::tables);
        String place =
                ask.answer("Lake: a directory, or the address of a REST catalog", lake, DEFAULT_LAKE, InitNames::lake);
        String house = Draft.isAddress(place)
                ? ask.answer("Warehouse, as that catalog calls it", warehouse, called, text -> text)
                : called;
        return new Draft(
                called, server, role, variable, mode, place, house, files.stateDirectory(), found.entries(wanted));
    }
}
