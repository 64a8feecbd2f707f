// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.pipeline.VerifyReport;
import io.philotes.pipeline.VerifyReport.Kind;
import io.philotes.pipeline.VerifyReport.Row;
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

    @Test
    void keys_that_were_noted_before_the_definition_changed_decide_nothing() throws Exception {
        RelationSchema before = HeldRows.TABLE;
        assertThat(tally.undecided(before)).as("at first it is every row").isEmpty();
        rows.atSource("a", 1).inTarget("b", 1);
        TableCheck first = check();
        first.all(rows);
        tally.take(first, Set.of(HeldRows.key("a")), true, Set.of());
        assertThat(tally.report().extra()).isEqualTo(1);
        assertThat(tally.undecided(before)).contains(Set.of(HeldRows.key("a")));

        RelationSchema after = new RelationSchema(
                before.oid(),
                before.table(),
                before.identity(),
                List.of(before.columns().get(0), Column.of("more", 2, PgType.base(23, "int4"))),
                List.of());
        assertThat(tally.undecided(after)).isEmpty();
        TableCheck second = new TableCheck(after, rows, Lsn.ZERO, REQUEST);
        second.all(rows);
        tally.take(second, Set.of(), true, Set.of());
        assertThat(tally.report().examples())
                .as("each is told once")
                .containsExactlyInAnyOrder(new Row(Kind.MISSING, "a", "", ""), new Row(Kind.EXTRA, "b", "", ""));
        assertThat(tally.isDecided()).isTrue();
    }
}
