// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.sink.iceberg.local.LocalCatalog;
import io.philotes.testkit.OtherWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata.MetadataLogEntry;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadHistoryTest {

    /** What a storage does not show at the moment is not gone: it may be what tells of a rollback. */
    @Test
    void a_rollback_is_not_passed_over_while_the_storage_fails(@TempDir Path directory) throws IOException {
        try (JdbcCatalog catalog = LocalCatalog.open(directory)) {
            TestLake lake = new TestLake(catalog, options -> options).loaded(KEYED, row(1, "a", 1));
            lake.apply(new ChangeFeed(LOADED_AT.value())
                    .begin()
                    .update(KEYED, 1, "b", 2)
                    .commit());
            rollBackAndHide(lake.table("orders"));
            Path older = newestOlderMetadata(lake.table("orders"));
            Path aside = directory.resolve("aside");
            Files.move(older, aside);
            Files.createDirectory(older);
            assertRefused(lake, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAILED);
                assertThat(e.reason()).contains(older.toString());
                assertThat(e.hint()).contains("make the file readable");
            });
            Files.delete(older);
            Files.move(aside, older);
            assertRefused(lake, e -> assertThat(e.code()).isEqualTo(ErrorCode.TABLE_ROLLED_BACK));
        }
    }

    private static void rollBackAndHide(Table table) {
        table.manageSnapshots().rollbackTo(table.currentSnapshot().parentId()).commit();
        OtherWriter.compact(table);
        OtherWriter.compact(table);
        table.refresh();
        table.expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(1).commit();
    }

    private static Path newestOlderMetadata(Table table) {
        List<MetadataLogEntry> older =
                ((HasTableOperations) table).operations().current().previousFiles();
        return Path.of(older.get(older.size() - 1).file());
    }

    private static void assertRefused(TestLake lake, Consumer<PhilotesException> why) {
        assertThatThrownBy(() -> lake.restart().committedUpTo(KEYED))
                .isInstanceOfSatisfying(PhilotesException.class, why);
    }
}
