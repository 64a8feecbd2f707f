// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TupleView;
import io.philotes.source.postgres.internal.pgoutput.WireWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class CopyRowsTest {

    private static final byte[] HEADER = new WireWriter()
            .raw(new byte[] {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0})
            .int32(0)
            .int32(3)
            .raw(new byte[] {1, 2, 3})
            .bytes();

    /** One column per row; an empty value is NULL. */
    private static byte[] copy(List<byte[]> rows) {
        WireWriter out = new WireWriter().raw(HEADER);
        for (byte[] row : rows) {
            out.int16(1).int32(row.length == 0 ? -1 : row.length).raw(row);
        }
        return out.int16(-1).bytes();
    }

    private static byte[] value(TupleView row) {
        return Arrays.copyOfRange(row.bytes(), row.offset(0), row.offset(0) + row.length(0));
    }

    @Property(tries = 500)
    void rows_come_out_whatever_the_chunks_are(
            @ForAll @Size(max = 20) List<@Size(max = 40) byte[]> rows,
            @ForAll @IntRange(min = 1, max = 100) int chunk) {
        List<byte[]> seen = new ArrayList<>();
        CopyRows copy = new CopyRows(1, 1000, row -> {
            seen.add(value(row));
            assertThat(row.isNull(0)).isEqualTo(row.length(0) == 0);
        });
        byte[] all = copy(rows);
        for (int at = 0; at < all.length; at += chunk) {
            copy.accept(Arrays.copyOfRange(all, at, Math.min(at + chunk, all.length)));
        }
        assertThat(copy.finish()).isEqualTo(rows.size());
        assertThat(seen).hasSameSizeAs(rows);
        for (int i = 0; i < rows.size(); i++) {
            assertThat(seen.get(i)).isEqualTo(rows.get(i));
        }
    }

    @Property(tries = 500)
    void a_copy_that_ends_early_is_no_copy(
            @ForAll @Size(max = 5) List<@Size(max = 10) byte[]> rows,
            @ForAll @IntRange(min = 1, max = 20) int missing) {
        byte[] all = copy(rows);
        CopyRows copy = new CopyRows(1, 1000, row -> {});
        copy.accept(Arrays.copyOf(all, Math.max(0, all.length - missing)));
        assertThatThrownBy(copy::finish).isInstanceOf(PhilotesException.class);
    }

    @Property(tries = 2000)
    void random_bytes_never_fail_otherwise(@ForAll @Size(max = 60) byte[] bytes) {
        CopyRows copy = new CopyRows(1, 1000, row -> {});
        try {
            copy.accept(HEADER);
            copy.accept(bytes);
            copy.finish();
        } catch (PhilotesException e) {
            assertThat(e.code()).isIn(ErrorCode.PROTOCOL, ErrorCode.ROW_TOO_LARGE);
        }
    }
}
