// SPDX-License-Identifier: Apache-2.0

/** Batches in tables of a PostgreSQL database. Start with {@link io.philotes.buffer.postgres.PostgresBuffer}. */
package io.philotes.buffer.postgres;
