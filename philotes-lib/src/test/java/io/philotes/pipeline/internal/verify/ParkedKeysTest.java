// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.ParkedChange;
import io.philotes.dlq.file.FileDeadLetterQueue;
import io.philotes.model.Lsn;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParkedKeysTest {

    private static final TableId ORDERS = new TableId("public", "orders");
    private static final TableId ITEMS = new TableId("public", "items");

    @TempDir
    Path directory;

    private static ParkedChange letter(String sink, TableId table, long ordinal, String... keys) {
        DeadLetter.Id id = new DeadLetter.Id("shop", sink, table, new SequenceNumber(new Lsn(7), ordinal));
        return ParkedChange.rejected(
                id, new TreeSet<>(List.of(keys)), "PHI-5001", "it does not fit", new byte[1], Instant.EPOCH);
    }

    /** More letters than are read at once. */
    @Test
    void every_key_of_the_sinks_own_letters_is_told_and_no_other() {
        FileDeadLetterQueue queue = FileDeadLetterQueue.at(directory);
        queue.open("shop");
        List<ParkedChange> letters = new ArrayList<>(
                List.of(letter("other", ORDERS, 1, "another sink's"), letter("lake", ITEMS, 1, "another table's")));
        Set<String> wanted = new TreeSet<>(List.of("moved"));
        for (int i = 0; i < 1_201; i++) {
            letters.add(letter("lake", ORDERS, i, "id=" + i, "moved"));
            wanted.add("id=" + i);
        }
        queue.add(letters);
        assertThat(new ParkedKeys(Optional.of(queue), "lake").of(Set.of(ORDERS)))
                .isEqualTo(Map.of(ORDERS, wanted));
        queue.close();
    }

    @Test
    void without_letters_nothing_is_aside() {
        assertThat(new ParkedKeys(Optional.empty(), "lake").of(Set.of(ORDERS))).isEmpty();
    }
}
