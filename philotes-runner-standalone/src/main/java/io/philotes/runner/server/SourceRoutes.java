// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.javalin.http.Context;
import io.philotes.config.Discovery;
import io.philotes.config.PhilotesConfig;
import io.philotes.config.SourceConfig;
import io.philotes.runner.yaml.Examined;
import io.philotes.runner.yaml.Remark;
import io.philotes.runner.yaml.SentText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** {@code /api/v1/sources}: the databases that pipelines read. Thread-safe. */
final class SourceRoutes {

    private static final String ALL = Route.API + "/sources";
    private static final String ONE = ALL + "/{source}";

    /**
     * A database as the configuration has it, without its password.
     *
     * @param source its name; the pipeline's for one that has none of its own
     * @param config all of it, which is not shown
     */
    record Described(
            String source,
            String type,
            String url,
            String username,
            String sslMode,
            List<String> pipelines,
            @JsonIgnore SourceConfig config) {

        static Described of(String name, SourceConfig config, List<String> pipelines) {
            return new Described(
                    name,
                    config.type().toString().toLowerCase(Locale.ROOT),
                    config.url(),
                    config.username(),
                    config.ssl().mode().toString(),
                    pipelines,
                    config);
        }
    }

    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1000;
    private static final Duration TRIAL_LIMIT = Duration.ofSeconds(20);

    private final Map<String, Described> sources;
    private final Inspections inspections;
    private final SourceTrial trial = new SourceTrial(TRIAL_LIMIT);
    private final Answers answers;

    SourceRoutes(PhilotesConfig config, Inspections inspections, Answers answers) {
        this.sources = sources(config);
        this.inspections = inspections;
        this.answers = answers;
    }

    private static Map<String, Described> sources(PhilotesConfig config) {
        Map<String, Described> all = new LinkedHashMap<>();
        config.sources().forEach((name, source) -> {
            List<String> users = new ArrayList<>();
            config.pipelines().forEach((pipeline, parts) -> {
                if (parts.source().name().filter(name::equals).isPresent()) {
                    users.add(pipeline);
                }
            });
            all.put(name, Described.of(name, source, users));
        });
        config.pipelines()
                .forEach((pipeline, parts) -> parts.source()
                        .inline()
                        .ifPresent(source ->
                                all.putIfAbsent(pipeline, Described.of(pipeline, source, List.of(pipeline)))));
        return all;
    }

    List<Route> routes() {
        return List.of(
                Route.look(ALL, context -> answers.send(context, 200, Map.of("items", List.copyOf(sources.values())))),
                Route.order(ALL + "/test", this::testSent),
                Route.look(ONE, context -> answers.send(context, 200, one(context))),
                Route.order(ONE + "/test", this::test),
                Route.ask(ONE + "/tables", this::tables),
                Route.look(
                        ONE + "/setup-sql",
                        context -> context.contentType("text/plain; charset=utf-8")
                                .result(inspections.setupSql(one(context).pipelines()))));
    }

    private Described one(Context context) {
        String name = context.pathParam("source");
        Described found = sources.get(name);
        if (found == null) {
            throw Answers.notFound("source", name, List.copyOf(sources.keySet()));
        }
        return found;
    }

    /** A page of them, by name. */
    record TablePage(List<FoundJson> items, String next) {}

    /** The cursor is the last table's name: what comes or goes meanwhile shifts nothing. */
    private void tables(Context context) {
        Described source = one(context);
        String pattern = context.queryParam("pattern");
        String limit = context.queryParam("limit");
        String after = context.queryParam("cursor");
        if (limit != null && !limit.matches("[1-9][0-9]{0,2}|1000")) {
            throw Refusal.of(400, "limit must be between 1 and " + MAX_PAGE + ", not '" + limit + "'");
        }
        int most = limit == null ? DEFAULT_PAGE : Integer.parseInt(limit);
        List<FoundJson> rest = inspections.discover(source.config(), pattern == null ? Discovery.ALL : pattern).stream()
                .filter(found -> after == null || found.table().compareTo(after) > 0)
                .sorted(Comparator.comparing(FoundJson::table))
                .toList();
        List<FoundJson> items = rest.subList(0, Math.min(most, rest.size()));
        String next = rest.size() > items.size() ? items.get(items.size() - 1).table() : null;
        answers.send(context, 200, new TablePage(items, next));
    }

    /** Of a source that is in no configuration: what is wrong with it is a finding, never an error of the request. */
    private void testSent(Context context) {
        Examined<SourceConfig> sent = SentText.json(context.body()).source();
        if (sent.value().isEmpty()) {
            throw Refusal.of(
                    sent.faults().stream().map(SourceRoutes::fault).toList(),
                    "the body is what the configuration has under source; see docs/reference/rest.md");
        }
        answers.send(context, 200, trial.of(sent.value().get()));
    }

    private static ProblemJson.Fault fault(Remark remark) {
        return new ProblemJson.Fault(
                remark.pointer(), remark.reason() + (remark.suggestion() == null ? "" : "; " + remark.suggestion()));
    }

    private void test(Context context) {
        Described source = one(context);
        Body.of(context, Set.of()).requireSense();
        answers.send(context, 200, inspections.checkSource(source.pipelines()));
    }
}
