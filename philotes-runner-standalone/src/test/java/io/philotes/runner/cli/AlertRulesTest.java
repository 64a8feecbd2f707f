// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/** The alert rules that are shipped are rules as Prometheus reads them, about metrics, tags and words that there are. */
class AlertRulesTest {

    private static final Path DOCS = Path.of("..", "docs").toAbsolutePath().normalize();
    private static final Path RULES = DOCS.resolve("reference/philotes-alerts.yaml");
    private static final Pattern METRIC = Pattern.compile("(philotes_[a-z_]+)");
    private static final Pattern SELECTOR = Pattern.compile("(philotes_[a-z_]+)\\{([^}]*)}");
    private static final Pattern MATCHER = Pattern.compile("([a-z]+)(=~|!=|!~|=)\"([^\"]*)\"");
    private static final Pattern GROUPING = Pattern.compile("(?:by|on) \\(([a-z, ]+)\\)");

    private record Rule(String alert, String expr, String severity, Map<String, String> annotations) {}

    private static List<Rule> rules() throws Exception {
        LoaderOptions strict = new LoaderOptions();
        strict.setAllowDuplicateKeys(false);
        Map<String, List<Map<String, Object>>> file = new Yaml(strict).load(Files.readString(RULES));
        assertThat(file).containsOnlyKeys("groups");
        List<Rule> rules = new ArrayList<>();
        for (Map<String, Object> group : file.get("groups")) {
            assertThat(group).containsOnlyKeys("name", "rules");
            for (Object rule : (List<?>) group.get("rules")) {
                rules.add(rule((Map<?, ?>) rule));
            }
        }
        return rules;
    }

    private static Rule rule(Map<?, ?> rule) {
        assertThat(rule.keySet().stream().map(Object::toString))
                .isSubsetOf("alert", "expr", "for", "labels", "annotations");
        if (rule.containsKey("for")) {
            assertThat(rule.get("for").toString()).matches("[0-9]+[smhd]");
        }
        Map<?, ?> labels = (Map<?, ?>) rule.get("labels");
        Map<String, String> annotations = new TreeMap<>();
        ((Map<?, ?>) rule.get("annotations")).forEach((key, text) -> annotations.put((String) key, (String) text));
        return new Rule(
                (String) rule.get("alert"), (String) rule.get("expr"), (String) labels.get("severity"), annotations);
    }

    @Test
    void each_rule_has_a_name_of_its_own_and_says_what_is_the_matter_and_where_to_read_on() throws Exception {
        assertThat(rules()).isNotEmpty().extracting(Rule::alert).doesNotHaveDuplicates();
        assertThat(rules()).allSatisfy(rule -> {
            assertThat(rule.alert()).matches("Philotes[A-Z][A-Za-z]+");
            assertThat(rule.severity()).isIn("warning", "critical");
            assertThat(rule.annotations()).containsOnlyKeys("summary", "description", "runbook");
            assertThat(DOCS.resolve(rule.annotations().get("runbook"))).isRegularFile();
            assertThat(rule.expr().chars().filter(c -> c == '(').count())
                    .isEqualTo(rule.expr().chars().filter(c -> c == ')').count());
        });
    }

    @Test
    void each_metric_and_each_tag_of_a_rule_is_there() throws Exception {
        Map<String, Map<String, TreeSet<String>>> series = EveryMeter.series();
        for (Rule rule : rules()) {
            List<String> metrics = EveryMeter.found(METRIC, rule.expr());
            assertThat(metrics).as(rule.alert()).isNotEmpty().isSubsetOf(series.keySet());
            SELECTOR.matcher(rule.expr())
                    .results()
                    .forEach(selector -> requireLabels(rule, selector.group(2), series.get(selector.group(1))));
            for (String tags : EveryMeter.found(GROUPING, rule.expr())) {
                assertThat(series.get(metrics.get(0)).keySet()).as(rule.alert()).contains(tags.split(", *"));
            }
        }
    }

    /** A word that is never told would never raise the alarm. */
    private static void requireLabels(Rule rule, String selector, Map<String, TreeSet<String>> tags) {
        MATCHER.matcher(selector).results().forEach(matcher -> {
            assertThat(tags).as(rule.alert()).containsKey(matcher.group(1));
            assertThat(tags.get(matcher.group(1)))
                    .as(rule.alert())
                    .contains(matcher.group(3).split("\\|"));
        });
    }

    @Test
    void texts_name_only_tags_that_the_rule_leaves() throws Exception {
        Map<String, Map<String, TreeSet<String>>> series = EveryMeter.series();
        for (Rule rule : rules()) {
            String metric = EveryMeter.found(METRIC, rule.expr()).get(0);
            List<String> grouped = EveryMeter.found(Pattern.compile("by \\(([a-z, ]+)\\)"), rule.expr());
            List<String> left = grouped.isEmpty()
                    ? List.copyOf(series.get(metric).keySet())
                    : List.of(grouped.get(0).split(", *"));
            String texts = String.join(" ", rule.annotations().values());
            assertThat(EveryMeter.found(Pattern.compile("\\$labels\\.([a-z]+)"), texts))
                    .as(rule.alert())
                    .isSubsetOf(left);
        }
    }
}
