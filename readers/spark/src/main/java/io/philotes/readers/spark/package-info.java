// SPDX-License-Identifier: Apache-2.0
/** What Spark sees in a lake, printed. Start at {@link io.philotes.readers.spark.ReadTables}. */
package io.philotes.readers.spark;
