// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

/** Services that run PostgreSQL for others, and give no superuser: what they call things. From their documentation. */
public enum Cloud {
    /** Amazon RDS and Aurora. */
    RDS(
            "the master user",
            "set rds.logical_replication = 1 in a parameter group of your own, then reboot",
            "connect to the instance itself: RDS Proxy does not pass replication on"),
    /** Google Cloud SQL. */
    CLOUDSQL(
            "postgres",
            "set the flag cloudsql.logical_decoding = on, which restarts the instance",
            "the Cloud SQL Auth Proxy passes replication on; a pooler does not"),
    /** Aiven. */
    AIVEN(
            "avnadmin",
            "it is logical on Aiven: ask its support",
            "connect to the service itself: its PgBouncer pools do not pass replication on"),
    /** Supabase. */
    SUPABASE(
            "postgres",
            "it is logical on Supabase: ask its support",
            "connect to db.<project>.supabase.co: the pooler does not pass replication on; IPv6, unless you book IPv4");

    private final String administrator;
    private final String logicalWal;
    private final String connection;

    Cloud(String administrator, String logicalWal, String connection) {
        this.administrator = administrator;
        this.logicalWal = logicalWal;
        this.connection = connection;
    }

    /** Who runs the SQL. */
    String administrator() {
        return administrator;
    }

    /** How {@code wal_level} becomes logical. */
    String logicalWal() {
        return logicalWal;
    }

    /** What to know about the address. */
    String connection() {
        return connection;
    }

    /** Whether the right to replicate is the membership in {@code rds_replication}, and no attribute of the role. */
    boolean grantsReplicationByMembership() {
        return this == RDS;
    }
}
