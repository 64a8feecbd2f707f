// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit.contract;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.ParkedChange;
import io.philotes.model.Lsn;
import io.philotes.model.SequenceNumber;
import io.philotes.model.TableId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/** Dead letters for tests. */
public final class LetterFixtures {

    public static final String PIPELINE = "shop";
    public static final TableId ORDERS = new TableId("public", "orders");
    public static final TableId ITEMS = new TableId("public", "items");
    public static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123456Z");

    private LetterFixtures() {}

    public static DeadLetter.Id id(TableId table, long commitLsn, long ordinal) {
        return id("lake", table, commitLsn, ordinal);
    }

    public static DeadLetter.Id id(String sink, TableId table, long commitLsn, long ordinal) {
        return new DeadLetter.Id(PIPELINE, sink, table, new SequenceNumber(new Lsn(commitLsn), ordinal));
    }

    /** A letter whose content follows from its identity. */
    public static ParkedChange letter(DeadLetter.Id id) {
        return letter(id, "PHI-5001");
    }

    public static ParkedChange letter(DeadLetter.Id id, String code) {
        byte[] change = ("change of " + id).getBytes(StandardCharsets.UTF_8);
        return ParkedChange.rejected(id, keys("k" + id.at().ordinal()), code, "Cannot keep it: too wide", change, NOON);
    }

    public static TreeSet<String> keys(String... keys) {
        return new TreeSet<>(Set.of(keys));
    }
}
