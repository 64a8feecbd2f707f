// SPDX-License-Identifier: Apache-2.0

/**
 * Where messages of transactions wait that are still open at the server; promised to no one. Start with
 * {@link io.philotes.source.postgres.internal.spool.Spool}.
 */
package io.philotes.source.postgres.internal.spool;
