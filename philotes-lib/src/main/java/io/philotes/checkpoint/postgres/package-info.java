// SPDX-License-Identifier: Apache-2.0

/** Checkpoints in a PostgreSQL database. Start with {@link io.philotes.checkpoint.postgres.PostgresCheckpointStore}. */
package io.philotes.checkpoint.postgres;
