// SPDX-License-Identifier: Apache-2.0

/**
 * From PostgreSQL's wire bytes to Iceberg columns: each value is converted once, into a slot, and written from there
 * straight into Parquet. Promised to no one outside {@code sink.iceberg}.
 *
 * <p>Start with {@link io.philotes.sink.iceberg.internal.value.RowView}. {@code TypeMapping} says what becomes what, {@code
 * TypePolicy} where the configuration chose another type, {@code SchemaMapper} builds new tables, {@code RowLayout} ties a
 * relation version to a table, {@code KeyEncoder} makes index keys of rows.
 */
package io.philotes.sink.iceberg.internal.value;
