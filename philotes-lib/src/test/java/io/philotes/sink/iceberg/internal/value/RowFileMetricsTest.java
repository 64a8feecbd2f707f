// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.RelationSchema;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.parquet.ParquetUtil;
import org.apache.iceberg.util.ByteBuffers;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What our writer says of a file, against what Iceberg's own writer says of the same rows and what is in the file. */
class RowFileMetricsTest {

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
    void metrics_are_those_of_icebergs_own_writer_but_for_uuids(int version) throws IOException {
        Table table = lab.table(SchemaMapper.schema(AwkwardRows.RELATION, RowMode.UPSERT), version);
        DataFile ours =
                lab.write(table, RowFilesLab.layout(AwkwardRows.RELATION, table, RowMode.UPSERT), AwkwardRows.tuples());
        int uuid = table.schema().findField("ref").fieldId();
        assertThat(ours.lowerBounds()).doesNotContainKey(uuid);
        assertThat(ours.upperBounds()).doesNotContainKey(uuid);
        table.updateProperties()
                .set("write.parquet.stats-enabled.column.ref", "false")
                .commit();
        sameMetrics(ours, lab.writeGeneric(table, AwkwardRows.records(table.schema())));
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
        long seed = Long.getLong("philotes.seed", System.nanoTime());
        Random random = new Random(seed);
        RelationSchema relation =
                Relations.of(List.of(0), "id int8", "name text", "score float8", "price numeric(30,3)", "tags text[]");
        Table table = lab.table(SchemaMapper.schema(relation, RowMode.UPSERT), 3);
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
            records.add(AwkwardRows.record(
                    GenericRecord.create(table.schema()), id, values[0], values[1], values[2], values[3]));
        }
        DataFile ours = lab.write(table, RowFilesLab.layout(relation, table, RowMode.UPSERT), tuples);
        sameMetrics(ours, lab.writeGeneric(table, records));
        saysWhatIsInIt(table, ours);
        assertThat(ours.splitOffsets()).hasSizeGreaterThan(1);
        table.newAppend().appendFile(ours).commit();
        assertThat(RowFilesLab.read(table)).as("seed %d", seed).containsExactlyElementsOf(records);
    }

    /** Of a long value only its beginning is held; what Iceberg is told is the same. */
    @ParameterizedTest
    @CsvSource({"truncate(16), 300", "full, 300", "counts, 1", "full, 1"})
    void bounds_of_long_values_are_those_of_icebergs_own_writer(String mode, int valuesOfEach) throws IOException {
        RelationSchema relation = Relations.of(List.of(0), "id int8", "name text", "data bytea");
        Table table = lab.table(SchemaMapper.schema(relation, RowMode.UPSERT), 3);
        table.updateProperties().set("write.metadata.metrics.default", mode).commit();
        String lastOfAll = Character.toString(Character.MAX_CODE_POINT);
        List<String> ends =
                List.of("", "z".repeat(5000), "ü".repeat(3000), "z" + lastOfAll.repeat(2000), "€".repeat(1366));
        List<Object[]> tuples = new ArrayList<>();
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < valuesOfEach * ends.size(); i++) {
            String name = "name " + ends.get(i % ends.size());
            byte[] data = new byte[4095 + i % 10];
            Arrays.fill(data, (byte) (i % 2 == 0 ? 0xFE : 0x80));
            tuples.add(new Object[] {WireBytes.int8(i), name, data});
            records.add(
                    AwkwardRows.record(GenericRecord.create(table.schema()), (long) i, name, ByteBuffer.wrap(data)));
        }
        DataFile ours = lab.write(table, RowFilesLab.layout(relation, table, RowMode.UPSERT), tuples);
        sameMetrics(ours, lab.writeGeneric(table, records));
        table.newAppend().appendFile(ours).commit();
        assertThat(RowFilesLab.read(table)).containsExactlyElementsOf(records);
    }

    /** Values that are alike as far as a bound goes, or end just there. */
    @Test
    void every_long_value_is_within_its_bounds() throws IOException {
        long seed = Long.getLong("philotes.seed", System.nanoTime());
        Random random = new Random(seed);
        RelationSchema relation = Relations.of(List.of(0), "id int8", "name text", "data bytea");
        Table table = lab.table(SchemaMapper.schema(relation, RowMode.UPSERT), 3);
        table.updateProperties()
                .set("write.metadata.metrics.default", "truncate(9000)")
                .commit();
        for (int round = 0; round < 200; round++) {
            List<Object[]> tuples = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                String name = "a".repeat(4090) + random(random, List.of("a", "b", "ü", "€", "\uD83D\uDE00"));
                byte[] data = ("a".repeat(4090) + random(random, List.of("a", "\u0080", "\u00C5", "\u00FF")))
                        .getBytes(StandardCharsets.ISO_8859_1);
                tuples.add(new Object[] {WireBytes.int8(i), name, data});
            }
            DataFile file = lab.write(table, RowFilesLab.layout(relation, table, RowMode.UPSERT), tuples);
            for (Object[] tuple : tuples) {
                requireWithin(file, 2, ((String) tuple[1]).getBytes(StandardCharsets.UTF_8), seed);
                requireWithin(file, 3, (byte[]) tuple[2], seed);
            }
        }
    }

    private static String random(Random random, List<String> parts) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(parts.get(random.nextInt(parts.size())));
        }
        return text.toString();
    }

    private static void requireWithin(DataFile file, int fieldId, byte[] value, long seed) {
        byte[] lower = ByteBuffers.toByteArray(file.lowerBounds().get(fieldId));
        byte[] upper = ByteBuffers.toByteArray(file.upperBounds().get(fieldId));
        assertThat(Arrays.compareUnsigned(lower, value)).as("seed %d", seed).isNotPositive();
        assertThat(Arrays.compareUnsigned(upper, value)).as("seed %d", seed).isNotNegative();
    }

    /** No text is greater than one of nothing but the last character, and no page then says what its greatest is. */
    @Test
    void what_has_nothing_above_it_has_no_bounds() throws IOException {
        RelationSchema relation = Relations.of(List.of(0), "id int8", "name text", "data bytea");
        Table table = lab.table(SchemaMapper.schema(relation, RowMode.UPSERT), 3);
        byte[] data = new byte[5000];
        Arrays.fill(data, (byte) 0xFF);
        String name = Character.toString(Character.MAX_CODE_POINT).repeat(5000);
        DataFile file =
                lab.write(table, RowFilesLab.layout(relation, table, RowMode.UPSERT), List.<Object[]>of(new Object[] {
                    "1", name, data
                }));
        assertThat(file.upperBounds()).containsOnlyKeys(1);
        table.newAppend().appendFile(file).commit();
        assertThat(RowFilesLab.read(table))
                .extracting(record -> record.getField("name"))
                .containsExactly(name);
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
}
