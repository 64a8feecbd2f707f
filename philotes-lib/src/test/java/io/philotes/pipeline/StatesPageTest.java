// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.checkpoint.TableState;
import io.philotes.dlq.DeadLetterState;
import io.philotes.error.ErrorCode;
import io.philotes.error.Recovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What an operator may meet is on the page of states, with what to do about it. */
class StatesPageTest {

    private static final Set<Recovery> BY_ITSELF = Set.of(Recovery.RETRY, Recovery.RECONCILE);

    @Test
    void every_state_has_a_row_with_a_meaning_and_a_way_out() throws IOException {
        assertThat(first(section("## A pipeline"))).containsExactlyInAnyOrder(names(PipelineState.values()));
        assertThat(first(section("## A sink"))).containsExactlyInAnyOrder(names(SinkState.values()));
        assertThat(first(section("## A table"))).containsExactlyInAnyOrder(names(TableState.values()));
        assertThat(first(section("## A dead letter"))).containsExactlyInAnyOrder(names(DeadLetterState.values()));
    }

    @Test
    void every_failure_that_needs_a_person_has_a_row_with_a_way_out() throws IOException {
        List<String> listed = first(section("## What stops a pipeline"));
        assertThat(listed).doesNotHaveDuplicates();
        assertThat(listed)
                .containsAll(Arrays.stream(ErrorCode.values())
                        .filter(code -> !BY_ITSELF.contains(code.recovery()))
                        .map(code -> code.code() + " " + code)
                        .toList());
        assertThat(Arrays.stream(ErrorCode.values()).map(code -> code.code() + " " + code))
                .as("codes that exist")
                .containsAll(listed);
    }

    private static String[] names(Enum<?>[] values) {
        return Arrays.stream(values).map(Enum::name).toArray(String[]::new);
    }

    /** First cells of the rows, each of which says something in all three. */
    private static List<String> first(List<String> rows) {
        return rows.stream()
                .map(row -> row.substring(1).split("\\|"))
                .peek(cells -> assertThat(cells).as(cells[0]).hasSize(3).noneMatch(String::isBlank))
                .map(cells -> cells[0].trim())
                .collect(Collectors.toList());
    }

    private static List<String> section(String heading) throws IOException {
        List<String> rows = new ArrayList<>();
        boolean in = false;
        for (String line : Files.readAllLines(Path.of("../docs/reference/states.md"))) {
            in = line.startsWith("## ") ? line.startsWith(heading) : in;
            if (in && line.startsWith("| ") && !line.startsWith("| state |") && !line.startsWith("| code |")) {
                rows.add(line);
            }
        }
        return rows;
    }
}
