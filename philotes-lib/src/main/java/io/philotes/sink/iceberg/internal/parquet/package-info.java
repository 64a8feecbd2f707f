// SPDX-License-Identifier: Apache-2.0
/**
 * Parquet files written column by column, from numbers and ranges of bytes. Iceberg's and parquet-java's writers are made for
 * objects and cost two to three times as much for each value; pages, footers and column chunks are still parquet-java's. Start
 * with {@link io.philotes.sink.iceberg.internal.parquet.ColumnFile}. Internal: knows nothing of rows.
 */
package io.philotes.sink.iceberg.internal.parquet;
