// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.RelationSchema;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.parquet.ParquetUtil;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
        long seed = System.nanoTime();
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
