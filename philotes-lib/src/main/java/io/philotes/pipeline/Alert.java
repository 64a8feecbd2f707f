// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline;

import java.util.Objects;

/**
 * Something that a person should know before it becomes a failure. Told once when it is crossed, and once when it is over.
 * Immutable.
 *
 * @param kind what it is about; together with {@code severity} its identity
 * @param severity how bad it is
 * @param raised true when it begins, false when it is over
 * @param message what is seen now
 * @param hint what to do
 */
public record Alert(Kind kind, Severity severity, boolean raised, String message, String hint) {

    /** What an alert is about. */
    public enum Kind {
        /** The slot keeps much WAL on the source's disk. */
        WAL_RETAINED,
        /** Much of what {@code max_slot_wal_keep_size} allows is used up. */
        WAL_LIMIT_NEAR,
        /** At the present rate a limit is reached soon. */
        WAL_FULL_SOON,
        /** Another slot of the server, which nobody reads, keeps much WAL. */
        OTHER_SLOT_INACTIVE,
        /** The slot keeps old row versions of the catalogs from being removed. */
        CATALOG_XMIN_OLD,
        /** An open or prepared transaction keeps all slots where they are. */
        SLOT_HELD,
        /** The slot was to be dropped for the WAL that it keeps, and could not be: it keeps it still. */
        SLOT_NOT_DROPPED
    }

    /** How bad it is. */
    public enum Severity {
        WARNING,
        CRITICAL
    }

    public Alert {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(hint, "hint");
    }
}
