// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.testkit.Lake;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;

/** Walks every table snapshot of the ledger: a lie that a later commit repairs is still a lie. */
final class LedgerHistory {

    private final Table table;
    private final Map<Long, Integer> versions = new HashMap<>();

    private LedgerHistory(Table table) {
        this.table = table;
    }

    /** Fails at the first snapshot that is wrong; returns how many were looked at. */
    static int check(Table table) {
        LedgerHistory history = new LedgerHistory(table);
        List<Long> snapshots = Lake.history(table);
        snapshots.forEach(history::checkSnapshot);
        return snapshots.size();
    }

    private void checkSnapshot(long snapshotId) {
        List<List<String>> rows = Lake.rows(table, snapshotId, List.of("id", "ver", "bal", "chk", "pad"));
        assertThat(rows.stream().map(r -> r.get(0)).distinct().count())
                .as("different keys in snapshot %s", snapshotId)
                .isEqualTo(rows.size());
        assertThat(rows.stream().mapToLong(r -> Long.parseLong(r.get(2))).sum())
                .as("sum of balances in snapshot %s", snapshotId)
                .isEqualTo(Ledger.TOTAL);
        rows.forEach(row -> checkRow(snapshotId, row));
    }

    private void checkRow(long snapshotId, List<String> row) {
        String checksum = md5(row.get(0) + ":" + row.get(1) + ":" + row.get(4));
        if (!checksum.equals(row.get(3))) {
            throw new AssertionError("checksum of row " + row.get(0) + " in snapshot " + snapshotId);
        }
        int version = Integer.parseInt(row.get(1));
        Integer before = versions.put(Long.parseLong(row.get(0)), version);
        if (before != null && before > version) {
            throw new AssertionError("version of row " + row.get(0) + " falls from " + before + " to " + version
                    + " in snapshot " + snapshotId);
        }
    }

    private static String md5(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
