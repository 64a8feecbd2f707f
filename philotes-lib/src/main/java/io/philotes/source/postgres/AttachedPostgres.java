// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.model.Incarnation;
import io.philotes.model.Lsn;
import io.philotes.model.SourceMark;
import io.philotes.model.StorePlace;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeStream;
import io.philotes.source.RenewedMark;
import io.philotes.source.SlotState;
import io.philotes.source.SourceIdentity;
import io.philotes.source.SourceLook;
import io.philotes.source.TableCopy;
import io.philotes.source.TableSize;
import io.philotes.source.WalStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A source bound to one pipeline's names. Thread-safe. */
final class AttachedPostgres implements AttachedSource {

    private static final Logger LOG = LoggerFactory.getLogger(AttachedPostgres.class);

    private final SourceSettings settings;
    private final Sessions sessions;
    private final Slot slot;
    private final Publication publication;
    private final SourceTables tables;
    private final IncarnationMark incarnation;
    private final Identification identification;
    private final KnownRelations known = new KnownRelations();
    private final TableWatch watch;
    private final StreamMode mode;
    private final AtomicBoolean opened = new AtomicBoolean();

    AttachedPostgres(SourceSettings settings, String pipeline) {
        this(settings, pipeline, new Sessions(settings.server(), SourceSettings.Names.defaultName(pipeline)));
    }

    /** With what its sessions are, which may be to a {@link Stranger}. */
    AttachedPostgres(SourceSettings settings, String pipeline, Sessions sessions) {
        SourceSettings.Names names = settings.names();
        this.settings = settings;
        this.sessions = sessions;
        this.slot = new Slot(names.slotOf(pipeline), names.failover());
        ColumnRules rules = new ColumnRules(settings.rules());
        this.publication = new Publication(names.publicationOf(pipeline), names.managed(), rules);
        this.tables = new SourceTables(settings, publication, rules);
        this.incarnation = new IncarnationMark(publication.name(), slot.name());
        this.identification = new Identification(publication.name(), incarnation);
        this.watch = new TableWatch(sessions, publication, tables, known, slot.name());
        this.mode = new StreamMode(settings.limits().forceText(), settings.streaming());
    }

    @Override
    public List<Finding> check() {
        return preflight().findings();
    }

    List<Finding> checkServer() {
        return preflight().serverFindings();
    }

    private Preflight preflight() {
        return new Preflight(settings, sessions, slot, publication, tables, incarnation);
    }

    @Override
    public SourceIdentity identify() {
        try (Connection connection = sessions.openReplicationForSlot()) {
            return identification.of(connection);
        } catch (SQLException e) {
            throw SqlFailures.inReplication("identify the server", e);
        }
    }

    @Override
    public List<TablePicture> tables() {
        return sessions.call("read the catalog", tables::pictures).stream()
                .map(RuledPicture::given)
                .toList();
    }

    @Override
    public void remember(TablePicture picture) {
        tables.rules().remember(picture);
        known.remember(Lsn.ZERO, picture);
        watch.expect(picture);
    }

    @Override
    public boolean hasRules() {
        return tables.rules().any();
    }

    @Override
    public void recall(TablePicture picture) {
        tables.rules().remember(picture);
    }

    @Override
    public SourceLook look() {
        return watch.look();
    }

    @Override
    public List<Finding> checkStore(String what, StorePlace place) {
        return sessions.call("look for a feedback loop", connection -> {
            List<TableId> configured =
                    tables.configured(connection).stream().map(CatalogTable::id).toList();
            return new FeedbackLoop(connection, publication, configured).findings(what, place);
        });
    }

    @Override
    public boolean isNamed(TableId table) {
        return settings.tables().names(table);
    }

    @Override
    public Map<TableId, TableSize> estimates(Collection<TableId> wanted) {
        return wanted.isEmpty()
                ? Map.of()
                : sessions.call("estimate the tables", connection -> Server.sizes(connection, wanted));
    }

    @Override
    public Optional<SlotState> slot() {
        return sessions.call("look at the slot", slot::look).map(Slot.Seen::state);
    }

    @Override
    public Set<TableId> unpublished() {
        return sessions.call(
                "look at the publication",
                connection -> publication.unpublished(
                        connection, Set.copyOf(tables.present(connection).values())));
    }

    @Override
    public void preparePublication() {
        sessions.call("prepare the publication", connection -> {
            publication.prepare(connection, tables.configured(connection));
            incarnation.ensure(connection);
            return null;
        });
    }

    @Override
    public void preparePublication(Set<TableId> wanted) {
        sessions.call("prepare the publication", connection -> {
            publication.prepare(
                    connection,
                    tables.configured(connection).stream()
                            .filter(table -> wanted.contains(table.id()))
                            .toList());
            incarnation.ensure(connection);
            return null;
        });
    }

    @Override
    public Optional<RenewedMark> renewMark(SourceMark known) {
        return sessions.call("renew the mark in the source", connection -> {
            Optional<Incarnation> renewed = incarnation.renew(connection, known.incarnation());
            return renewed.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new RenewedMark(known.with(renewed.get()), Server.walInsertEnd(connection)));
        });
    }

    @Override
    public TableCopy createSlot(Set<TableId> wanted) {
        return copy(slot, wanted, false);
    }

    @Override
    public TableCopy copy(Set<TableId> wanted) {
        return copy(new Slot("philotes_copy_" + UUID.randomUUID().toString().replace("-", "")), wanted, true);
    }

    private TableCopy copy(Slot exporter, Set<TableId> wanted, boolean temporary) {
        Connection connection = sessions.openReplication();
        SourceIdentity exporting = identity(connection);
        Slot.Created created;
        try {
            created = exporter.create(connection, temporary);
        } catch (SQLException e) {
            Sql.closeQuietly(connection);
            throw exporter.creationFailure(e, sessions);
        }
        try {
            CopySnapshot snapshot = new CopySnapshot(sessions, connection, created, exporting);
            PostgresTableCopy copy = PostgresTableCopy.of(
                    snapshot,
                    tables,
                    publication,
                    settings.limits().maxRowBytes(),
                    wanted,
                    () -> new StreamOpening(sessions, exporter, publication, tables, identification)
                            .openOn(connection, created.consistentPoint(), settings.limits(), known, mode));
            copy.wirePictures().forEach(picture -> known.remember(copy.consistentPoint(), picture));
            copy.tables().forEach(watch::expect);
            return copy;
        } catch (RuntimeException e) {
            Sql.closeQuietly(connection);
            if (!temporary) {
                dropAfter(e);
            }
            throw e;
        }
    }

    /** Asked first: whatever is said behind the slot's creation ends the snapshot. */
    private SourceIdentity identity(Connection exporter) {
        try {
            return identification.of(exporter);
        } catch (SQLException e) {
            Sql.closeQuietly(exporter);
            throw SqlFailures.inReplication("identify the server", e);
        }
    }

    /** A slot whose snapshot nobody got is worth nothing. */
    private void dropAfter(RuntimeException failure) {
        try {
            dropSlot();
        } catch (PhilotesException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public void dropSlot() {
        try (Connection connection = sessions.openShort()) {
            slot.drop(connection);
        } catch (SQLException e) {
            throw SqlFailures.inReplication("drop replication slot " + slot.name(), e);
        }
    }

    @Override
    public Optional<String> dropPublication() {
        if (!publication.managed()) {
            return Optional.empty();
        }
        return sessions.call("drop the publication", publication::drop);
    }

    @Override
    public void giveUpSlot() {
        new SlotSacrifice(sessions, slot).run();
    }

    @Override
    public Optional<WalStatus> wal() {
        return Optional.of(sessions.call("look at the WAL", new WalLook(slot.name())::at));
    }

    @Override
    public ChangeStream open(Lsn from) {
        if (opened.getAndSet(true)) {
            watch.forget();
        }
        return new StreamOpening(sessions, slot, publication, tables, identification)
                .open(from, settings.limits(), known, mode);
    }

    @Override
    public boolean heartbeat() {
        try {
            return sessions.call(
                    "write a heartbeat",
                    connection -> !Sql.query(
                                    connection,
                                    "SELECT pg_catalog.pg_logical_emit_message(false, 'philotes_hb', '')::text",
                                    row -> row.getString(1))
                            .isEmpty());
        } catch (PhilotesException e) {
            LOG.debug("No heartbeat could be written", e);
            return false;
        }
    }

    @Override
    public Lsn writtenEnd() {
        sessions.call("write to the end of the WAL", connection -> {
            Server.writeToDisk(connection);
            return null;
        });
        return identify().walEnd();
    }
}
