// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.pgoutput;

/**
 * A row was inserted. Immutable.
 *
 * @param relation oid, unsigned
 * @param newTuple the row
 */
public record Insert(int relation, TupleRange newTuple) implements PgOutputMessage {}
