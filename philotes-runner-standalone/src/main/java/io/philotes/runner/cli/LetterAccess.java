// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The way to a pipeline's dead letters; the answers are those of the HTTP interface. For one thread. */
interface LetterAccess extends AutoCloseable {

    JsonNode count(Map<String, List<String>> filter) throws InterruptedException;

    /** @param after null for the first page */
    JsonNode page(Map<String, List<String>> filter, String after, int limit) throws InterruptedException;

    JsonNode show(String letter) throws InterruptedException;

    JsonNode replay(Map<String, List<String>> filter) throws InterruptedException;

    /** Purges what is done with. */
    JsonNode purgeResolved(Map<String, List<String>> filter) throws InterruptedException;

    /** Purges also what was never applied. */
    JsonNode purgeAll(Map<String, List<String>> filter) throws InterruptedException;

    /** @return how many letters */
    long export(Map<String, List<String>> filter, Path file) throws InterruptedException, IOException;

    /** When the pipeline does what was asked. */
    String when();

    @Override
    void close();
}
