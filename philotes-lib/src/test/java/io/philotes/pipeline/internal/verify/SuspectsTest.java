// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.Lsn;
import io.philotes.pipeline.VerifyReport.Kind;
import io.philotes.pipeline.VerifyReport.Row;
import io.philotes.pipeline.VerifyRequest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Rows are compared as multisets, in memory that their number does not decide. */
class SuspectsTest {

    private final HeldRows rows = new HeldRows();

    private TableCheck compareAll() throws InterruptedException {
        TableCheck check = new TableCheck(HeldRows.TABLE, rows, Lsn.ZERO, VerifyRequest.of(List.of()));
        check.all(rows);
        return check;
    }

    private static List<Row> told(Map<RowKey, Suspects.Pair> differing) {
        return differing.values().stream()
                .map(pair -> pair.difference(Set.of()))
                .toList();
    }

    @Test
    void what_is_there_more_often_differs_and_what_is_there_as_often_does_not() throws Exception {
        long seed = Long.getLong("philotes.seed", System.nanoTime());
        Random random = new Random(seed);
        Map<String, int[]> times = new TreeMap<>();
        for (int i = 0; i < 200; i++) {
            String text = "abcdefgh".charAt(random.nextInt(8)) + "/" + random.nextInt(50);
            int atSource = random.nextInt(4);
            int inTarget = random.nextBoolean() ? atSource : random.nextInt(4);
            rows.atSource(text, atSource).inTarget(text, inTarget);
            int[] sums = times.computeIfAbsent(text, t -> new int[2]);
            sums[0] += atSource;
            sums[1] += inTarget;
        }
        List<Row> wanted = new ArrayList<>();
        times.forEach((text, sums) -> {
            if (sums[0] != sums[1]) {
                Kind kind = sums[1] == 0 ? Kind.MISSING : sums[0] == 0 ? Kind.EXTRA : Kind.DIFFERENT;
                wanted.add(new Row(kind, text, "", ""));
            }
        });
        TableCheck check = compareAll();
        assertThat(told(check.differing())).as("seed %s", seed).containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(check.isComplete()).as("seed %s", seed).isTrue();
    }

    @Test
    void as_many_rows_of_a_key_with_other_values_differ() throws Exception {
        rows.atSource("a other=1", 1).atSource("a other=2", 1).inTarget("a other=2", 2);
        rows.atSource("a same=1", 1).atSource("a same=2", 1);
        rows.inTarget("a same=2", 1).inTarget("a same=1", 1);
        assertThat(told(compareAll().differing())).containsExactly(new Row(Kind.DIFFERENT, "a other", "", ""));
    }

    /** More of them than keys may be looked at. */
    @Test
    void a_row_that_is_there_very_often_costs_what_one_does() throws Exception {
        rows.atSource("a many", 600_000).inTarget("a many", 600_001);
        rows.atSource("a few", 1);
        rows.inTarget("b other", 1);
        TableCheck check = compareAll();
        assertThat(told(check.differing()))
                .containsExactlyInAnyOrder(
                        new Row(Kind.DIFFERENT, "a many", "", ""),
                        new Row(Kind.MISSING, "a few", "", ""),
                        new Row(Kind.EXTRA, "b other", "", ""));
        assertThat(check.isComplete()).isTrue();
    }

    @Test
    void of_too_many_keys_whole_buckets_are_let_go() {
        BitSet buckets = new BitSet();
        buckets.set('a', 'z' + 1);
        Suspects suspects = Suspects.in(buckets, 10, false);
        List<String> texts = new ArrayList<>();
        for (char bucket = 'z'; bucket >= 'a'; bucket--) {
            texts.addAll(List.of(bucket + "1", bucket + "2", bucket + "3"));
        }
        texts.forEach(text -> suspects.atSource(HeldRows.row(text)));
        texts.stream().filter(text -> !text.endsWith("3")).forEach(text -> suspects.inTarget(HeldRows.row(text)));
        Set<String> wanted = new HashSet<>();
        buckets.stream().forEach(bucket -> wanted.add((char) bucket + "3"));
        assertThat(told(suspects.differing()))
                .as("nothing is told of a key of which a part of the rows was let go")
                .extracting(Row::key)
                .containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(buckets.cardinality()).isBetween(1, 3);
        assertThat(buckets.get('a')).isTrue();
    }
}
