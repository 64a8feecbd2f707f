// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

/** What PostgreSQL logs of an old row (manual: {@code ALTER TABLE … REPLICA IDENTITY}; catalog letter in {@code relreplident}). */
public enum ReplicaIdentity {
    /** The primary key, when it changed. */
    DEFAULT('d'),
    /** Nothing: updates and deletes fail at the source once the table is published. */
    NOTHING('n'),
    /** The whole old row. */
    FULL('f'),
    /** The columns of one unique index. */
    INDEX('i');

    private final char letter;

    ReplicaIdentity(char letter) {
        this.letter = letter;
    }

    /** The letter in {@code pg_class.relreplident} and in the Relation message. */
    public char letter() {
        return letter;
    }

    /** The one with that letter; anything else is an {@link IllegalArgumentException}. */
    public static ReplicaIdentity ofLetter(char letter) {
        for (ReplicaIdentity identity : values()) {
            if (identity.letter == letter) {
                return identity;
            }
        }
        throw new IllegalArgumentException("unknown replica identity '" + letter + "'");
    }
}
