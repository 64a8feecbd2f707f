// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.pgoutput;

import io.philotes.model.Lsn;

/**
 * What somebody wrote with {@code pg_logical_emit_message}; its content is not kept. A non-transactional one arrives outside
 * or before a transaction, and also when its writer rolled back. Immutable.
 *
 * @param transactional whether it belongs to the open transaction
 * @param lsn its position
 * @param prefix the writer's prefix
 */
public record LogicalMessage(boolean transactional, Lsn lsn, String prefix) implements PgOutputMessage {}
