// SPDX-License-Identifier: Apache-2.0

/** Dead letters in a table of a PostgreSQL database. Start with {@link io.philotes.dlq.postgres.PostgresDeadLetterQueue}. */
package io.philotes.dlq.postgres;
