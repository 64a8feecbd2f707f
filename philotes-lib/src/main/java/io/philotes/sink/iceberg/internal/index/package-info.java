// SPDX-License-Identifier: Apache-2.0

/**
 * Where a row is: key to data file and position, in memory. Knows nothing of Iceberg. Start with
 * {@link io.philotes.sink.iceberg.internal.index.KeyIndex}; a commit's changes are staged in
 * {@link io.philotes.sink.iceberg.internal.index.KeyOverlay}.
 */
package io.philotes.sink.iceberg.internal.index;
