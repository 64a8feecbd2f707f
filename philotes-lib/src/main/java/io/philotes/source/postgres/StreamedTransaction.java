// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.source.postgres.internal.spool.Spool;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What came of one transaction that is still open at the server. Confined to one thread.
 *
 * <p>A logical message says of its transaction only the top-level one, whoever wrote it. So of a {@link TableMessage} that came
 * before the abort of a subtransaction nobody can tell whether it counts; a table may be misread by one that does not.
 */
final class StreamedTransaction {

    private static final byte[] PREFIX = (TableMessage.PREFIX + '\0').getBytes(StandardCharsets.US_ASCII);

    /** Of a streamed logical message: kind, transaction id, flags, LSN. */
    private static final int BEFORE_PREFIX = 1 + 4 + 1 + 8;

    final Spool spool;

    /** When Relation messages arrived: the last of each subtransaction, by oid. */
    private final Map<Integer, Map<Integer, Long>> relations = new HashMap<>();

    private boolean hasTableMessage;
    private boolean doubtful;

    StreamedTransaction(Spool spool) {
        this.spool = spool;
    }

    void noteLogicalMessage(byte[] bytes, int offset, int limit) {
        int from = offset + BEFORE_PREFIX;
        int to = from + PREFIX.length;
        hasTableMessage |= to <= limit && Arrays.equals(bytes, from, to, PREFIX, 0, PREFIX.length);
    }

    void noteRelation(int subxid, int oid, long arrived) {
        relations.computeIfAbsent(oid, relation -> new HashMap<>()).put(subxid, arrived);
    }

    /** When the last message about a relation arrived that counts. */
    long arrived(int oid) {
        return relations.get(oid).values().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    void abort(int subxid) {
        spool.abort(subxid);
        relations.values().forEach(arrived -> arrived.remove(subxid));
        doubtful |= hasTableMessage;
    }

    /** Whether it holds a table message that may have been rolled back. */
    boolean isDoubtful() {
        return doubtful;
    }
}
