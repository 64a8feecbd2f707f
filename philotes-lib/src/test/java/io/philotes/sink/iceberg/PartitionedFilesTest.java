// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.PhilotesException;
import io.philotes.sink.iceberg.internal.index.Location;
import io.philotes.sink.iceberg.internal.value.RowLayout;
import io.philotes.sink.iceberg.internal.value.RowMode;
import io.philotes.sink.iceberg.internal.value.RowView;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are open when the keys to the storage end, with which they were opened: others are there in time. */
class PartitionedFilesTest {

    /** So often a file looks whether there are others. */
    private static final int ROWS_BETWEEN_LOOKS = 512;

    private final LiveFiles files = new LiveFiles();
    private final Map<Long, Integer> rows = new HashMap<>();
    private TestLake lake;
    private Keys keys;
    private Table loaded;
    private RowView row;
    private PartitionedFiles written;
    private int ids;

    /** Those of one loading of the table. */
    private static final class Keys {
        private boolean ended;

        private void require() {
            if (ended) {
                throw new IllegalStateException("the keys have ended");
            }
        }
    }

    private void open(String... partitions) {
        lake = new TestLake(options -> options.table(ORDERS, TableOptions.DEFAULTS.partitionBy(partitions)))
                .loaded(KEYED);
        SinkSettings settings =
                IcebergSink.builder(lake.catalog()).namespace("shop").settings();
        load();
        Map<Integer, Integer> fieldIds = TargetProperties.columns(loaded.properties());
        RowLayout layout = RowLayout.of(
                KEYED,
                OlderRows.schema(loaded, fieldIds, KEYED),
                fieldIds,
                RowMode.UPSERT,
                settings.policy(KEYED.table()));
        row = layout.newRow();
        written = new PartitionedFiles(() -> loaded, layout, files, 1 << 20);
    }

    /** From now on the table is another object, with other keys; those of before. */
    private Keys load() {
        Keys before = keys;
        Keys mine = new Keys();
        Table real = lake.table("orders");
        loaded = new BaseTable(((HasTableOperations) real).operations(), real.name()) {
            @Override
            public FileIO io() {
                return new LockedFiles(super.io(), mine);
            }
        };
        keys = mine;
        return before;
    }

    /** Writes so many rows, one into each partition by turns. */
    private void write(int number, int partitions) {
        for (int i = 0; i < number; i++) {
            int id = ++ids;
            row.decode(TestLake.view(id, "row", i % partitions));
            rows.put(written.write(row), id);
        }
    }

    /** Each row is in a closed file, where its location says. */
    private void requireAll() {
        written.closeAll();
        List<LiveFile> closed = written.closed();
        assertThat(closed).extracting(LiveFile::location).doesNotHaveDuplicates();
        assertThat(rows).hasSize(ids);
        Map<Integer, Long> counts = rows.keySet().stream()
                .collect(Collectors.groupingBy(location -> Location.ordinal(location), Collectors.counting()));
        assertThat(closed)
                .allSatisfy(file -> assertThat(counts)
                        .containsEntry(file.ordinal(), file.dataFile().recordCount()));
        assertThat(closed).hasSameSizeAs(counts.keySet());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void files_are_closed_before_their_keys_end_and_rows_go_on_with_others(int partitions) {
        open(partitions == 1 ? new String[0] : new String[] {"amount"});
        write(10 * partitions, partitions);
        Keys old = load();
        if (partitions == 1) {
            write(ROWS_BETWEEN_LOOKS, 1);
        } else {
            // One into a partition that has no file yet.
            write(partitions + 1, partitions + 1);
        }
        old.ended = true;
        write(2 * ROWS_BETWEEN_LOOKS, partitions);
        requireAll();
        assertThat(written.closed()).hasSize(partitions == 1 ? 2 : 7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zstd", "gzip"})
    void a_file_whose_rows_were_all_refused_is_none(String codec) {
        open("amount");
        write(1, 1);
        written.closeAll();
        loaded.updateProperties()
                .set(TableProperties.PARQUET_COMPRESSION, codec)
                .commit();
        PartitionedFiles again = new PartitionedFiles(() -> loaded, row.layout(), files, 1 << 20);
        row.decode(TestLake.view(null, "no key", 7));
        assertThatThrownBy(() -> again.write(row)).isInstanceOf(PhilotesException.class);
        again.closeAll();
        assertThat(again.closed()).isEmpty();
        assertThat(files.all()).containsExactlyElementsOf(written.closed());
    }

    @Test
    void rows_that_come_in_no_order_of_their_partitions_make_a_file_for_each_partition() {
        open("amount");
        write(3_000, 300);
        requireAll();
        assertThat(written.closed()).hasSize(300);
    }

    /** Each of so few rows that its own size is never asked for. */
    @Test
    void open_files_of_many_partitions_hold_no_more_together_than_those_of_few() {
        open("amount");
        String wide = "x".repeat(20_000);
        long most = 0;
        for (int id = 0; id < 6_000; id++) {
            row.decode(TestLake.view(id, wide, id % 300));
            rows.put(written.write(row), ++ids);
            most = Math.max(most, written.openBytes());
        }
        assertThat(most).isLessThan(96L << 20);
        requireAll();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void what_is_given_up_is_removed_with_the_keys_of_now(int partitions) {
        open(partitions == 1 ? new String[0] : new String[] {"amount"});
        write(10, partitions);
        Keys old = load();
        write(ROWS_BETWEEN_LOOKS * partitions, partitions);
        old.ended = true;
        written.closeAll();
        List<String> locations =
                written.closed().stream().map(LiveFile::location).toList();
        assertThat(locations).isNotEmpty().allMatch(this::exists);
        written.abort();
        assertThat(locations).noneMatch(this::exists);
    }

    private boolean exists(String location) {
        try {
            return lake.table("orders").io().newInputFile(location).exists();
        } catch (NotFoundException e) {
            return false;
        }
    }

    private static final class LockedFiles implements FileIO {

        private static final long serialVersionUID = 1L;

        private final transient FileIO real;
        private final transient Keys keys;

        LockedFiles(FileIO real, Keys keys) {
            this.real = real;
            this.keys = keys;
        }

        @Override
        public InputFile newInputFile(String path) {
            keys.require();
            return real.newInputFile(path);
        }

        @Override
        public OutputFile newOutputFile(String path) {
            keys.require();
            return new LockedFile(real.newOutputFile(path), keys);
        }

        @Override
        public void deleteFile(String path) {
            keys.require();
            real.deleteFile(path);
        }
    }

    private record LockedFile(OutputFile real, Keys keys) implements OutputFile {

        @Override
        public PositionOutputStream create() {
            return new LockedStream(real.create(), keys);
        }

        @Override
        public PositionOutputStream createOrOverwrite() {
            return new LockedStream(real.createOrOverwrite(), keys);
        }

        @Override
        public String location() {
            return real.location();
        }

        @Override
        public InputFile toInputFile() {
            return real.toInputFile();
        }
    }

    private static final class LockedStream extends PositionOutputStream {

        private final PositionOutputStream real;
        private final Keys keys;

        LockedStream(PositionOutputStream real, Keys keys) {
            this.real = real;
            this.keys = keys;
        }

        @Override
        public long getPos() throws IOException {
            return real.getPos();
        }

        @Override
        public void write(int value) throws IOException {
            keys.require();
            real.write(value);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            keys.require();
            real.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            keys.require();
            real.close();
        }
    }
}
