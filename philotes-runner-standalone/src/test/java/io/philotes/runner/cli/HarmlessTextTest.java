// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.CheckReport;
import io.philotes.health.Finding;
import io.philotes.runner.server.PlanJson;
import io.philotes.runner.terminal.Paint;
import io.philotes.runner.terminal.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names of tables, keys of rows and words of servers are other people's: on a terminal they must do nothing. */
class HarmlessTextTest {

    private static final String BAD = "x\u001b[2Jy";
    private static final String ESCAPED = "x\\u001b[2Jy";

    private final StringWriter text = new StringWriter();
    private final PrintWriter out = new PrintWriter(text, true);

    private static JsonNode json(String text) throws Exception {
        return Json.mapper().readTree(text.replace("BAD", "x\\u001b[2Jy"));
    }

    @AfterEach
    void says_it_and_does_nothing() {
        assertThat(text.toString()).contains(ESCAPED).doesNotContain("\u001b");
    }

    @Test
    void a_status() throws Exception {
        new StatusText(out, new Paint(false)).print(json("""
                [{"pipeline": "shop", "state": "RUNNING", "failure": {"message": "BAD", "hint": "BAD"},
                  "source": {"alerts": [{"message": "BAD", "hint": "BAD"}]},
                  "retries": [{"stage": "read", "failures": 1, "failure": {"message": "BAD 2"}}],
                  "tables": [{"table": "public.BAD", "state": "HELD", "reason": "BAD", "hint": "BAD"}]}]
                """));
    }

    @Test
    void a_comparison() throws Exception {
        new VerifyText(out).print(json("""
                {"pipeline": "shop", "tables": [{"table": "public.BAD", "verdict": "DIFFERENT", "reason": "BAD", "missing": 1,
                  "examples": [{"kind": "missing", "key": "id=BAD", "source": "BAD", "target": "BAD"}]}]}
                """));
    }

    @Test
    void a_check() {
        Finding finding = Finding.error(ErrorCode.NO_IDENTITY, "public." + BAD, BAD, "ALTER TABLE\n" + BAD);
        new CheckText(out, new Paint(false)).print("philotes.yaml", Map.of("shop", new CheckReport(List.of(finding))));
        assertThat(text.toString()).as("a fix of two lines").contains("ALTER TABLE\n");
    }

    @Test
    void a_plan() {
        PlanJson.Column column = new PlanJson.Column(BAD, BAD, "string", true, null, BAD);
        PlanJson.Table table = new PlanJson.Table(BAD, BAD, "create", "upsert", null, List.of(column), List.of(BAD));
        new PlanText(out, new Paint(false)).print(new PlanJson("shop", List.of(), List.of(table), 0, 0, 0, true));
    }

    @Test
    void a_failure() {
        Terminal terminal = new Terminal(out, out, name -> null, false);
        new FailureReport(terminal, false)
                .report(new PhilotesException(ErrorCode.SOURCE_QUERY, "Cannot look: first\n" + BAD));
        assertThat(text.toString()).as("faults of a file have a line each").contains("first\n");
    }
}
