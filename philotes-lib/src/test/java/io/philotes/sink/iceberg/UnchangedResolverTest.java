// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.ORDERS;
import static io.philotes.sink.iceberg.TestLake.row;
import static io.philotes.sink.iceberg.Tuples.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.sink.iceberg.internal.index.Location;
import io.philotes.sink.iceberg.internal.value.RowLayout;
import io.philotes.sink.iceberg.internal.value.RowMode;
import io.philotes.sink.iceberg.internal.value.RowView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;

class UnchangedResolverTest {

    private final Table table = new TestLake()
            .loaded(KEYED, row(0, "big 0", 0), row(1, "big 1", 1), row(2, null, 2), row(3, "big 3", 3))
            .table("orders");
    private final LiveFiles files = new LiveFiles();
    private final RowLayout layout =
            RowLayout.of(KEYED, table.schema(), TargetProperties.columns(table.properties()), RowMode.UPSERT);

    private UnchangedResolver resolver() throws IOException {
        try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
            tasks.forEach(
                    task -> files.add(task.file().location(), task.spec(), null).written(task.file()));
        }
        return new UnchangedResolver(new DataFileReader(ORDERS, table), files);
    }

    private WaitingRow waiting(long id, long position) {
        RowView row = layout.newRow();
        row.decode(TestLake.view(id, UNCHANGED, 10 + id));
        return new WaitingRow(0, id, row.detached(), Location.of(0, position));
    }

    @Test
    void each_row_is_given_when_it_is_complete_and_what_was_read_for_it_is_not_kept() throws IOException {
        List<WaitingRow> rows = List.of(waiting(3, 3), waiting(1, 1), waiting(2, 2), waiting(7, 1));
        List<String> taken = new ArrayList<>();
        resolver().complete(rows, (waited, whole) -> {
            assertThat(whole.hasUnchanged()).isFalse();
            assertThat(rows).allMatch(row -> row.row().hasUnchanged());
            taken.add(waited.lo() + " " + whole.get(1, CharSequence.class));
        });
        assertThat(taken).containsExactlyInAnyOrder("1 big 1", "7 big 1", "2 null", "3 big 3");
    }
}
