// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres.internal.pgoutput;

/** One message of the stream. Immutable; tuples stay in the message's bytes and are named by their place. */
public sealed interface PgOutputMessage
        permits Begin,
                Commit,
                Origin,
                Relation,
                Type,
                Insert,
                Update,
                Delete,
                Truncate,
                LogicalMessage,
                StreamStart,
                StreamStop,
                StreamCommit,
                StreamAbort {}
