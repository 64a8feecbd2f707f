// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.sink.iceberg.local.LocalCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.encryption.EncryptedFiles;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.parquet.ParquetUtil;
import org.apache.iceberg.types.Types;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows written by our writer into real tables, against what Iceberg's own reader and writer say. */
class RowFilesTest {

    private static final RelationSchema RELATION = Relations.of(
            List.of(0, 1),
            "id int8",
            "code text",
            "flag bool",
            "small int2",
            "real float4",
            "double float8",
            "price numeric(9,2)",
            "amount numeric(18,4)",
            "huge numeric(38,10)",
            "exact numeric",
            "data bytea",
            "day date",
            "at time",
            "local timestamp",
            "utc timestamptz",
            "ref uuid",
            "tags text[]",
            "numbers float8[]",
            "prices numeric(25,2)[]");

    @TempDir
    Path directory;

    private JdbcCatalog catalog;
    private int files;

    @BeforeEach
    void open() {
        catalog = LocalCatalog.open(directory);
        catalog.createNamespace(Namespace.of("n"));
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private Table table(Schema schema, int version) {
        return catalog.createTable(
                TableIdentifier.of("n", "t" + version),
                schema,
                PartitionSpec.unpartitioned(),
                Map.of("format-version", Integer.toString(version), "write.parquet.row-group-size-bytes", "20000"));
    }

    private EncryptedOutputFile newFile(Table table) {
        String location = table.locationProvider().newDataLocation("f" + files++ + ".parquet");
        return EncryptedFiles.plainAsEncryptedOutput(table.io().newOutputFile(location));
    }

    private static RowLayout layout(RelationSchema relation, Table table, RowMode mode) {
        return RowLayout.of(relation, table.schema(), SchemaMapper.fieldIds(relation, table.schema(), mode), mode);
    }

    private DataFile write(Table table, RowLayout layout, List<Object[]> tuples) {
        DataWriter<RowView> writer = RowFiles.dataWriter(table, newFile(table), layout, table.spec(), null);
        try (writer) {
            RowView row = layout.newRow();
            for (Object[] tuple : tuples) {
                row.decode(Tuples.of(tuple));
                writer.write(row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return writer.toDataFile();
    }

    private DataFile writeGeneric(Table table, List<Record> records) throws IOException {
        DataWriter<Record> writer = Parquet.writeData(newFile(table))
                .forTable(table)
                .withSpec(table.spec())
                .createWriterFunc(GenericParquetWriter::create)
                .build();
        try (writer) {
            records.forEach(writer::write);
        }
        return writer.toDataFile();
    }

    /** Pages wait for their end by bytes, not only by rows. */
    @Test
    void wide_values_do_not_pile_up_and_are_read_as_they_were() throws IOException {
        RelationSchema relation = Relations.of(List.of(0), "id int8", "data bytea");
        Table table = table(SchemaMapper.schema(relation, RowMode.UPSERT), 2);
        RowLayout layout = layout(relation, table, RowMode.UPSERT);
        Random random = new Random(1);
        List<byte[]> written = new ArrayList<>();
        DataWriter<RowView> writer = RowFiles.dataWriter(table, newFile(table), layout, table.spec(), null);
        try (writer) {
            RowView row = layout.newRow();
            for (int i = 0; i < 40; i++) {
                byte[] wide = new byte[1 << 20];
                random.nextBytes(wide);
                written.add(wide);
                row.decode(Tuples.of(new Object[] {Integer.toString(i), wide}));
                writer.write(row);
                assertThat(RowFiles.heapBytes(writer)).as("after %d rows", i).isLessThan(8 << 20);
            }
        }
        table.newAppend().appendFile(writer.toDataFile()).commit();
        List<Record> read = read(table);
        assertThat(read).hasSize(written.size());
        for (int i = 0; i < written.size(); i++) {
            assertThat(((ByteBuffer) read.get(i).getField("data")).array()).isEqualTo(written.get(i));
        }
    }

    @Test
    void a_file_that_failed_to_close_fails_again_and_lets_its_stream_go() throws IOException {
        RelationSchema relation = Relations.of(List.of(0), "id int8");
        Table table = table(SchemaMapper.schema(relation, RowMode.UPSERT), 2);
        RowLayout layout = layout(relation, table, RowMode.UPSERT);
        FullDisk file = new FullDisk(newFile(table).encryptingOutputFile());
        DataWriter<RowView> writer =
                RowFiles.dataWriter(table, EncryptedFiles.plainAsEncryptedOutput(file), layout, table.spec(), null);
        RowView row = layout.newRow();
        row.decode(Tuples.of(new Object[] {"1"}));
        writer.write(row);
        assertThatThrownBy(writer::close).rootCause().hasMessage("the disk is full");
        assertThat(file.closed).isTrue();
        assertThatThrownBy(writer::close).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(writer::toDataFile).isInstanceOf(IllegalStateException.class);
    }

    /** Takes the first four bytes. */
    private static final class FullDisk implements OutputFile {

        private final OutputFile file;
        private boolean closed;

        FullDisk(OutputFile file) {
            this.file = file;
        }

        @Override
        public PositionOutputStream create() {
            PositionOutputStream stream = file.create();
            return new PositionOutputStream() {
                @Override
                public long getPos() throws IOException {
                    return stream.getPos();
                }

                @Override
                public void write(int single) throws IOException {
                    if (getPos() >= 4) {
                        throw new IOException("the disk is full");
                    }
                    stream.write(single);
                }

                @Override
                public void close() throws IOException {
                    closed = true;
                    stream.close();
                }
            };
        }

        @Override
        public PositionOutputStream createOrOverwrite() {
            return create();
        }

        @Override
        public String location() {
            return file.location();
        }

        @Override
        public InputFile toInputFile() {
            return file.toInputFile();
        }
    }

    private static List<Record> read(Table table) throws IOException {
        try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
            List<Record> all = new ArrayList<>();
            records.forEach(all::add);
            return all;
        }
    }

    private static List<Object[]> awkwardTuples() {
        List<Object[]> tuples = new ArrayList<>();
        tuples.add(new Object[] {
            "1",
            "a",
            "t",
            "-32768",
            "NaN",
            "-0",
            "1234567.89",
            "-12345678901234.5678",
            "9".repeat(28) + ".0000000001",
            "1.500",
            "\\x00ff",
            "0044-03-15 BC",
            "23:59:59.999999",
            "1969-12-31 23:59:59.999999",
            "2024-01-02 03:04:05.5+05:45",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "{a,NULL,\"\"}",
            "{NaN,NULL,-0}",
            "{-1.50,NULL}"
        });
        tuples.add(new Object[] {
            "-2",
            "",
            "f",
            "7",
            "-0",
            "NaN",
            "-0.01",
            "0",
            "-1",
            "NaN",
            "\\x",
            "1970-01-01",
            "00:00:00",
            "0001-01-01 00:00:00",
            "1500-01-01 00:00:00+00",
            "00000000-0000-0000-0000-000000000000",
            "{}",
            "{}",
            "{}"
        });
        Object[] nulls = new Object[19];
        nulls[0] = "3";
        nulls[1] = "ü\uD83D\uDE00";
        tuples.add(nulls);
        return tuples;
    }

    private static List<Record> awkwardRecords(Schema schema) {
        GenericRecord template = GenericRecord.create(schema);
        return List.of(
                record(
                        template,
                        1L,
                        "a",
                        true,
                        -32768,
                        Float.NaN,
                        -0.0d,
                        new BigDecimal("1234567.89"),
                        new BigDecimal("-12345678901234.5678"),
                        new BigDecimal("9".repeat(28) + ".0000000001"),
                        "1.500",
                        ByteBuffer.wrap(new byte[] {0, -1}),
                        LocalDate.of(-43, 3, 15),
                        LocalTime.of(23, 59, 59, 999_999_000),
                        LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_999_000),
                        OffsetDateTime.of(2024, 1, 1, 21, 19, 5, 500_000_000, ZoneOffset.UTC),
                        new UUID(-1, -1),
                        Arrays.asList("a", null, ""),
                        Arrays.asList(Double.NaN, null, -0.0d),
                        Arrays.asList(new BigDecimal("-1.50"), null)),
                record(
                        template,
                        -2L,
                        "",
                        false,
                        7,
                        -0.0f,
                        Double.NaN,
                        new BigDecimal("-0.01"),
                        new BigDecimal("0.0000"),
                        new BigDecimal("-1.0000000000"),
                        "NaN",
                        ByteBuffer.wrap(new byte[0]),
                        LocalDate.EPOCH,
                        LocalTime.MIDNIGHT,
                        LocalDateTime.of(1, 1, 1, 0, 0),
                        OffsetDateTime.of(1500, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC),
                        new UUID(0, 0),
                        List.of(),
                        List.of(),
                        List.of()),
                record(template, 3L, "ü\uD83D\uDE00"));
    }

    private static Record record(GenericRecord template, Object... values) {
        GenericRecord record = template.copy();
        for (int i = 0; i < values.length; i++) {
            record.set(i, values[i]);
        }
        return record;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void rows_read_back_as_they_were(int version) throws IOException {
        Table table = table(SchemaMapper.schema(RELATION, RowMode.UPSERT), version);
        DataFile file = write(table, layout(RELATION, table, RowMode.UPSERT), awkwardTuples());
        table.newAppend().appendFile(file).commit();
        assertThat(read(table)).containsExactlyElementsOf(awkwardRecords(table.schema()));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void metrics_are_those_of_icebergs_own_writer_but_for_uuids(int version) throws IOException {
        Table table = table(SchemaMapper.schema(RELATION, RowMode.UPSERT), version);
        DataFile ours = write(table, layout(RELATION, table, RowMode.UPSERT), awkwardTuples());
        int uuid = table.schema().findField("ref").fieldId();
        assertThat(ours.lowerBounds()).doesNotContainKey(uuid);
        assertThat(ours.upperBounds()).doesNotContainKey(uuid);
        table.updateProperties()
                .set("write.parquet.stats-enabled.column.ref", "false")
                .commit();
        sameMetrics(ours, writeGeneric(table, awkwardRecords(table.schema())));
        saysWhatIsInIt(table, ours);
        assertThat(ours.nanValueCounts()).containsValues(1L);
    }

    private static void sameMetrics(DataFile ours, DataFile theirs) {
        assertThat(ours.recordCount()).isEqualTo(theirs.recordCount());
        assertThat(ours.valueCounts()).isEqualTo(theirs.valueCounts());
        assertThat(ours.nullValueCounts()).isEqualTo(theirs.nullValueCounts());
        assertThat(ours.nanValueCounts()).isEqualTo(theirs.nanValueCounts());
        assertThat(ours.lowerBounds()).isEqualTo(theirs.lowerBounds());
        assertThat(ours.upperBounds()).isEqualTo(theirs.upperBounds());
        assertThat(ours.columnSizes().keySet()).isEqualTo(theirs.columnSizes().keySet());
    }

    /** Encodings differ from those of Iceberg's writer, and with them sizes: what we say of a file is what is in it. */
    private static void saysWhatIsInIt(Table table, DataFile file) throws IOException {
        InputFile input = table.io().newInputFile(file.location());
        assertThat(ParquetUtil.fileMetrics(input, MetricsConfig.forTable(table)).columnSizes())
                .isEqualTo(file.columnSizes());
        assertThat(file.fileSizeInBytes()).isEqualTo(input.getLength());
        long atMost = file.fileSizeInBytes();
        long sum =
                file.columnSizes().values().stream().mapToLong(Long::longValue).sum();
        assertThat(sum).isBetween(1L, atMost);
        String path = file.location().replaceFirst("^file:/*", "/");
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(Path.of(path)))) {
            assertThat(file.splitOffsets())
                    .isEqualTo(reader.getFooter().getBlocks().stream()
                            .map(BlockMetaData::getStartingPos)
                            .toList());
        }
    }

    /** Enough for several pages and row groups. */
    @Test
    void many_random_rows_read_back_and_have_the_same_metrics() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        RelationSchema relation =
                Relations.of(List.of(0), "id int8", "name text", "score float8", "price numeric(30,3)", "tags text[]");
        Table table = table(SchemaMapper.schema(relation, RowMode.UPSERT), 3);
        List<Object[]> tuples = new ArrayList<>();
        List<Record> records = new ArrayList<>();
        for (long id = 0; id < 5000; id++) {
            Object[] values = randomValues(random);
            tuples.add(new Object[] {
                WireBytes.int8(id),
                values[0],
                values[1] == null ? null : values[1].toString(),
                values[2] == null ? null : WireBytes.numeric((BigDecimal) values[2]),
                values[3] == null ? null : "{" + String.join(",", strings((List<?>) values[3])) + "}"
            });
            records.add(record(GenericRecord.create(table.schema()), id, values[0], values[1], values[2], values[3]));
        }
        DataFile ours = write(table, layout(relation, table, RowMode.UPSERT), tuples);
        sameMetrics(ours, writeGeneric(table, records));
        saysWhatIsInIt(table, ours);
        assertThat(ours.splitOffsets()).hasSizeGreaterThan(1);
        table.newAppend().appendFile(ours).commit();
        assertThat(read(table)).as("seed %d", seed).containsExactlyElementsOf(records);
    }

    private static Object[] randomValues(Random random) {
        List<String> tags = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            tags.add(random.nextInt(5) == 0 ? null : "t" + random.nextInt(100));
        }
        return new Object[] {
            random.nextInt(10) == 0 ? null : "name " + random.nextInt(1000),
            random.nextInt(10) == 0 ? null : random.nextGaussian(),
            random.nextInt(10) == 0 ? null : BigDecimal.valueOf(random.nextLong(), 3),
            random.nextInt(10) == 0 ? null : tags
        };
    }

    private static List<String> strings(List<?> values) {
        return values.stream()
                .map(value -> value == null ? "NULL" : value.toString())
                .toList();
    }

    @Test
    void keys_and_row_hashes_of_what_is_read_back_are_those_of_the_wire() throws IOException {
        Table table = table(SchemaMapper.schema(RELATION, RowMode.UPSERT), 3);
        RowLayout layout = layout(RELATION, table, RowMode.UPSERT);
        table.newAppend().appendFile(write(table, layout, awkwardTuples())).commit();
        for (KeyEncoder encoder : List.of(layout.keyEncoder(), layout.rowEncoder())) {
            List<String> fromWire = new ArrayList<>();
            for (Object[] tuple : awkwardTuples()) {
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
        Table table = table(SchemaMapper.schema(RELATION, RowMode.UPSERT), 3);
        RowLayout layout = layout(RELATION, table, RowMode.UPSERT);
        table.newAppend().appendFile(write(table, layout, awkwardTuples())).commit();
        List<Record> before = read(table);
        DataWriter<RowView> writer = RowFiles.dataWriter(table, newFile(table), layout, table.spec(), null);
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
        assertThat(read(table)).isEqualTo(before);
    }

    @Test
    void a_refused_row_leaves_nothing_in_the_file() throws IOException {
        Table table = table(SchemaMapper.schema(RELATION, RowMode.UPSERT), 3);
        RowLayout layout = layout(RELATION, table, RowMode.UPSERT);
        DataWriter<RowView> writer = RowFiles.dataWriter(table, newFile(table), layout, table.spec(), null);
        try (writer) {
            RowView row = layout.newRow();
            row.decode(Tuples.of(awkwardTuples().get(0)));
            writer.write(row);
            Object[] withoutKey = awkwardTuples().get(1);
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
        Table table = table(SchemaMapper.schema(relation, RowMode.APPEND), 3);
        RowLayout layout = layout(relation, table, RowMode.APPEND);
        DataWriter<RowView> writer = RowFiles.dataWriter(table, newFile(table), layout, table.spec(), null);
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
        assertThat(read(table))
                .containsExactly(
                        record(
                                template,
                                1,
                                null,
                                "update",
                                "0000001affffffff",
                                7L,
                                epoch.plusSeconds(1),
                                4294967295L,
                                List.of("big")),
                        record(template, null, null, "truncate", "ffffffffffffffff", 8L, epoch, 5L, null));
    }

    @Test
    void columns_of_others_are_null_whatever_their_type() throws IOException {
        RelationSchema relation = Relations.of(List.of(0), "id int4");
        Table table = table(SchemaMapper.schema(relation, RowMode.UPSERT), 3);
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
        DataFile file = write(table, layout(relation, table, RowMode.UPSERT), List.<Object[]>of(new Object[] {"5"}));
        table.newAppend().appendFile(file).commit();
        assertThat(read(table)).containsExactly(record(GenericRecord.create(table.schema()), 5));
    }
}
