// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import java.util.Optional;

/**
 * A row of {@code pg_attribute}. Immutable.
 *
 * @param attnum its number, never used again in the table
 * @param name its name; made up by PostgreSQL once dropped
 * @param dropped whether only the number is left
 * @param typeOid {@code atttypid}; 0 once dropped
 * @param typeModifier {@code atttypmod}
 * @param notNull {@code attnotnull}
 * @param missingValue what rows older than the column show instead of NULL ({@code attmissingval}), as text
 * @param generated whether the server computes it
 */
record CatalogColumn(
        int attnum,
        String name,
        boolean dropped,
        int typeOid,
        int typeModifier,
        boolean notNull,
        Optional<String> missingValue,
        boolean generated) {}
