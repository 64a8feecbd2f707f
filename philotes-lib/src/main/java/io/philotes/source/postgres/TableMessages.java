// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.source.postgres.internal.pgoutput.LogicalMessage;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the {@link TableMessage}s for one pipeline among all logical messages. Immutable. */
final class TableMessages {

    private static final Logger LOG = LoggerFactory.getLogger(TableMessages.class);

    private final String slot;

    TableMessages(String slot) {
        this.slot = slot;
    }

    /** Anybody may write messages: one that nobody of us wrote is no reason to stop. */
    Optional<TableMessage> read(LogicalMessage message, byte[] bytes) {
        if (!message.prefix().equals(TableMessage.PREFIX)) {
            return Optional.empty();
        }
        try {
            return TableMessage.parse(bytes, message.offset(), message.length(), slot);
        } catch (IllegalArgumentException e) {
            LOG.warn("A message at {} looks as if it told of a table, but nobody here writes such", message.lsn(), e);
            return Optional.empty();
        }
    }
}
