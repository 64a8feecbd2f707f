// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two tables whose names are one to SQLite never share a table of the file. */
class SqliteNamesTest {

    private static final RelationSchema LOWER = table(1, "orders");
    private static final RelationSchema UPPER = table(2, "Orders");

    private static RelationSchema table(int oid, String name) {
        return new RelationSchema(
                oid,
                new TableId("public", name),
                ReplicaIdentity.DEFAULT,
                List.of(Column.of("id", 1, PgType.base(20, "int8"))),
                List.of(0));
    }

    @Test
    void the_check_names_them(@TempDir Path directory) {
        try (SqliteSink sink = SqliteSink.at(directory.resolve("target.sqlite"))) {
            assertThat(sink.check("shop", List.of(LOWER, UPPER)))
                    .filteredOn(finding -> finding.code().equals(Optional.of(ErrorCode.MAPPED_TWICE)))
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.message()).contains("public.orders"));
        }
    }

    @Test
    void who_comes_later_does_not_get_the_other_s_table(@TempDir Path directory) {
        try (SqliteFile file = new SqliteFile(directory.resolve("target.sqlite"))) {
            Owner owner = new Owner("shop", 1);
            file.claim(owner);
            TargetTable first = TargetTable.of(LOWER);
            file.createAnew(first);
            file.apply(owner, first, List.of(), new Lsn(1));
            file.refuseOthers(owner, first.name());
            assertThatThrownBy(
                            () -> file.refuseOthers(owner, TargetTable.of(UPPER).name()))
                    .isInstanceOf(PhilotesException.class)
                    .hasMessageContaining("public.orders");
        }
    }
}
