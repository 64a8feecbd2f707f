// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.ChangeBatchBuilder;
import io.philotes.model.ChangeCursor;
import io.philotes.model.Lsn;
import io.philotes.model.TupleView;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What an update did not send is what the old row had, as far as that was sent. */
class CompletedTupleTest {

    private static final String UNCHANGED = "unchanged";
    private static final String NULL = "null";

    private final CompletedTuple completed = new CompletedTuple();

    /** An update to {@code row}; {@code oldKind} is 0 when nothing of the old one was sent. */
    private static ChangeCursor update(int oldKind, List<String> old, List<String> row) {
        ByteBuffer bytes = ByteBuffer.allocate(1000);
        if (oldKind != 0) {
            put(bytes, old);
        }
        put(bytes, row);
        ChangeBatchBuilder builder = new ChangeBatchBuilder();
        builder.begin(new Lsn(10), 0, 1);
        builder.update(HeldRows.TABLE, (byte) oldKind, bytes.array(), 0, bytes.position());
        builder.commit(new Lsn(20));
        ChangeCursor cursor = builder.cutWhole().cursor();
        while (cursor.next() && cursor.kind() != ChangeCursor.Kind.UPDATE) {
            // On to the update.
        }
        return cursor;
    }

    private static void put(ByteBuffer bytes, List<String> row) {
        bytes.putShort((short) row.size());
        for (String value : row) {
            switch (value) {
                case UNCHANGED -> bytes.put(TupleView.UNCHANGED);
                case NULL -> bytes.put(TupleView.NULL);
                default -> {
                    byte[] text = value.getBytes(StandardCharsets.UTF_8);
                    bytes.put(TupleView.TEXT).putInt(text.length).put(text);
                }
            }
        }
    }

    private static List<String> values(TupleView row) {
        List<String> values = new ArrayList<>();
        IntStream.range(0, row.columnCount()).forEach(i -> values.add(value(row, i)));
        return values;
    }

    private static String value(TupleView row, int column) {
        return Optional.of(new String(row.bytes(), row.offset(column), row.length(column), StandardCharsets.UTF_8))
                .filter(text -> row.kind(column) == TupleView.TEXT)
                .orElse(row.isUnchanged(column) ? UNCHANGED : NULL);
    }

    @Test
    void a_whole_old_row_gives_every_value() {
        ChangeCursor update = update('O', List.of("1", "long", NULL), List.of("2", UNCHANGED, UNCHANGED));
        assertThat(values(completed.of(update))).containsExactly("2", "long", NULL);
    }

    @Test
    void an_old_key_gives_its_own_values_and_no_other_is_taken_for_null() {
        ChangeCursor update = update('K', List.of("1", "long", NULL), List.of("2", UNCHANGED, UNCHANGED));
        assertThat(values(completed.of(update))).containsExactly("2", "long", UNCHANGED);
    }

    @Test
    void without_an_old_row_what_was_sent_is_all_there_is() {
        assertThat(values(completed.of(update(0, List.of(), List.of("2", UNCHANGED)))))
                .containsExactly("2", UNCHANGED);
        assertThat(values(completed.of(update('O', List.of("1", "old"), List.of("2", NULL)))))
                .containsExactly("2", NULL);
    }
}
