// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.philotes.runner.terminal.Printable;
import io.philotes.runner.terminal.Terminal;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Waits for table copies that a server has accepted. For one thread. */
final class ResyncWait {

    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final Set<String> AT_ITS_END = Set.of("STOPPING", "STOPPED", "FAILED");

    private static final Set<String> COPYING = Set.of("PENDING", "COPYING");

    private final Terminal terminal;
    private final ServerClient client;
    private final String pipeline;
    private final Map<String, Long> before = new TreeMap<>();

    ResyncWait(Terminal terminal, ServerClient client, JsonNode accepted) {
        this.terminal = terminal;
        this.client = client;
        this.pipeline = accepted.path("pipeline").asText();
        accepted.path("tables")
                .forEach(table -> before.put(
                        table.path("table").asText(), table.path("copies").asLong()));
    }

    /** Whether no table was accepted: nothing will be copied, and there is nothing to wait for. */
    boolean isEmpty() {
        return before.isEmpty();
    }

    /** The exit code: 0 when every table follows the stream again. */
    int untilStreaming(boolean json) throws InterruptedException {
        Map<String, JsonNode> ended = new TreeMap<>();
        JsonNode status = look(ended);
        while (ended.size() < before.size()
                && !AT_ITS_END.contains(status.path("state").asText())) {
            Thread.sleep(PAUSE.toMillis());
            status = look(ended);
        }
        if (json) {
            terminal.out().println(status);
        } else {
            before.keySet().forEach(table -> terminal.out().println(text(table, ended.get(table))));
        }
        return allStream(ended.values()) && ended.size() == before.size() ? ExitCode.OK : ExitCode.NEGATIVE;
    }

    /** A copy counts once it ended after it was asked for, whatever the table was before. */
    private JsonNode look(Map<String, JsonNode> ended) throws InterruptedException {
        JsonNode status = client.get(ServerClient.pipeline(pipeline) + "/status");
        ended.clear();
        for (JsonNode table : status.path("tables")) {
            Long copies = before.get(table.path("table").asText());
            boolean copied = copies != null && table.path("copies").asLong() > copies;
            if (copied && !COPYING.contains(table.path("state").asText())) {
                ended.put(table.path("table").asText(), table);
            }
        }
        return status;
    }

    private static boolean allStream(Collection<JsonNode> tables) {
        return tables.stream().allMatch(table -> table.path("state").asText().equals("STREAMING"));
    }

    private String text(String table, JsonNode seen) {
        if (seen == null) {
            return Printable.of(table) + " was not copied: pipeline " + pipeline + " ended";
        }
        String state = seen.path("state").asText();
        return state.equals("STREAMING")
                ? Printable.of(table) + " was copied and follows the stream"
                : Printable.of(
                        table + " is " + state + ": " + seen.path("reason").asText());
    }
}
