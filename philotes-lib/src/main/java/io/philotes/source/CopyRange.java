// SPDX-License-Identifier: Apache-2.0
package io.philotes.source;

import io.philotes.model.RelationSchema;

/**
 * A part of a table's rows, understood by the copy that made it. Immutable.
 *
 * @param table the table's shape in the copy
 * @param firstBlock first heap block, inclusive
 * @param endBlock last heap block, exclusive; {@link Long#MAX_VALUE} for the open end
 */
public record CopyRange(RelationSchema table, long firstBlock, long endBlock) {}
