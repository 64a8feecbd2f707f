// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.model.RelationSchema;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.encryption.EncryptedFiles;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.parquet.Parquet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file on its way to its end: what it holds back meanwhile, and an end that fails. */
class RowFileClosingTest {

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

    /** Pages wait for their end by bytes, not only by rows. */
    @Test
    void wide_values_do_not_pile_up_and_are_read_as_they_were() throws IOException {
        RelationSchema relation = Relations.of(List.of(0), "id int8", "data bytea");
        Table table = lab.table(SchemaMapper.schema(relation, RowMode.UPSERT), 2);
        RowLayout layout = RowFilesLab.layout(relation, table, RowMode.UPSERT);
        Random random = new Random(1);
        List<byte[]> written = new ArrayList<>();
        DataWriter<RowView> writer = RowFiles.dataWriter(table, lab.newFile(table), layout, table.spec(), null);
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
        List<Record> read = RowFilesLab.read(table);
        assertThat(read).hasSize(written.size());
        for (int i = 0; i < written.size(); i++) {
            assertThat(((ByteBuffer) read.get(i).getField("data")).array()).isEqualTo(written.get(i));
        }
    }

    /** A dictionary that is given up must not leave a page of all that its indexes stand for. */
    @Test
    void wide_values_that_come_again_do_not_pile_up_when_their_dictionary_is_full() throws IOException {
        RelationSchema relation = Relations.of(List.of(0), "id int8", "name text");
        Table table = lab.table(SchemaMapper.schema(relation, RowMode.UPSERT), 2);
        table.updateProperties()
                .set("write.parquet.row-group-size-bytes", Integer.toString(128 << 20))
                .commit();
        RowLayout layout = RowFilesLab.layout(relation, table, RowMode.UPSERT);
        String wide = "x".repeat(50_000);
        List<String> written = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            written.add(i < 1_100 ? "narrow" : i < 3_900 ? wide : i + wide);
        }
        DataWriter<RowView> writer = RowFiles.dataWriter(table, lab.newFile(table), layout, table.spec(), null);
        try (writer) {
            RowView row = layout.newRow();
            for (int i = 0; i < written.size(); i++) {
                row.decode(Tuples.of(new Object[] {Integer.toString(i), written.get(i)}));
                writer.write(row);
                assertThat(RowFiles.heapBytes(writer)).as("after %d rows", i).isLessThan(40 << 20);
            }
        }
        table.newAppend().appendFile(writer.toDataFile()).commit();
        assertThat(RowFilesLab.read(table))
                .extracting(record -> record.getField("name"))
                .containsExactlyElementsOf(written);
    }

    @Test
    void wide_elements_of_arrays_do_not_pile_up() throws IOException {
        RelationSchema relation = Relations.of(List.of(0), "id int8", "parts bytea[]");
        Table table = lab.table(SchemaMapper.schema(relation, RowMode.UPSERT), 2);
        RowLayout layout = RowFilesLab.layout(relation, table, RowMode.UPSERT);
        Random random = new Random(1);
        int rows = 90;
        DataWriter<RowView> writer = RowFiles.dataWriter(table, lab.newFile(table), layout, table.spec(), null);
        try (writer) {
            RowView row = layout.newRow();
            for (int i = 0; i < rows; i++) {
                byte[] wide = new byte[1 << 20];
                random.nextBytes(wide);
                row.decode(Tuples.of(
                        new Object[] {Integer.toString(i), WireBytes.array(Collections.singletonList(wide))}));
                writer.write(row);
                assertThat(RowFiles.heapBytes(writer)).as("after %d rows", i).isLessThan(50 << 20);
            }
        }
        table.newAppend().appendFile(writer.toDataFile()).commit();
        assertThat(RowFilesLab.read(table)).hasSize(rows);
    }

    @Test
    void a_huge_value_leaves_no_room_behind() throws IOException {
        RelationSchema relation = Relations.of(List.of(0), "id int8", "name text");
        Table table = lab.table(SchemaMapper.schema(relation, RowMode.UPSERT), 2);
        RowLayout layout = RowFilesLab.layout(relation, table, RowMode.UPSERT);
        String huge = "x".repeat(20 << 20);
        DataWriter<RowView> writer = RowFiles.dataWriter(table, lab.newFile(table), layout, table.spec(), null);
        try (writer) {
            RowView row = layout.newRow();
            for (String name : List.of("a", huge, "b", huge)) {
                row.decode(Tuples.of(new Object[] {"1", name}));
                writer.write(row);
                assertThat(RowFiles.heapBytes(writer)).isLessThan(25 << 20);
            }
        }
        table.newAppend().appendFile(writer.toDataFile()).commit();
        assertThat(RowFilesLab.read(table))
                .extracting(record -> record.getField("name"))
                .containsExactly("a", huge, "b", huge);
    }

    /** As compaction writes. */
    @Test
    void wide_values_do_not_pile_up_in_icebergs_own_writer() throws IOException {
        RelationSchema relation = Relations.of(List.of(0), "id int8", "name text");
        Table table = lab.table(SchemaMapper.schema(relation, RowMode.UPSERT), 2);
        Parquet.DataWriteBuilder builder = Parquet.writeData(lab.newFile(table))
                .forTable(table)
                .withSpec(table.spec())
                .createWriterFunc(GenericParquetWriter::create);
        RowFiles.tune(builder, table, table.schema());
        String wide = "x".repeat(1 << 20);
        try (DataWriter<Record> writer = builder.build()) {
            for (int i = 0; i < 90; i++) {
                writer.write(AwkwardRows.record(GenericRecord.create(table.schema()), (long) i, i + wide));
                assertThat(writer.length()).as("after %d rows", i).isLessThan(8 << 20);
            }
        }
    }

    @Test
    void a_file_that_failed_to_close_fails_again_and_lets_its_stream_go() throws IOException {
        RelationSchema relation = Relations.of(List.of(0), "id int8");
        Table table = lab.table(SchemaMapper.schema(relation, RowMode.UPSERT), 2);
        RowLayout layout = RowFilesLab.layout(relation, table, RowMode.UPSERT);
        FullDisk file = new FullDisk(lab.newFile(table).encryptingOutputFile());
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
}
