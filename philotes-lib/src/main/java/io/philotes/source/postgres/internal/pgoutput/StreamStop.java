// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.pgoutput;

/** Ends what {@link StreamStart} began; the transaction stays open. Immutable. */
public record StreamStop() implements PgOutputMessage {}
