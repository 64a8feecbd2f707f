// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.philotes.config.PhilotesConfig;
import io.philotes.config.PipelineFactory;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.dlq.DeadLetterRequests;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.runner.letters.LetterDesk;
import io.philotes.runner.letters.LetterQuery;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** The queue itself, whether the pipeline runs or not. */
final class LocalLetters implements LetterAccess {

    private final PipelineFactory factory;
    private final DeadLetterQueue queue;
    private final LetterDesk desk;

    private LocalLetters(PipelineFactory factory, DeadLetterQueue queue, String pipeline) {
        this.factory = factory;
        this.queue = queue;
        this.desk = new LetterDesk(new DeadLetterRequests(queue, pipeline, Clock.systemUTC()));
    }

    static LocalLetters open(PhilotesConfig config, String pipeline) {
        Selection.of(config, List.of(pipeline));
        PipelineFactory factory = new PipelineFactory(config);
        try {
            return new LocalLetters(factory, factory.deadLetters(pipeline), pipeline);
        } catch (RuntimeException e) {
            factory.close();
            throw e;
        }
    }

    private static JsonNode tree(Object value) {
        return Json.mapper().valueToTree(value);
    }

    @Override
    public JsonNode count(Map<String, List<String>> filter) {
        return tree(desk.count(LetterQuery.filter(filter)));
    }

    @Override
    public JsonNode page(Map<String, List<String>> filter, String after, int limit) {
        return tree(desk.page(LetterQuery.filter(filter), after, limit));
    }

    @Override
    public JsonNode show(String letter) {
        return tree(desk.show(letter)
                .orElseThrow(() -> new PhilotesException(
                                ErrorCode.INVALID_CONFIGURATION, "Cannot show the dead letter: there is none such")
                        .hinting("philotes dlq list shows what there is")));
    }

    @Override
    public JsonNode replay(Map<String, List<String>> filter) {
        return tree(desk.replay(LetterQuery.filter(filter)));
    }

    @Override
    public JsonNode purgeResolved(Map<String, List<String>> filter) {
        return tree(desk.purgeResolved(LetterQuery.filter(filter)));
    }

    @Override
    public JsonNode purgeAll(Map<String, List<String>> filter) {
        return tree(desk.purgeAll(LetterQuery.filter(filter)));
    }

    @Override
    public long export(Map<String, List<String>> filter, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            return desk.export(LetterQuery.filter(filter), out);
        }
    }

    @Override
    public String when() {
        return "with one of its next commits, or when it is started";
    }

    @Override
    public void close() {
        queue.close();
        factory.close();
    }
}
