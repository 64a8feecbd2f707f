// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.pgoutput;

import io.philotes.model.Lsn;

/**
 * What somebody wrote with {@code pg_logical_emit_message}; its content stays where it arrived. A non-transactional one arrives outside
 * or before a transaction, and also when its writer rolled back. Immutable.
 *
 * @param transactional whether it belongs to the open transaction
 * @param lsn its position
 * @param prefix the writer's prefix
 * @param offset where its content begins in the bytes that were decoded
 * @param length its content's length
 */
public record LogicalMessage(boolean transactional, Lsn lsn, String prefix, int offset, int length)
        implements PgOutputMessage {}
