// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.javalin.http.Context;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.runner.letters.LetterDesk;
import io.philotes.runner.letters.LetterQuery;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code /api/v1/pipelines/{id}/dead-letters}: the rows that were set aside. Thread-safe. */
final class LetterRoutes {

    private static final String BASE = PipelineRoutes.ONE + "/dead-letters";
    private static final Set<String> PAGING = Set.of("cursor", "limit");
    private static final int DEFAULT_LIMIT = 100;

    private final RunningPipelines pipelines;
    private final Answers answers;

    LetterRoutes(RunningPipelines pipelines, Answers answers) {
        this.pipelines = pipelines;
        this.answers = answers;
    }

    /** What tells of the rows themselves is for operators: it is the customers' data. */
    List<Route> routes() {
        return List.of(
                Route.look(BASE, this::list),
                Route.look(
                        BASE + "/count",
                        context -> answers.send(context, 200, desk(context).count(filter(context, Set.of())))),
                Route.ask(BASE + "/export", this::export),
                Route.ask(BASE + "/{letter}", this::show),
                Route.order(BASE + "/replay", this::replay),
                Route.order(BASE + "/purge", this::purge));
    }

    private LetterDesk desk(Context context) {
        return pipelines
                .deadLetters(Answers.status(pipelines, context).pipeline())
                .map(LetterDesk::new)
                .orElseThrow(() -> Refusal.of(
                        404, "the pipeline has no queue of dead letters, or none is open while it does not run"));
    }

    private void list(Context context) {
        String limit = context.queryParam("limit");
        if (limit != null && !limit.matches("[0-9]{1,6}")) {
            throw new IllegalArgumentException("limit must be a number, not '" + limit + "'");
        }
        int most = limit == null ? DEFAULT_LIMIT : Integer.parseInt(limit);
        answers.send(context, 200, desk(context).page(filter(context, PAGING), context.queryParam("cursor"), most));
    }

    private static DeadLetterFilter filter(Context context, Set<String> others) {
        Map<String, List<String>> values = new LinkedHashMap<>(context.queryParamMap());
        values.keySet().removeAll(others);
        return LetterQuery.filter(values);
    }

    private void show(Context context) {
        answers.send(
                context,
                200,
                desk(context)
                        .show(context.pathParam("letter"))
                        .orElseThrow(() -> Refusal.of(404, "there is no such dead letter")));
    }

    /** By way of a file, so that the answer has a length: one that breaks off must not look whole. */
    private void export(Context context) {
        LetterDesk desk = desk(context);
        DeadLetterFilter filter = filter(context, Set.of());
        try {
            Path file = Files.createTempFile("philotes-letters", ".avro");
            try {
                try (OutputStream out = Files.newOutputStream(file)) {
                    context.header("Philotes-Letters", Long.toString(desk.export(filter, out)));
                }
                context.contentType("avro/binary").header("Content-Length", Long.toString(Files.size(file)));
                Files.copy(file, context.outputStream());
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the export, or its reader went away", e);
        }
    }

    private void replay(Context context) {
        LetterDesk desk = desk(context);
        Body body = Body.of(context, LetterQuery.NAMES);
        DeadLetterFilter filter = filter(body);
        answers.send(context, 202, desk.replay(filter));
    }

    private void purge(Context context) {
        LetterDesk desk = desk(context);
        Set<String> keys = new HashSet<>(LetterQuery.NAMES);
        keys.add("giveUp");
        Body body = Body.of(context, keys);
        boolean all = body.flag("giveUp");
        DeadLetterFilter filter = filter(body);
        long open = desk.openOnes(filter);
        if (open > 0 && !all) {
            throw Refusal.of(
                    409,
                    open
                            + " of these dead letters were never applied: without them the target differs from the source. "
                            + "\"giveUp\": true purges them all the same");
        }
        answers.send(context, 202, all ? desk.purgeAll(filter) : desk.purgeResolved(filter));
    }

    private static DeadLetterFilter filter(Body body) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        LetterQuery.NAMES.forEach(name -> values.put(name, body.texts(name)));
        body.requireSense();
        return LetterQuery.filter(values);
    }
}
