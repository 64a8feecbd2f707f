// SPDX-License-Identifier: Apache-2.0

/**
 * A lake in a directory: {@link io.philotes.sink.iceberg.local.LocalCatalog} keeps Iceberg's JDBC catalog in an SQLite file,
 * {@link io.philotes.sink.iceberg.local.LocalFileIO} the files, each forced to disk before it is referred to.
 */
package io.philotes.sink.iceberg.local;
