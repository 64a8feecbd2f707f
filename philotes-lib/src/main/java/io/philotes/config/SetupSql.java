// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import io.philotes.model.TableId;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The SQL with which an administrator prepares a source for one pipeline that may do nothing but read: role, rights and
 * publication. Made of the configuration alone; may be run again at any time, and then adds the tables that are new.
 * Immutable.
 */
public final class SetupSql {

    private static final String OPTIONS =
            "publish = 'insert, update, delete, truncate', publish_via_partition_root = true";

    private final String pipelineName;
    private final PipelineConfig pipeline;
    private final SourceConfig source;
    private final TableQuery tables;

    SetupSql(String pipelineName, PipelineConfig pipeline, SourceConfig source) {
        this.pipelineName = pipelineName;
        this.pipeline = pipeline;
        this.source = source;
        this.tables = new TableQuery(pipeline);
    }

    /** Everything, in the order in which it must run. */
    public String text() {
        return String.join("\n", heading(), role(), rights(), publication(), incarnation());
    }

    /** The same for a server of that service, where nobody is a superuser. */
    public String text(Cloud cloud) {
        String heading = """
                -- What philotes needs of PostgreSQL for the pipeline %s.
                -- Run it as %s in the database of %s
                -- It may be run again: what is there stays, what is missing is added.
                -- Whoever runs it must own the tables, or be a member of the role that does.
                -- Logical WAL (SHOW wal_level): where it is not logical, %s.
                -- Address: %s.
                """.formatted(
                        pipelineName, cloud.administrator(), source.url(), cloud.logicalWal(), cloud.connection());
        String role = cloud.grantsReplicationByMembership() ? memberRole(cloud) : role(cloud.logicalWal());
        return String.join("\n", heading, role, rights(), publication(), incarnation());
    }

    /** What it is for and where to run it. */
    public String heading() {
        return """
                -- What philotes needs of PostgreSQL for the pipeline %s.
                -- Run it as a superuser in the database of %s
                -- It may be run again: what is there stays, what is missing is added.
                """.formatted(pipelineName, source.url());
    }

    /** Membership instead of the attribute, which only the service itself can give. */
    private String memberRole(Cloud cloud) {
        return """
                -- The role. It has no password yet; in psql: \\password %s
                %s""".formatted(quoted(source.username()), SqlText.block("""
                IF pg_catalog.current_setting('wal_level') <> 'logical' THEN
                    RAISE WARNING 'wal_level is %%: %3$s',
                        pg_catalog.current_setting('wal_level');
                END IF;
                IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = %1$s) THEN
                    CREATE ROLE %2$s LOGIN;
                END IF;
                GRANT rds_replication TO %2$s;
                EXECUTE pg_catalog.format('GRANT CONNECT ON DATABASE %%I TO %%I', pg_catalog.current_database(), %1$s);
                """.formatted(
                        SqlText.literal(source.username()), quoted(source.username()), cloud.logicalWal())));
    }

    private String role() {
        return role("ALTER SYSTEM SET wal_level = logical, then restart the server");
    }

    private String role(String logicalWal) {
        return """
                -- The role. It has no password yet; in psql: \\password %1$s
                -- Where a service does not let you grant REPLICATION, use its own way, such as GRANT rds_replication TO %1$s.
                %2$s""".formatted(quoted(source.username()), SqlText.block("""
                IF pg_catalog.current_setting('wal_level') <> 'logical' THEN
                    RAISE WARNING 'wal_level is %%: %3$s',
                        pg_catalog.current_setting('wal_level');
                END IF;
                IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = %1$s) THEN
                    CREATE ROLE %2$s LOGIN REPLICATION;
                ELSIF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = %1$s AND NOT (rolcanlogin AND rolreplication)) THEN
                    ALTER ROLE %2$s LOGIN REPLICATION;
                END IF;
                EXECUTE pg_catalog.format('GRANT CONNECT ON DATABASE %%I TO %%I', pg_catalog.current_database(), %1$s);
                """.formatted(
                        SqlText.literal(source.username()), quoted(source.username()), logicalWal)));
    }

    private String rights() {
        String role = quoted(source.username());
        StringBuilder sql = new StringBuilder("-- What it may read.\n");
        Set<String> schemas = new TreeSet<>();
        tables.named().forEach(table -> schemas.add(quoted(table.id().schema())));
        schemas.forEach(schema -> sql.append("GRANT USAGE ON SCHEMA %s TO %s;\n".formatted(schema, role)));
        if (!schemas.isEmpty()) {
            sql.append("GRANT SELECT ON TABLE %s TO %s;\n".formatted(names(), role));
        }
        if (tables.hasPatterns()) {
            sql.append("-- Tables that match a pattern now; one that comes later needs the same.\n");
            sql.append(SqlText.block(
                    """
                    FOR found IN
                    %s
                    LOOP
                        EXECUTE pg_catalog.format('GRANT USAGE ON SCHEMA %%I TO %%I', found.nspname, %2$s);
                        EXECUTE pg_catalog.format('GRANT SELECT ON TABLE %%I.%%I TO %%I', found.nspname, found.relname, %2$s);
                    END LOOP;
                    """.formatted(SqlText.indent(tables.matching()), SqlText.literal(source.username())),
                    "found record;"));
        }
        return sql.toString();
    }

    private String names() {
        return tables.named().stream().map(table -> table.id().toSql()).collect(Collectors.joining(", "));
    }

    private String publication() {
        String name = source.publication().name().orElse(Targets.atSource(pipelineName));
        String quoted = quoted(name);
        return "-- The publication, as the pipeline would make it. "
                + (source.publication().manage()
                        ? "To let it be: publication: { name: " + name + ", manage: false }"
                        : "")
                + "\n"
                + SqlText.block("""
                IF NOT EXISTS (SELECT FROM pg_catalog.pg_publication WHERE pubname = %s) THEN
                    CREATE PUBLICATION %s;
                END IF;
                """.formatted(SqlText.literal(name), quoted))
                + "ALTER PUBLICATION %s SET (%s);\n".formatted(quoted, OPTIONS)
                + members(quoted);
    }

    /** The role owns nothing, and so the mark cannot be the publication's comment. */
    private String incarnation() {
        String role = quoted(source.username());
        return """
                -- A row of this table is raised by the pipeline once a minute while changes come: a database that is put back to
                -- an earlier time from a copy of its files is known by it. It is never published.
                CREATE SCHEMA IF NOT EXISTS philotes;
                CREATE TABLE IF NOT EXISTS philotes.incarnation (
                    slot text PRIMARY KEY, id uuid NOT NULL, counter bigint NOT NULL);
                GRANT USAGE ON SCHEMA philotes TO %1$s;
                GRANT SELECT, INSERT, UPDATE ON TABLE philotes.incarnation TO %1$s;
                """.formatted(role);
    }

    private String members(String publication) {
        String named = tables.named().stream()
                .map(table -> table.id().toSql()
                        + table.where()
                                .map(condition -> " WHERE (" + condition + ")")
                                .orElse(""))
                .collect(Collectors.joining(", "));
        String set = "ALTER PUBLICATION " + publication + " SET TABLE ";
        if (!tables.hasPatterns()) {
            return set + named + ";\n";
        }
        return SqlText.block(
                """
                SELECT pg_catalog.string_agg(pg_catalog.format('%%I.%%I', nspname, relname), ', ') INTO matching FROM (
                %s
                ) AS found;
                IF pg_catalog.concat(%2$s, matching) <> '' THEN
                    EXECUTE %3$s || pg_catalog.concat_ws(', ', %2$s, matching);
                END IF;
                """.formatted(
                                SqlText.indent(tables.matching()),
                                named.isEmpty() ? "NULL" : SqlText.literal(named),
                                SqlText.literal(set)),
                "matching text;");
    }

    private static String quoted(String name) {
        return TableId.quote(name);
    }
}
