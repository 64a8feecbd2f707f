// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.model.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a check finds about the publication, and about tables that cannot come into it. Confined to one thread. */
final class PublicationChecks {

    private final Connection connection;
    private final Publication publication;
    private final ColumnRules rules;
    private final List<Finding> findings = new ArrayList<>();

    PublicationChecks(Connection connection, Publication publication, ColumnRules rules) {
        this.connection = connection;
        this.publication = publication;
        this.rules = rules;
    }

    List<Finding> findings(List<CatalogTable> wanted) throws SQLException {
        Optional<PublicationState> state = publication.state(connection);
        List<CatalogTable> found = withoutUnpublishable(state, wanted);
        Optional<PhilotesException> flaw = publication.flaw(connection, state, found);
        if (flaw.isEmpty()) {
            findings.add(Finding.ok("publication", publication.name() + " covers " + found.size() + " tables"));
            publication.harmful(connection, found).forEach(harm -> findings.add(Preflight.finding(harm)));
        } else if (!publication.managed()) {
            findings.add(Preflight.finding(flaw.get()));
        } else if (mayCreate()) {
            completion(state, found);
        } else {
            findings.add(Finding.error(
                    ErrorCode.PUBLICATION_MISSING,
                    "publication",
                    "the role may not create or alter publication " + publication.name()
                            + ": it needs CREATE on the database and must own the tables",
                    flaw.get().hint() + ";   -- and name it as an existing one"));
        }
        return findings;
    }

    /** A where is tried, and nothing left of it; without one nothing is touched. */
    private void completion(Optional<PublicationState> state, List<CatalogTable> found) throws SQLException {
        boolean filtered = found.stream().anyMatch(t -> rules.where(t).isPresent());
        Optional<PhilotesException> failure =
                filtered ? publication.attempt(connection, state, found) : Optional.empty();
        findings.add(failure.map(Preflight::finding)
                .orElseGet(() -> Finding.ok(
                        "publication",
                        publication.name() + " will be " + (state.isEmpty() ? "created" : "completed"))));
    }

    /** A table that is not in the publication and cannot come into it is a finding of its own; the others are left. */
    private List<CatalogTable> withoutUnpublishable(Optional<PublicationState> state, List<CatalogTable> wanted)
            throws SQLException {
        Set<TableId> absent = publication.absent(state, wanted);
        if (state.isEmpty() && !publication.managed() || publication.managed() && !mayCreate()) {
            return wanted;
        }
        List<CatalogTable> left = new ArrayList<>();
        for (CatalogTable table : wanted) {
            Optional<Boolean> comesIn = absent.contains(table.id()) ? mayComeIn(table) : Optional.of(true);
            if (comesIn.orElse(false)) {
                left.add(table);
            } else if (comesIn.isPresent()) {
                findings.add(unpublishable(table));
            }
        }
        return left;
    }

    private Finding unpublishable(CatalogTable table) {
        String why = publication.managed() ? ", and only the table's owner may add it" : "";
        return Finding.error(
                ErrorCode.PUBLICATION_INCOMPLETE,
                table.id().toString(),
                "publication " + publication.name() + " lacks the table" + why,
                publication.addSql(table));
    }

    private boolean mayCreate() throws SQLException {
        String sql = "SELECT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')";
        return Sql.query(connection, sql, row -> row.getBoolean(1)).get(0);
    }

    /** Empty when the table was dropped since it was looked up: then nothing is said of it. */
    private Optional<Boolean> mayComeIn(CatalogTable table) throws SQLException {
        String sql = "SELECT pg_catalog.pg_has_role(relowner, 'USAGE') FROM pg_catalog.pg_class WHERE oid = "
                + Integer.toUnsignedString(table.oid());
        return Sql.query(connection, sql, row -> publication.managed() && row.getBoolean(1)).stream()
                .findFirst();
    }
}
