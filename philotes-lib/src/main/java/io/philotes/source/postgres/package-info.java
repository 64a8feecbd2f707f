// SPDX-License-Identifier: Apache-2.0

/**
 * Changes and rows from PostgreSQL by logical replication ({@code pgoutput}, protocol 1). Start with {@link
 * io.philotes.source.postgres.PostgresSource}; {@code ReplicationStream} reads the stream, {@code PostgresTableCopy} the rows,
 * {@code RelationVersions} decides what a column is.
 */
package io.philotes.source.postgres;
