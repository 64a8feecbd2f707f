// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** One line of the table: what was done in a scenario and how it came out. Immutable. */
record Score(String scenario, int runs, int kills, Verdict verdict, long seconds, String detail) {

    private static final String FORMAT = "%-24s %5s %6s %-8s %8s  %s%n";
    private static final int DETAIL = 300;

    static Score of(Scenario scenario, Stage stage, Finding finding, long beganNanos) {
        return new Score(
                scenario.name(),
                stage.runs(),
                stage.kills(),
                finding.verdict(),
                (System.nanoTime() - beganNanos) / 1_000_000_000L,
                finding.detail());
    }

    static String table(Collection<Score> scores) {
        String lines = scores.stream().map(Score::line).collect(Collectors.joining());
        String sums = Arrays.stream(Verdict.values())
                .map(v -> scores.stream().filter(s -> s.verdict() == v).count() + " " + v)
                .collect(Collectors.joining(", "));
        return String.format(Locale.ROOT, FORMAT, "scenario", "runs", "kills", "verdict", "seconds", "") + lines + sums;
    }

    private String line() {
        String brief = detail.replaceAll("\\s+", " ");
        return String.format(
                Locale.ROOT,
                FORMAT,
                scenario,
                runs,
                kills,
                verdict,
                seconds,
                brief.substring(0, Math.min(DETAIL, brief.length())));
    }
}
