// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.sink.iceberg.internal.index.KeyIndex;
import io.philotes.sink.iceberg.internal.index.Location;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.iceberg.PartitionSpec;

/** Rows are followed through any number of compactions. */
class LiveFilesTest {

    /** A row of the model: where it was first, where it is now, and whether it counts. */
    private static final class Row {
        private long first;
        private long now;
        private boolean deleted;
        private boolean gone;

        Row(long first) {
            this.first = first;
            this.now = first;
        }
    }

    @Property(tries = 200)
    void a_row_is_found_where_compaction_put_it_last(@ForAll long seed) {
        Random random = new Random(seed);
        LiveFiles files = new LiveFiles();
        List<LiveFile> live = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        for (int step = 0; step < 30; step++) {
            switch (random.nextInt(7)) {
                case 0, 1 -> addFile(random, files, live, rows);
                case 2, 3 -> deleteSome(random, files, rows);
                case 4 -> relocate(files, rows);
                default -> compact(random, files, live, rows);
            }
            for (Row row : rows) {
                assertThat(files.resolve(row.first)).isEqualTo(row.deleted ? KeyIndex.NOT_FOUND : row.now);
                assertThat(files.follow(row.first)).isEqualTo(row.gone ? KeyIndex.NOT_FOUND : row.now);
            }
        }
    }

    /** As an index does that names files anew. */
    private static void relocate(LiveFiles files, List<Row> rows) {
        rows.forEach(row -> row.first = files.follow(row.first));
        rows.removeIf(row -> row.first == KeyIndex.NOT_FOUND);
        files.dropForwards();
    }

    private static LiveFile newFile(LiveFiles files, List<LiveFile> live) {
        LiveFile file = files.add("file " + live.size() + "." + System.nanoTime(), PartitionSpec.unpartitioned(), null);
        live.add(file);
        return file;
    }

    private static void addFile(Random random, LiveFiles files, List<LiveFile> live, List<Row> rows) {
        LiveFile file = newFile(files, live);
        IntStream.range(0, 1 + random.nextInt(10)).forEach(i -> rows.add(new Row(Location.of(file.ordinal(), i))));
    }

    private static void deleteSome(Random random, LiveFiles files, List<Row> rows) {
        for (Row row : rows) {
            if (!row.deleted && random.nextInt(4) == 0) {
                row.deleted = true;
                files.at(Location.ordinal(row.now)).deleted().delete(Location.position(row.now));
            }
        }
    }

    /** Some files become one or two; some rows are deleted after they were copied. */
    private static void compact(Random random, LiveFiles files, List<LiveFile> live, List<Row> rows) {
        List<LiveFile> sources =
                live.stream().filter(file -> random.nextBoolean()).toList();
        LiveFile[] outputs = {newFile(files, live), newFile(files, live)};
        int[] ordinals = {outputs[0].ordinal(), outputs[1].ordinal()};
        long[] written = new long[2];
        int output = 0;
        for (LiveFile source : sources) {
            List<MovedRows.Run> runs = new ArrayList<>();
            List<Integer> gone = new ArrayList<>();
            long rank = 0;
            List<Row> within = rows.stream()
                    .filter(row -> !row.gone && Location.ordinal(row.now) == source.ordinal())
                    .sorted(Comparator.comparingLong(row -> row.now))
                    .toList();
            for (Row row : within) {
                if (row.deleted) {
                    gone.add((int) Location.position(row.now));
                    row.gone = true;
                    continue;
                }
                boolean rolls = output == 0 && random.nextInt(10) == 0;
                output += rolls ? 1 : 0;
                if (rank == 0 || rolls) {
                    runs.add(new MovedRows.Run(rank, output, written[output]));
                }
                row.now = Location.of(ordinals[output], written[output]++);
                rank++;
            }
            int[] positions = gone.stream().mapToInt(Integer::intValue).toArray();
            files.replaced(source, new Forward(new MovedRows(positions, runs), ordinals));
        }
        live.removeAll(sources);
    }
}
