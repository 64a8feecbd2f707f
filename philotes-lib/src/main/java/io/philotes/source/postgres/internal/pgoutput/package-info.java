// SPDX-License-Identifier: Apache-2.0

/**
 * The messages of the {@code pgoutput} plugin, protocol versions 1 and 2: a pure function from bytes to values, without I/O and
 * without catalog. Internal; start with {@link io.philotes.source.postgres.internal.pgoutput.PgOutputDecoder}. The layouts are
 * those of the manual, "Logical Replication Message Formats".
 */
package io.philotes.source.postgres.internal.pgoutput;
