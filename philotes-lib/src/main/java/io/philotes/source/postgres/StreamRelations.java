// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.source.postgres.internal.pgoutput.Relation;
import io.philotes.source.postgres.internal.pgoutput.RelationColumn;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The relation versions of one stream, by oid, each as the last Relation message said. Confined to the stream's thread.
 *
 * <p>A relation that is not configured (a publication that a person keeps may hold more) is known to be unwanted, and its
 * changes are passed over.
 */
final class StreamRelations {

    private final SourceTables tables;
    private final KnownRelations known;
    private final Set<Integer> configuredOids;
    private final Optional<StreamMode> binary;
    private final CatalogSession session;
    private final Map<Integer, Optional<RuledRelation>> current = new HashMap<>();

    private int lastOid;
    private Optional<RuledRelation> last;

    /**
     * @param configuredOids oids of the configured tables when the stream started: they stay wanted when renamed
     * @param binary where to say that only text will do; empty when the stream is in text already
     */
    StreamRelations(
            SourceTables tables,
            KnownRelations known,
            Set<Integer> configuredOids,
            Optional<StreamMode> binary,
            CatalogSession session) {
        this.tables = tables;
        this.known = known;
        this.configuredOids = configuredOids;
        this.binary = binary;
        this.session = session;
    }

    /** The version that decodes a change; empty when the relation is unwanted. */
    Optional<RuledRelation> version(int oid) {
        if (last == null || lastOid != oid) {
            Optional<RuledRelation> found = current.get(oid);
            if (found == null) {
                throw new PhilotesException(
                        ErrorCode.PROTOCOL,
                        "Cannot decode a change: its relation was not announced, oid=" + Integer.toUnsignedString(oid));
            }
            lastOid = oid;
            last = found;
        }
        return last;
    }

    /** Takes a Relation message: from now on it decodes the relation's changes. */
    void announce(Relation message) {
        last = null;
        TableId table = new TableId(message.namespace(), message.name());
        boolean wanted = configuredOids.contains(message.oid())
                || known.newest(message.oid()).isPresent()
                || tables.covers(table);
        current.put(message.oid(), wanted ? Optional.of(resolve(message)) : Optional.empty());
    }

    private RuledRelation resolve(Relation message) {
        Optional<CatalogTable> catalog = session.ask("read the catalog", connection -> lookUp(connection, message));
        RelationSchema version =
                known.remember(RelationResolver.resolve(message, catalog, known.newest(message.oid()), tables.types()));
        RuledRelation relation = tables.rules().apply(version, catalog);
        requireReadable(relation);
        return current.getOrDefault(message.oid(), Optional.empty())
                .filter(relation::equals)
                .orElse(relation);
    }

    private Optional<CatalogTable> lookUp(Connection connection, Relation message) throws SQLException {
        List<Integer> oids =
                message.columns().stream().map(RelationColumn::typeOid).toList();
        tables.types().load(connection, oids);
        return new Catalog(connection).tables(List.of(message.oid())).stream().findFirst();
    }

    private void requireReadable(RuledRelation relation) {
        Optional<Column> unreadable = relation.needsText();
        if (binary.isPresent() && unreadable.isPresent()) {
            binary.get().switchToText();
            throw new PhilotesException(
                            ErrorCode.SOURCE_QUERY,
                            "Cannot read column " + unreadable.get().name() + " in binary: its text is needed")
                    .inTable(relation.wire().table())
                    .hinting("nothing to do: the stream starts again in text form");
        }
    }
}
