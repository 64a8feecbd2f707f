// SPDX-License-Identifier: Apache-2.0
package io.philotes.source;

/** How a source learns of changes to a table's definition. */
public enum SchemaTracking {
    /** The server writes each change into the WAL, where it happens (an event trigger). */
    EXACT,
    /** The catalog is compared at each Relation message and now and then; what could mean several things is not guessed. */
    INFERRED
}
