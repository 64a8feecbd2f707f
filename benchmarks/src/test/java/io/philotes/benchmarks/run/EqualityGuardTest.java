// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.benchmarks.lake.Lake;
import io.philotes.benchmarks.workload.CheckedColumn;
import io.philotes.benchmarks.workload.ColumnKind;
import io.philotes.benchmarks.workload.SourceTable;
import io.philotes.benchmarks.workload.TallyBuilder;
import io.philotes.sink.iceberg.local.LocalCatalog;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EqualityGuardTest {

    private static final SourceTable TABLE = new SourceTable(
            "guarded",
            "(id bigint, note text)",
            List.of(new CheckedColumn("id", ColumnKind.INTEGER), new CheckedColumn("note", ColumnKind.TEXT)));

    private static final Schema SCHEMA = new Schema(
            Types.NestedField.required(1, "id", Types.LongType.get()),
            Types.NestedField.optional(2, "note", Types.StringType.get()));

    @TempDir
    private Path directory;

    @BeforeEach
    void writeRows() throws Exception {
        try (JdbcCatalog catalog = LocalCatalog.open(directory)) {
            catalog.createNamespace(Namespace.of(Lake.NAMESPACE));
            Table table = catalog.createTable(TableIdentifier.of(Lake.NAMESPACE, TABLE.name()), SCHEMA);
            DataWriter<GenericRecord> writer = Parquet.writeData(
                            table.io().newOutputFile(table.locationProvider().newDataLocation("rows.parquet")))
                    .schema(SCHEMA)
                    .withSpec(PartitionSpec.unpartitioned())
                    .createWriterFunc(GenericParquetWriter::create)
                    .build();
            try (writer) {
                writer.write(row(1, "one"));
                writer.write(row(2, null));
                writer.write(row(3, "three"));
            }
            table.newAppend().appendFile(writer.toDataFile()).commit();
        }
    }

    private static GenericRecord row(long id, String note) {
        GenericRecord row = GenericRecord.create(SCHEMA);
        row.setField("id", id);
        row.setField("note", note);
        return row;
    }

    private static EqualityGuard expecting(GenericRecord... rows) {
        TallyBuilder tally = TABLE.tally();
        for (GenericRecord row : rows) {
            tally.add(row::getField);
        }
        return new EqualityGuard(Map.of(TABLE, tally.build()));
    }

    @Test
    void takes_an_equal_table_in_any_order() {
        EqualityGuard guard = expecting(row(3, "three"), row(1, "one"), row(2, null));
        try (Lake lake = new Lake(directory)) {
            assertThatCode(() -> guard.require(lake)).doesNotThrowAnyException();
        }
    }

    @Test
    void refuses_a_missing_row_a_row_too_many_and_another_value() {
        assertRefused(expecting(row(1, "one"), row(2, null), row(3, "three"), row(4, "four")));
        assertRefused(expecting(row(1, "one"), row(3, "three")));
        assertRefused(expecting(row(1, "one"), row(2, null), row(3, "other")));
        assertRefused(expecting(row(1, "one"), row(2, ""), row(3, "three")));
        assertRefused(expecting(row(0, "one"), row(3, null), row(3, "three")));
    }

    private void assertRefused(EqualityGuard guard) {
        try (Lake lake = new Lake(directory)) {
            assertThatThrownBy(() -> guard.require(lake))
                    .isInstanceOf(BenchmarkException.class)
                    .hasMessageContaining("guarded");
        }
    }
}
