// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.philotes.config.ServerConfig;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code philotes status}: asks a running process. */
@Command(name = "status", description = "Shows the pipelines of a running philotes, by asking its server.")
final class StatusCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @ParentCommand
    private RootCommand root;

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "Default $PHILOTES_SERVER, the configured server, http://127.0.0.1:8484.")
    private String server;

    @Override
    public Integer call() throws InterruptedException {
        JsonNode pipelines = ask(address() + "/api/v1/pipelines").path("items");
        if (root.json()) {
            root.terminal().out().println(pipelines);
        } else {
            new StatusText(root.terminal().out(), root.paint()).print(pipelines);
        }
        return ExitCode.OK;
    }

    private String address() {
        if (server != null) {
            return server;
        }
        String variable = root.terminal().environment().apply("PHILOTES_SERVER");
        if (variable != null && !variable.isEmpty()) {
            return variable;
        }
        ServerConfig configured = root.isConfigured() ? root.config().server() : new ServerConfig(null, null, null);
        String host = configured.address().contains(":") ? "[" + configured.address() + "]" : configured.address();
        return "http://" + host + ":" + configured.port();
    }

    private static JsonNode ask(String url) throws InterruptedException {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build();
            HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw unreachable(url, "it answered " + response.statusCode(), null);
            }
            return Json.mapper().readTree(response.body());
        } catch (IOException e) {
            throw unreachable(url, "nothing answers there", e);
        } catch (IllegalArgumentException e) {
            throw unreachable(url, "that is no address", e);
        }
    }

    private static PhilotesException unreachable(String url, String why, Throwable cause) {
        return new PhilotesException(
                        ErrorCode.SOURCE_UNREACHABLE, "Cannot ask the server at " + url + ": " + why, cause)
                .hinting("start philotes run with the server enabled, or name another one with --server");
    }
}
