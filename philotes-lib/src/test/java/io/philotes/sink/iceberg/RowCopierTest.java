// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowCopierTest {

    private static final int FILES = 6;
    private static final int ROWS = 400;

    private final Random random = new Random(1);
    private final ChangeFeed feed = new ChangeFeed(LOADED_AT.value());

    /** A new file is begun when one is large enough, wherever that is in the file that is copied. */
    @Test
    void rows_of_a_file_that_was_copied_into_several_are_found_in_each() {
        TestLake lake = new TestLake(options -> options.targetFileSizeBytes(128 << 10)
                        .compaction(CompactionOptions.DEFAULT.withMinFiles(3).withCpuShare(1)))
                .loaded(KEYED);
        for (int file = 0; file < FILES; file++) {
            lake.apply(rows(file * ROWS));
            Compactions.awaitCopy(lake);
        }
        Compactions.settle(lake);
        String files = lake.table("orders").currentSnapshot().summary().get("total-data-files");
        assertThat(Integer.parseInt(files)).isBetween(2, FILES - 1);
        ChangeFeed deletes = feed.begin();
        IntStream.range(0, FILES * ROWS)
                .filter(key -> key % 3 == 0)
                .forEach(key -> deletes.delete(KEYED, 'K', key, null, null));
        lake.apply(deletes.commit());
        assertThat(lake.rows("orders", "id"))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, FILES * ROWS)
                        .filter(key -> key % 3 != 0)
                        .mapToObj(Integer::toString)
                        .toList());
    }

    /** Text that does not compress, so that a file is as large as it seems. */
    private ChangeFeed rows(int first) {
        ChangeFeed rows = feed.begin();
        for (int key = first; key < first + ROWS; key++) {
            rows.insert(KEYED, key, new BigInteger(1_200, random).toString(36), key);
        }
        return rows.commit();
    }
}
