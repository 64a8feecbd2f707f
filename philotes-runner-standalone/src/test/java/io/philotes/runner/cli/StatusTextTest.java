// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.runner.terminal.Paint;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class StatusTextTest {

    private static final String TRYING = """
            [{"pipeline": "shop", "state": "RUNNING",
              "failure": {"code": "PHI-1002", "message": "PHI-1002 Cannot connect", "hint": "check host"},
              "retries": [
                {"stage": "read", "sink": null, "since": "2026-01-01T00:00:00Z", "failures": 3,
                 "failure": {"code": "PHI-1002", "message": "PHI-1002 Cannot connect", "hint": "check host"}},
                {"stage": "write", "sink": "lake", "since": "2026-01-01T00:00:05Z", "failures": 1,
                 "failure": {"code": "PHI-4001", "message": "PHI-4001 Cannot commit", "hint": "check catalog"}}]}]
            """;

    @Test
    void what_is_tried_again_says_since_when_and_after_what() throws Exception {
        StringWriter text = new StringWriter();
        new StatusText(new PrintWriter(text), new Paint(false))
                .print(Json.mapper().readTree(TRYING));
        assertThat(text.toString().lines().skip(2))
                .containsExactly(
                        "  PHI-1002 Cannot connect",
                        "  hint  check host",
                        "  tried again: read, 3 failures since 2026-01-01T00:00:00Z",
                        "  tried again: write lake, 1 failure since 2026-01-01T00:00:05Z: PHI-4001 Cannot commit");
    }
}
