// SPDX-License-Identifier: Apache-2.0

/** A sink of one's own: tables of PostgreSQL as tables of an SQLite file. Begin with {@link io.philotes.samples.sqlite.SqliteSink}. */
package io.philotes.samples.sqlite;
