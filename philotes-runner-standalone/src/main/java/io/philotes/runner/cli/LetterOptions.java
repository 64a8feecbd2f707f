// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.runner.letters.LetterQuery;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which dead letters are meant, and who is asked: what the commands about them share. */
final class LetterOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "PIPELINE", description = "The pipeline.")
    private String pipeline;

    @Option(names = "--sink", paramLabel = "NAME", description = "Of this sink alone.")
    private String sink;

    @Option(names = "--table", paramLabel = "TABLE", description = "Of this table alone: schema.table.")
    private String table;

    @Option(names = "--code", paramLabel = "CODE", description = "With this error code alone, such as PHI-5001.")
    private String code;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            split = ",",
            description = "In these states alone: parked, wanted, applying, applied, superseded, discarded.")
    private List<String> states = new ArrayList<>();

    @Option(names = "--id", paramLabel = "LSN+N", description = "The change at this place alone, as a list shows it.")
    private String place;

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "Default $PHILOTES_SERVER, the configured server, http://127.0.0.1:8484.")
    private String server;

    @Option(names = "--offline", description = "Ask no server: open the queue itself.")
    private boolean offline;

    String pipeline() {
        return pipeline;
    }

    boolean hasPlace() {
        return place != null;
    }

    Map<String, List<String>> filter() {
        Map<String, List<String>> filter = new LinkedHashMap<>();
        put(filter, "sink", sink);
        put(filter, "code", code);
        put(filter, "at", place);
        if (!states.isEmpty()) {
            filter.put("state", states);
        }
        try {
            put(filter, "table", table == null ? null : TableId.parse(table).toSql());
            LetterQuery.filter(filter);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        return filter;
    }

    private static void put(Map<String, List<String>> filter, String name, String value) {
        if (value != null) {
            filter.put(name, List.of(value));
        }
    }

    /** The server where one answers; else the queue that the configuration names, which is safe while the pipeline runs. */
    LetterAccess open(RootCommand root) throws InterruptedException {
        if (offline && server != null) {
            throw new ParameterException(spec.commandLine(), "--offline asks no server");
        }
        if (offline) {
            return LocalLetters.open(root.config(), pipeline);
        }
        ServerClient client = ServerClient.of(root, server);
        ServerLetters remote = new ServerLetters(client, pipeline);
        try {
            remote.count(filter());
            return remote;
        } catch (PhilotesException e) {
            if (!ServerClient.isRefused(e) || client.isNamed() || !root.isConfigured()) {
                throw e;
            }
            root.terminal().err().println("no philotes answers at " + client.address() + ": opening the queue itself");
            return LocalLetters.open(root.config(), pipeline);
        }
    }
}
