// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.ChangeBatch;
import io.philotes.model.RelationCodec;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.source.AttachedSource;
import io.philotes.source.TableCopy;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** What tests of rules share. */
final class RulesLab {

    private RulesLab() {}

    static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Neither rows nor relations of the batches have the text anywhere. */
    static void assertNowhere(List<ChangeBatch> batches, String... clear) {
        for (ChangeBatch batch : batches) {
            String bytes = new String(batch.bytes(), 0, batch.length(), StandardCharsets.ISO_8859_1)
                    + new String(relations(batch), StandardCharsets.ISO_8859_1);
            for (String text : clear) {
                assertThat(bytes.contains(text)).as("a batch holds " + text).isFalse();
            }
        }
    }

    private static byte[] relations(ChangeBatch batch) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            for (RelationSchema relation : batch.relations()) {
                RelationCodec.write(relation, new DataOutputStream(out));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Drops the slot once the server has noticed that its reader is gone. */
    static void drop(AttachedSource source) {
        await().ignoreExceptionsMatching(e -> e instanceof PhilotesException p && p.code() == ErrorCode.SLOT_IN_USE)
                .untilAsserted(source::dropSlot);
    }

    /** The table's rows in a copy of its own. */
    static List<String> copied(AttachedSource source, String table) throws InterruptedException {
        try (TableCopy copy = source.copy(Set.of(TableId.parse(table)))) {
            return SourceLab.copyAll(copy, TableId.parse(table), 1);
        }
    }
}
