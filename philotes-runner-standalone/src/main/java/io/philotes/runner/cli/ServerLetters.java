// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpHeaders;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** By way of a running process. */
final class ServerLetters implements LetterAccess {

    private final ServerClient client;
    private final String base;

    ServerLetters(ServerClient client, String pipeline) {
        this.client = client;
        this.base = ServerClient.pipeline(pipeline) + "/dead-letters";
    }

    private static String query(Map<String, List<String>> values) {
        return values.entrySet().stream()
                .flatMap(entry ->
                        entry.getValue().stream().map(value -> entry.getKey() + "=" + ServerClient.encoded(value)))
                .collect(Collectors.joining("&", "?", ""));
    }

    @Override
    public JsonNode count(Map<String, List<String>> filter) throws InterruptedException {
        return client.get(base + "/count" + query(filter));
    }

    @Override
    public JsonNode page(Map<String, List<String>> filter, String after, int limit) throws InterruptedException {
        Map<String, List<String>> values = new HashMap<>(filter);
        values.put("limit", List.of(Integer.toString(limit)));
        if (after != null) {
            values.put("cursor", List.of(after));
        }
        return client.get(base + query(values));
    }

    @Override
    public JsonNode show(String letter) throws InterruptedException {
        return client.get(base + "/" + ServerClient.encoded(letter));
    }

    @Override
    public JsonNode replay(Map<String, List<String>> filter) throws InterruptedException {
        return client.post(base + "/replay", filter);
    }

    @Override
    public JsonNode purgeResolved(Map<String, List<String>> filter) throws InterruptedException {
        return client.post(base + "/purge", filter);
    }

    @Override
    public JsonNode purgeAll(Map<String, List<String>> filter) throws InterruptedException {
        Map<String, Object> body = new HashMap<>(filter);
        body.put("giveUp", true);
        return client.post(base + "/purge", body);
    }

    @Override
    public long export(Map<String, List<String>> filter, Path file) throws InterruptedException {
        HttpHeaders headers = client.download(base + "/export" + query(filter), file);
        return headers.firstValueAsLong("Philotes-Letters").orElse(0);
    }

    @Override
    public String when() {
        return "with one of its next commits";
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
