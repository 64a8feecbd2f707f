// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.model.TableId;
import io.philotes.source.SlotState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Looks at everything that a start needs, changes nothing, and says how to mend what is wrong. Confined to one thread. */
final class Preflight {

    private static final int OLDEST_VERSION = 14;

    /** Of another role a role without pg_read_all_stats is told no more than its name. */
    private static final String READER =
            "SELECT pg_catalog.concat_ws(' ', nullif(application_name, ''), 'as ' || usename,"
                    + " 'from ' || pg_catalog.host(client_addr)) FROM pg_catalog.pg_stat_activity WHERE pid = ?";

    private final SourceSettings settings;
    private final Sessions sessions;
    private final Slot slot;
    private final Publication publication;
    private final SourceTables tables;
    private final IncarnationMark incarnation;
    private final List<Finding> findings = new ArrayList<>();

    Preflight(
            SourceSettings settings,
            Sessions sessions,
            Slot slot,
            Publication publication,
            SourceTables tables,
            IncarnationMark incarnation) {
        this.settings = settings;
        this.sessions = sessions;
        this.slot = slot;
        this.publication = publication;
        this.tables = tables;
        this.incarnation = incarnation;
    }

    /** What is done once the server is known to be one. */
    @FunctionalInterface
    private interface Look {
        void at(Connection connection, ServerFacts facts) throws SQLException;
    }

    List<Finding> findings() {
        return findings(this::tables);
    }

    /** The same whatever the tables are. */
    List<Finding> serverFindings() {
        return findings((connection, facts) -> existingPublication(connection));
    }

    private List<Finding> findings(Look more) {
        try (Connection connection = sessions.openShort()) {
            ServerFacts facts = ServerFacts.of(connection);
            connect(facts);
            if (facts.major() >= OLDEST_VERSION) {
                walLevel(facts);
                replicationRight(facts);
                encoding(facts);
                slot(connection, facts);
                findings.addAll(new GuardChecks(connection, slot, publication, incarnation).findings(facts.major()));
                TrackingChecks.finding(connection).ifPresent(findings::add);
                more.at(connection, facts);
            }
        } catch (PhilotesException e) {
            findings.add(finding("connect", e));
        } catch (SQLException e) {
            findings.add(finding("connect", SqlFailures.of("check the source", e)));
        }
        return findings;
    }

    static Finding finding(PhilotesException e) {
        return finding(e.table().map(TableId::toString).orElse("publication"), e);
    }

    private static Finding finding(String subject, PhilotesException e) {
        return Finding.error(e.code(), subject, e.reason(), e.hint());
    }

    private void connect(ServerFacts facts) {
        String seen = "PostgreSQL " + facts.version() + " at "
                + settings.server().address() + " (" + (facts.tls() == null ? "no TLS" : facts.tls()) + ")";
        if (facts.major() < OLDEST_VERSION) {
            findings.add(Finding.error(
                    ErrorCode.UNSUPPORTED_SOURCE,
                    "connect",
                    seen,
                    "upgrade to PostgreSQL " + OLDEST_VERSION + " or newer"));
        } else {
            findings.add(
                    PublicationLoss.isIn(facts.version())
                            ? Finding.warn(
                                    ErrorCode.UNSUPPORTED_SOURCE, "connect", PublicationLoss.WHAT, PublicationLoss.FIX)
                            : Finding.ok("connect", seen));
        }
    }

    private void walLevel(ServerFacts facts) {
        findings.add(
                facts.walLevel().equals("logical")
                        ? Finding.ok("wal_level", "logical")
                        : Finding.error(
                                ErrorCode.WAL_LEVEL_NOT_LOGICAL,
                                "wal_level",
                                "wal_level is \"" + facts.walLevel() + "\", must be \"logical\"",
                                "ALTER SYSTEM SET wal_level = 'logical';   -- then restart PostgreSQL"));
    }

    private void replicationRight(ServerFacts facts) {
        if (!facts.mayReplicate()) {
            findings.add(Finding.error(
                    ErrorCode.NO_REPLICATION_RIGHT,
                    "replication",
                    "role \"" + facts.role() + "\" may not create replication slots",
                    "ALTER ROLE " + TableId.quote(facts.role()) + " REPLICATION;"));
            return;
        }
        try (Connection connection = sessions.openReplication()) {
            findings.add(Finding.ok("replication", "system " + Identification.systemId(connection)));
        } catch (PhilotesException e) {
            findings.add(finding("replication", e));
        } catch (SQLException e) {
            findings.add(finding("replication", SqlFailures.inReplication("identify the server", e)));
        }
    }

    private void encoding(ServerFacts facts) {
        findings.add(
                facts.encoding().equals("SQL_ASCII")
                        ? Finding.error(
                                ErrorCode.UNSUPPORTED_SOURCE,
                                "encoding",
                                "the database is SQL_ASCII: bytes that are no UTF-8 stop its decoding for good",
                                "dump the database and restore it into one with encoding UTF8")
                        : Finding.ok("encoding", facts.encoding()));
    }

    private void slot(Connection connection, ServerFacts facts) throws SQLException {
        Optional<Slot.Seen> seen = slot.look(connection);
        if (seen.isEmpty()) {
            freeSlots(facts, 1, slot.name() + " will be created");
            return;
        }
        try {
            SlotState state = slot.requireFit(connection);
            freeSlots(facts, 0, slot.name() + " is at " + state.confirmed());
            if (state.active()) {
                findings.add(inUse(connection, state));
            }
        } catch (PhilotesException e) {
            findings.add(Finding.error(e.code(), "slot", e.reason(), e.hint()));
        }
    }

    /** Nothing is wrong with a pipeline that runs, and a start would wait. */
    private static Finding inUse(Connection connection, SlotState state) throws SQLException {
        String reader = Sql.query(connection, READER, row -> row.getString(1), state.activePid()).stream()
                .findFirst()
                .map(who -> " (" + who + ")")
                .orElse("");
        return Finding.warn(
                ErrorCode.SLOT_IN_USE,
                "slot",
                "process " + state.activePid() + " of the server reads it" + reader
                        + ": the pipeline runs already, or somebody else reads; a start would wait in STANDBY",
                "nothing, if that is this pipeline; else stop whoever reads the slot");
    }

    private void freeSlots(ServerFacts facts, int needed, String otherwise) {
        int free = Math.min(facts.freeSlots(), facts.freeWalSenders());
        String message =
                facts.freeSlots() + " replication slots and " + facts.freeWalSenders() + " walsenders are free";
        String fix = "ALTER SYSTEM SET max_replication_slots = 20; ALTER SYSTEM SET max_wal_senders = 20;"
                + "   -- then restart PostgreSQL";
        if (free < needed) {
            findings.add(Finding.error(ErrorCode.NO_FREE_SLOT, "slot", message, fix));
        } else if (free < needed + 1) {
            findings.add(Finding.warn(
                    ErrorCode.NO_FREE_SLOT, "slot", message + "; copying a table again needs one more", fix));
        } else {
            findings.add(Finding.ok("slot", otherwise));
        }
    }

    private void existingPublication(Connection connection) throws SQLException {
        if (!publication.managed() && publication.state(connection).isEmpty()) {
            findings.add(Finding.error(
                    ErrorCode.PUBLICATION_MISSING,
                    "publication",
                    "publication " + publication.name() + " does not exist",
                    "create it, or let Philotes manage it"));
        }
    }

    private void tables(Connection connection, ServerFacts facts) throws SQLException {
        Catalog catalog = new Catalog(connection);
        for (TablePattern missing : catalog.missing(settings.tables())) {
            findings.add(OtherRelations.finding(connection, missing));
        }
        List<CatalogTable> found = catalog.tables(catalog.expand(settings.tables()));
        if (found.isEmpty()) {
            String fix = "correct the names: " + settings.tables();
            findings.add(Finding.error(ErrorCode.TABLE_MISSING, "tables", "no table matches", fix));
            return;
        }
        idlePatterns(found);
        Map<CatalogTable, List<Finding>> single = single(connection, facts, found);
        List<CatalogTable> sound = found.stream()
                .filter(table -> !single.get(table).isEmpty())
                .filter(table -> single.get(table).stream().noneMatch(Preflight::keepsOutOfPublication))
                .toList();
        findings.addAll(new PublicationChecks(connection, publication, tables.rules())
                .findings(sound.isEmpty() ? found : sound));
        rules(catalog, found);
        single.values().forEach(findings::addAll);
    }

    /** Nothing is wrong with them, unless they were mistyped: then nothing else would tell. */
    private void idlePatterns(List<CatalogTable> found) {
        settings.tables().included().stream()
                .filter(TablePattern::isGlob)
                .filter(pattern -> found.stream().noneMatch(table -> pattern.matches(table.id())))
                .forEach(pattern -> findings.add(
                        Finding.ok(pattern.toString(), "adds no table now; one that comes later is picked up")));
    }

    private static boolean keepsOutOfPublication(Finding finding) {
        boolean onlyCopies = finding.code()
                .filter(code -> code == ErrorCode.NO_SELECT_RIGHT || code == ErrorCode.ROW_SECURITY)
                .isPresent();
        return finding.severity() == Finding.Severity.ERROR && !onlyCopies;
    }

    private Map<CatalogTable, List<Finding>> single(Connection connection, ServerFacts facts, List<CatalogTable> found)
            throws SQLException {
        Map<CatalogTable, List<Finding>> single = new LinkedHashMap<>();
        TableChecks checks = new TableChecks(connection, facts.role(), tables.rules());
        Function<TableId, PublishedTable> published = publication.managed()
                ? table -> new PublishedTable(table, Optional.empty(), Optional.empty())
                : publication.view(connection);
        for (CatalogTable table : found) {
            PublishedTable what = published.apply(table.id());
            single.put(table, checks.findings(table, new PublishedChecks(table, what, facts.major())));
        }
        return single;
    }

    /** Rules that would not be applied to anything: what they should hide may have another name. */
    private void rules(Catalog catalog, List<CatalogTable> found) throws SQLException {
        for (TableId table : tables.rules().withoutTable(found)) {
            findings.add(Finding.error(
                    ErrorCode.COLUMN_RULE,
                    table.toString(),
                    "there are rules for the table, but it does not exist, or is a partition of a mirrored one",
                    "put the table's name of now into the configuration, or take its rules out"));
        }
        for (TableId partition : catalog.leftOutInVain(settings.tables())) {
            findings.add(Finding.error(
                    ErrorCode.INVALID_CONFIGURATION,
                    partition.toString(),
                    "it is to be left out, but is a partition of a mirrored table, which has its rows",
                    "leave its root out too, or filter the root's rows with where"));
        }
    }

    /** Whether policies would hide rows of the table, or of a partition, from this role. */
    static boolean rowSecurityActive(Connection connection, int oid) throws SQLException {
        String sql = "SELECT pg_catalog.row_security_active(" + Integer.toUnsignedString(oid) + "::oid)";
        return Sql.query(connection, sql, row -> row.getBoolean(1)).get(0);
    }
}
