// SPDX-License-Identifier: Apache-2.0
package io.philotes.error;

/**
 * The error catalogue: one stable number for each failure, what may be done about it, and the operator's next step. 1xxx is
 * the source, 2xxx configuration, 3xxx buffer and checkpoint, 4xxx the sink, 5xxx rows and values, 6xxx running, 9xxx defects.
 */
public enum ErrorCode {
    WAL_LEVEL_NOT_LOGICAL(1001, Recovery.STOP, "ALTER SYSTEM SET wal_level = 'logical'; then restart PostgreSQL"),
    SOURCE_UNREACHABLE(1002, Recovery.RETRY, "check host, port, network and that PostgreSQL is running"),
    SOURCE_AUTHENTICATION(1003, Recovery.RETRY, "check user name and password, and pg_hba.conf for this database"),
    NO_REPLICATION_RIGHT(1004, Recovery.STOP, "ALTER ROLE … REPLICATION, or grant your provider's replication role"),
    PUBLICATION_MISSING(1005, Recovery.STOP, "create the publication, or let Philotes manage it"),
    PUBLICATION_INCOMPLETE(1006, Recovery.STOP, "ALTER PUBLICATION … so that it covers the tables and all operations"),
    TABLE_MISSING(1007, Recovery.STOP, "check schema and name, and that the role may see the table"),
    NO_SELECT_RIGHT(1008, Recovery.STOP, "GRANT SELECT on the table and USAGE on its schema"),
    SLOT_IN_USE(
            1009,
            Recovery.STANDBY,
            "another instance reads the slot: stop that one, or let this one wait in STANDBY until it lets go"),
    SLOT_LOST(
            1010,
            Recovery.STOP,
            "the slot is gone or invalidated: bin/philotes resync <pipeline> --offline, then start"),
    SLOT_AHEAD(
            1011,
            Recovery.STOP,
            "the slot moved past what is stored here: bin/philotes resync <pipeline> --offline, then start"),
    SOURCE_REWOUND(
            1012,
            Recovery.STOP,
            "the source is another one, or went back in time: verify it; then resync <pipeline> --offline, and start"),
    NO_FREE_SLOT(1013, Recovery.STOP, "raise max_replication_slots and max_wal_senders, or drop an unused slot"),
    SLOT_CREATION_BLOCKED(1014, Recovery.RETRY, "a long transaction blocks slot creation; see the listed sessions"),
    SOURCE_POISON(1015, Recovery.STOP, "PostgreSQL itself cannot decode this change; see the server's message"),
    UNSUPPORTED_SOURCE(1016, Recovery.STOP, "PostgreSQL 14 or newer, encoded in anything but SQL_ASCII, is needed"),
    PROTOCOL(1017, Recovery.STOP, "the server sent what the protocol does not allow; please report it"),
    SOURCE_QUERY(1018, Recovery.RETRY, "see the server's message"),
    PUBLICATION_RECREATED(
            1019,
            Recovery.STOP,
            "what changed meanwhile is in no stream: bin/philotes resync <pipeline> --offline, then start"),
    NO_IDENTITY(1102, Recovery.STOP, "add a primary key, set REPLICA IDENTITY FULL, or use mode append"),
    IDENTITY_NOTHING(1103, Recovery.STOP, "ALTER TABLE … REPLICA IDENTITY DEFAULT or FULL"),
    ROW_SECURITY(1104, Recovery.STOP, "the role must bypass row security, or the copy would miss rows"),
    UNLOGGED_TABLE(1105, Recovery.STOP, "ALTER TABLE … SET LOGGED, or leave the table out"),
    COLUMN_RULE(1106, Recovery.HOLD_TABLE, "correct the table's rules in the configuration"),
    ROW_FILTER(1107, Recovery.STOP, "correct the table's where in the configuration"),
    FEEDBACK_LOOP(
            1108,
            Recovery.STOP,
            "keep buffer and state in another database, or publish named tables instead of all tables or their schema"),

    INVALID_CONFIGURATION(2001, Recovery.STOP, "correct the configuration"),
    MAPPED_TWICE(2002, Recovery.STOP, "give each table its own target"),
    OVER_BUDGET(2003, Recovery.STOP, "raise the heap or the memory budget, or mirror fewer tables"),

    BUFFER_FAILED(3001, Recovery.RETRY, "check the buffer's disk or database"),
    BUFFER_CORRUPT(3002, Recovery.STOP, "the file is damaged in the middle: restore it, or copy the tables again"),
    BUFFER_IN_USE(
            3003,
            Recovery.STANDBY,
            "another instance has the buffer: stop that one, or let this one wait in STANDBY until it lets go"),
    CHECKPOINT_FAILED(3004, Recovery.RETRY, "check the checkpoint's storage"),
    CHECKPOINT_CORRUPT(3005, Recovery.STOP, "restore the checkpoint, or copy the tables again"),
    CHECKPOINT_MISSING(
            3007,
            Recovery.STOP,
            "restore the checkpoint; or, to begin anew, drop the slot and the targets of this pipeline"),
    FORMAT_TOO_NEW(3006, Recovery.STOP, "written by a newer version: upgrade Philotes"),
    BUFFER_TRIMMED(3008, Recovery.STOP, "the buffer no longer holds these changes: the tables must be copied again"),
    DEAD_LETTERS_FAILED(3009, Recovery.RETRY, "check the dead letters' storage"),
    STATE_UNREACHABLE(
            3010, Recovery.RETRY, "check that the database of buffer and state runs, takes connections and has room"),
    STATE_REFUSED(3011, Recovery.STOP, "check user name, password and rights in the database of buffer and state"),
    STATE_NOT_PREPARED(3012, Recovery.STOP, "run what bin/philotes state ddl prints, or let Philotes do it"),
    DEAD_LETTERS_CORRUPT(
            3013,
            Recovery.STOP,
            "restore the dead letters' file; or move it away and copy this pipeline's tables again"),
    BUFFER_FULL(3020, Recovery.RETRY, "free space on the disk of the buffer's directory; it goes on by itself then"),

    CATALOG_UNREACHABLE(4001, Recovery.RETRY, "check the catalog's address and credentials"),
    STORAGE_FAILED(4002, Recovery.RETRY, "check that the warehouse can be written to"),
    WAREHOUSE_READ_ONLY(4003, Recovery.STOP, "give the process the right to write to the warehouse"),
    FOREIGN_OWNER(4004, Recovery.STOP, "choose another target, or remove the table that another pipeline owns"),
    COMMIT_REFUSED(4005, Recovery.RECONCILE, "another writer was faster; the commit is rebuilt"),
    COMMIT_UNKNOWN(4006, Recovery.RECONCILE, "the catalog did not say whether the commit landed; it is looked up"),
    TABLE_ROLLED_BACK(4007, Recovery.HOLD_TABLE, "the target was rolled back or re-created: it must be copied again"),
    SCHEMA_CHANGE(4008, Recovery.HOLD_TABLE, "Iceberg refused this change: see the reason, or copy the table again"),
    TARGET_UNUSABLE(4009, Recovery.HOLD_TABLE, "the target is not one this pipeline can write; see the reason"),
    FENCED(4010, Recovery.STOP, "a newer instance of this pipeline writes; this one must not"),
    RESYNC_NEEDED(
            4011,
            Recovery.HOLD_TABLE,
            "its changes cannot be applied to what was copied before: bin/philotes resync <pipeline> <table>"),
    CONSUMER_FAILED(4012, Recovery.RETRY, "mend the consumer; the change comes again"),

    VALUE_OUT_OF_RANGE(
            5001, Recovery.DEAD_LETTER, "Iceberg cannot hold this value; change it, or the column's mapping"),
    VALUE_MALFORMED(5002, Recovery.DEAD_LETTER, "the value does not decode as its type; please report it"),
    UNCHANGED_UNRESOLVED(5003, Recovery.DEAD_LETTER, "an unchanged value was found nowhere: copy the table again"),
    ROW_TOO_LARGE(5004, Recovery.STOP, "raise max-row-bytes"),

    NOT_CAUGHT_UP(6001, Recovery.STOP, "see the status for what is held or behind, or give it more time"),
    NOT_RUNNING(6002, Recovery.STOP, "the pipeline is at its end: start it again"),

    INTERRUPTED(9001, Recovery.STOP, "the work was cancelled"),
    DEFECT(9002, Recovery.STOP, "a defect in Philotes; please report it with the stack trace");

    private final int number;
    private final Recovery recovery;
    private final String hint;

    ErrorCode(int number, Recovery recovery, String hint) {
        this.number = number;
        this.recovery = recovery;
        this.hint = hint;
    }

    /** The stable code, such as {@code PHI-1001}. */
    public String code() {
        return "PHI-" + number;
    }

    /** What may be done about it. */
    public Recovery recovery() {
        return recovery;
    }

    /** One sentence for the operator, when the exception has none of its own. */
    public String hint() {
        return hint;
    }
}
