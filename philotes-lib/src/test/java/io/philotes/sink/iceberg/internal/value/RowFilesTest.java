// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows written by our writer into real tables are read by Iceberg as they were. */
class RowFilesTest {

    @TempDir
    Path directory;

    private RowFilesLab lab;

    @BeforeEach
    void open() {
        lab = new RowFilesLab(directory);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void rows_read_back_as_they_were(int version) throws IOException {
        Table table = lab.table(SchemaMapper.schema(AwkwardRows.RELATION, RowMode.UPSERT), version);
        DataFile file =
                lab.write(table, RowFilesLab.layout(AwkwardRows.RELATION, table, RowMode.UPSERT), AwkwardRows.tuples());
        table.newAppend().appendFile(file).commit();
        assertThat(RowFilesLab.read(table)).containsExactlyElementsOf(AwkwardRows.records(table.schema()));
    }

    @Test
    void keys_and_row_hashes_of_what_is_read_back_are_those_of_the_wire() throws IOException {
        Table table = lab.table(SchemaMapper.schema(AwkwardRows.RELATION, RowMode.UPSERT), 3);
        RowLayout layout = RowFilesLab.layout(AwkwardRows.RELATION, table, RowMode.UPSERT);
        table.newAppend()
                .appendFile(lab.write(table, layout, AwkwardRows.tuples()))
                .commit();
        for (KeyEncoder encoder : List.of(Encoders.ofKey(layout), Encoders.ofRow(layout))) {
            List<String> fromWire = new ArrayList<>();
            for (Object[] tuple : AwkwardRows.tuples()) {
                RowView row = layout.newRow();
                row.decode(Tuples.of(tuple));
                encoder.encode(row);
                fromWire.add(encoder.hi() + ":" + encoder.lo());
            }
            List<String> fromTable = new ArrayList<>();
            try (CloseableIterable<Record> records =
                    IcebergGenerics.read(table).project(encoder.projection()).build()) {
                for (Record record : records) {
                    encoder.encode(record);
                    fromTable.add(encoder.hi() + ":" + encoder.lo());
                }
            }
            assertThat(fromTable).isEqualTo(fromWire).doesNotHaveDuplicates();
        }
    }

    @Test
    void what_was_read_back_completes_unchanged_values() throws IOException {
        Table table = lab.table(SchemaMapper.schema(AwkwardRows.RELATION, RowMode.UPSERT), 3);
        RowLayout layout = RowFilesLab.layout(AwkwardRows.RELATION, table, RowMode.UPSERT);
        table.newAppend()
                .appendFile(lab.write(table, layout, AwkwardRows.tuples()))
                .commit();
        List<Record> before = RowFilesLab.read(table);
        DataWriter<RowView> writer = RowFiles.dataWriter(table, lab.newFile(table), layout, table.spec(), null);
        try (writer) {
            for (Record record : before) {
                Object[] tuple = new Object[19];
                Arrays.fill(tuple, Tuples.UNCHANGED);
                RowView row = layout.newRow();
                row.decode(Tuples.of(tuple));
                for (Types.NestedField field : table.schema().columns()) {
                    assertThat(row.isUnchanged(field.fieldId())).isTrue();
                    row.fill(field.fieldId(), record.getField(field.name()));
                }
                assertThat(row.hasUnchanged()).isFalse();
                writer.write(row.detached());
            }
        }
        table.newOverwrite()
                .overwriteByRowFilter(org.apache.iceberg.expressions.Expressions.alwaysTrue())
                .addFile(writer.toDataFile())
                .commit();
        assertThat(RowFilesLab.read(table)).isEqualTo(before);
    }

    @Test
    void a_refused_row_leaves_nothing_in_the_file() throws IOException {
        Table table = lab.table(SchemaMapper.schema(AwkwardRows.RELATION, RowMode.UPSERT), 3);
        RowLayout layout = RowFilesLab.layout(AwkwardRows.RELATION, table, RowMode.UPSERT);
        DataWriter<RowView> writer = RowFiles.dataWriter(table, lab.newFile(table), layout, table.spec(), null);
        try (writer) {
            RowView row = layout.newRow();
            row.decode(Tuples.of(AwkwardRows.tuples().get(0)));
            writer.write(row);
            Object[] withoutKey = AwkwardRows.tuples().get(1);
            withoutKey[1] = null;
            row.decode(Tuples.of(withoutKey));
            assertThatThrownBy(() -> writer.write(row))
                    .isInstanceOfSatisfying(
                            PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE_OUT_OF_RANGE))
                    .hasMessageContaining("code");
        }
        assertThat(writer.toDataFile().valueCounts().values()).contains(1L).doesNotContain(2L, 4L);
    }

    @Test
    void history_rows_carry_their_columns() throws IOException {
        RelationSchema relation = Relations.of(List.of(0), "id int4", "big text");
        Table table = lab.table(SchemaMapper.schema(relation, RowMode.APPEND), 3);
        RowLayout layout = RowFilesLab.layout(relation, table, RowMode.APPEND);
        DataWriter<RowView> writer = RowFiles.dataWriter(table, lab.newFile(table), layout, table.spec(), null);
        try (writer) {
            RowView row = layout.newRow();
            row.decode(Tuples.of("1", Tuples.UNCHANGED));
            row.cdc(CdcOperation.UPDATE, Lsn.parse("1A/FFFFFFFF"), 7, 1_000_000, -1);
            writer.write(row);
            row.clear();
            row.cdc(CdcOperation.TRUNCATE, Lsn.MAX, 8, 0, 5);
            writer.write(row);
        }
        table.newAppend().appendFile(writer.toDataFile()).commit();
        GenericRecord template = GenericRecord.create(table.schema());
        OffsetDateTime epoch = OffsetDateTime.of(1970, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);
        assertThat(RowFilesLab.read(table))
                .containsExactly(
                        AwkwardRows.record(
                                template,
                                1,
                                null,
                                "update",
                                "0000001affffffff",
                                7L,
                                epoch.plusSeconds(1),
                                4294967295L,
                                List.of("big")),
                        AwkwardRows.record(template, null, null, "truncate", "ffffffffffffffff", 8L, epoch, 5L, null));
    }

    @Test
    void columns_of_others_are_null_whatever_their_type() throws IOException {
        RelationSchema relation = Relations.of(List.of(0), "id int4");
        Table table = lab.table(SchemaMapper.schema(relation, RowMode.UPSERT), 3);
        table.updateSchema()
                .addColumn("plain", Types.StringType.get())
                .addColumn("struct", Types.StructType.of(Types.NestedField.optional(100, "a", Types.IntegerType.get())))
                .addColumn(
                        "map",
                        Types.MapType.ofOptional(
                                101, 102, Types.StringType.get(), Types.ListType.ofOptional(103, Types.LongType.get())))
                .addColumn("nanos", Types.TimestampNanoType.withZone())
                .addColumn("nothing", Types.UnknownType.get())
                .addColumn("variant", Types.VariantType.get())
                .commit();
        DataFile file = lab.write(
                table, RowFilesLab.layout(relation, table, RowMode.UPSERT), List.<Object[]>of(new Object[] {"5"}));
        table.newAppend().appendFile(file).commit();
        assertThat(RowFilesLab.read(table))
                .containsExactly(AwkwardRows.record(GenericRecord.create(table.schema()), 5));
    }
}
