// SPDX-License-Identifier: Apache-2.0

/**
 * The Iceberg sink. Start with {@link io.philotes.sink.iceberg.IcebergSink}. Inside: {@code BatchWriter} routes changes to
 * each table's {@code TableWriter} (upsert, multiset, history), which stages rows in data files and deletes as positions;
 * {@code CommitReconciler} brings a staged commit to an end that is known; {@code TableFollower} keeps what memory knows of
 * a table equal to the table.
 */
package io.philotes.sink.iceberg;
