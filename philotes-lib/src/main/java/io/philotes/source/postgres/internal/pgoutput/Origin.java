// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.pgoutput;

import io.philotes.model.Lsn;

/**
 * The transaction was replicated into the source from elsewhere. Immutable.
 *
 * @param commitLsn its commit position there
 * @param name the origin's name
 */
public record Origin(Lsn commitLsn, String name) implements PgOutputMessage {}
