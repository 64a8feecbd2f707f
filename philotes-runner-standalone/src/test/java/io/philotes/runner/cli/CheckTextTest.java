// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.error.ErrorCode;
import io.philotes.health.CheckReport;
import io.philotes.health.Finding;
import io.philotes.runner.server.CheckJson;
import io.philotes.runner.terminal.Paint;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckTextTest {

    private static final CheckReport REPORT = new CheckReport(List.of(
            Finding.ok("connect", "PostgreSQL 17.11 at db:5432"),
            Finding.error(
                    ErrorCode.WAL_LEVEL_NOT_LOGICAL,
                    "wal_level",
                    "is \"replica\", must be \"logical\"",
                    "ALTER SYSTEM SET wal_level = 'logical';\nthen restart PostgreSQL"),
            Finding.warn(ErrorCode.NO_IDENTITY, "public.log", "has no primary key", "use mode append")));

    @Test
    void each_finding_has_a_line_and_what_mends_it_under_it() {
        StringWriter text = new StringWriter();
        new CheckText(new PrintWriter(text), new Paint(false)).print("philotes.yaml", Map.of("shop", REPORT));
        assertThat(text.toString().lines())
                .containsExactly(
                        "philotes.yaml  pipeline shop",
                        "  ok    connect                PostgreSQL 17.11 at db:5432",
                        "  FAIL  PHI-1001 wal_level: is \"replica\", must be \"logical\"",
                        "        fix   ALTER SYSTEM SET wal_level = 'logical';",
                        "              then restart PostgreSQL",
                        "  warn  PHI-1102 public.log: has no primary key",
                        "        fix   use mode append",
                        "1 error, 1 warning.");
    }

    @Test
    void programs_get_the_same_as_json() {
        assertThat(Json.line(CheckJson.of("philotes.yaml", Map.of("shop", REPORT))))
                .contains("\"errors\":1,\"warnings\":1,\"passed\":false")
                .contains("{\"severity\":\"error\",\"subject\":\"wal_level\"")
                .contains("\"code\":\"PHI-1001\"");
    }
}
