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
 * @param fillsOldRows whether rows older than the column may show a value that the stream never tells: a constant default
 *     ({@code atthasmissing}), or one that rewrote the table and cannot be told from a default set later
 * @param generated whether the server computes it
 */
record CatalogColumn(
        int attnum,
        String name,
        boolean dropped,
        int typeOid,
        int typeModifier,
        boolean notNull,
        boolean fillsOldRows,
        boolean generated) {}
