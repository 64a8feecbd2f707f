// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.Lsn;
import io.philotes.pipeline.VerifyReport;
import io.philotes.pipeline.VerifyReport.Verdict;
import io.philotes.pipeline.VerifyRequest;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the rounds come to. */
class TableTallyTest {

    private static final VerifyRequest REQUEST = VerifyRequest.of(List.of());

    private final HeldRows rows = new HeldRows();
    private final TableTally tally = new TableTally(HeldRows.TABLE.table(), "sink", 10);

    private TableCheck check() {
        return new TableCheck(HeldRows.TABLE, rows, Lsn.ZERO, REQUEST);
    }

    @Test
    void a_row_that_the_target_cannot_hold_and_nobody_can_name_is_no_equality() throws Exception {
        rows.atSource("a", 2).atSource("!b", 3).inTarget("a", 2);
        TableCheck check = check();
        check.all(rows);
        tally.take(check, Set.of(), true, Set.of());
        VerifyReport.Table report = tally.report();
        assertThat(report.verdict()).isEqualTo(Verdict.DIFFERENT);
        assertThat(report.refused()).isEqualTo(3);
        assertThat(report.reason()).contains("cannot hold 3 rows");
    }
}
