// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

/**
 * A row of {@code pg_attribute}. Immutable.
 *
 * @param attnum its number, never used again in the table
 * @param name its name; made up by PostgreSQL once dropped
 * @param dropped whether only the number is left
 * @param typeOid {@code atttypid}; 0 once dropped
 * @param typeModifier {@code atttypmod}
 * @param notNull {@code attnotnull}
 * @param hasMissing {@code atthasmissing}: rows older than the column show a constant that the stream never tells
 * @param generated whether the server computes it
 */
record CatalogColumn(
        int attnum,
        String name,
        boolean dropped,
        int typeOid,
        int typeModifier,
        boolean notNull,
        boolean hasMissing,
        boolean generated) {}
