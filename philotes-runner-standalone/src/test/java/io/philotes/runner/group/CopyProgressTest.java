// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.checkpoint.TableState;
import io.philotes.model.Lsn;
import io.philotes.model.TableId;
import io.philotes.pipeline.PipelineState;
import io.philotes.pipeline.PipelineStatus;
import io.philotes.pipeline.SinkState;
import io.philotes.pipeline.SinkStatus;
import io.philotes.pipeline.TableStatus;
import io.philotes.runner.terminal.Terminal;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CopyProgressTest {

    private static final TableId ORDERS = new TableId("public", "orders");

    private final StringWriter err = new StringWriter();
    private TableState state = TableState.COPYING;
    private long rows;

    private Terminal terminal(boolean watched) {
        return new Terminal(
                new BufferedReader(Reader.nullReader()),
                new PrintWriter(new StringWriter()),
                new PrintWriter(err),
                Map.<String, String>of()::get,
                watched,
                watched);
    }

    private List<PipelineStatus> statuses() {
        TableStatus table = new TableStatus(ORDERS, state, Lsn.ZERO, rows, 0, 0, Optional.empty(), "");
        SinkStatus sink = new SinkStatus(
                "sink",
                SinkState.RUNNING,
                Optional.empty(),
                Lsn.ZERO,
                0,
                Duration.ZERO,
                0,
                Optional.empty(),
                false,
                List.of(table));
        return List.of(new PipelineStatus(
                "shop",
                PipelineState.COPYING,
                Optional.empty(),
                new PipelineStatus.Positions(Lsn.ZERO, Lsn.ZERO, Lsn.ZERO, Lsn.ZERO, Lsn.ZERO),
                0,
                Duration.ZERO,
                0,
                0,
                0,
                0,
                Optional.empty(),
                false,
                Optional.empty(),
                List.of(sink)));
    }

    @Test
    void a_person_sees_one_line_that_moves_and_goes() {
        CopyProgress progress = new CopyProgress(this::statuses, name -> Map.of(ORDERS, 1000L), terminal(true));
        rows = 100;
        progress.tick();
        rows = 500;
        progress.tick();
        assertThat(err.toString())
                .contains("\r\u001b[Kshop: copying 1 of 1 tables [##                  ] 10 %, 100 of about 1000 rows")
                .endsWith("[##########          ] 50 %, 500 of about 1000 rows, 400 rows/s");
        rows = 5000;
        progress.tick();
        assertThat(err.toString()).endsWith(" 99 %, 5000 of about 1000 rows, 4500 rows/s");
        state = TableState.STREAMING;
        progress.tick();
        progress.tick();
        assertThat(err.toString()).endsWith("rows/s\r\u001b[K");
        progress.close();
    }

    @Test
    void a_size_that_nobody_knows_costs_the_percentage_alone() {
        CopyProgress unknown = new CopyProgress(this::statuses, name -> Map.of(ORDERS, -1L), terminal(true));
        rows = 7;
        unknown.tick();
        unknown.close();
        CopyProgress away = new CopyProgress(
                this::statuses,
                name -> {
                    throw new IllegalStateException("away");
                },
                terminal(true));
        away.tick();
        away.close();
        assertThat(err.toString()).containsOnlyOnce("copying 1 of 1 tables, 7 rows, 0 rows/s\r\u001b[K\r");
        assertThat(err.toString()).doesNotContain("%");
    }

    @Test
    void a_file_gets_no_control_characters() {
        CopyProgress progress = new CopyProgress(this::statuses, name -> Map.of(ORDERS, 1000L), terminal(false));
        for (int i = 0; i < 25; i++) {
            progress.tick();
        }
        progress.close();
        assertThat(err.toString()).isEmpty();
    }
}
