// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.source.ChangeStream;
import io.philotes.source.CopyRange;
import io.philotes.source.RowConsumer;
import io.philotes.source.SourceIdentity;
import io.philotes.source.TableCopy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads tables under an exported snapshot. Thread-safe.
 *
 * <p>PostgreSQL does not version everything: a table that was rewritten or truncated since the snapshot looks empty in it,
 * and {@code VACUUM FULL} moves rows between ranges. So each range first locks its table as any reader does, and then
 * compares the table's files and columns in the snapshot with those of now; a difference fails the copy, and so does a
 * partition that was read without having been compared.
 */
final class PostgresTableCopy implements TableCopy {

    /** Below this a range is not worth a connection: 1 MiB. */
    private static final long LEAST_BLOCKS = 128;

    /**
     * A table in the snapshot.
     *
     * @param table the catalog's row
     * @param picture what is published of it, and its rules
     * @param rowFilter which rows are published
     * @param files where its rows are
     * @param blocks how many blocks its own file has now, at least those of the snapshot
     */
    private record Copied(
            CatalogTable table,
            RuledPicture picture,
            Optional<String> rowFilter,
            Map<Integer, Long> files,
            long blocks) {

        RuledRelation relation() {
            return picture.relation();
        }

        RelationSchema schema() {
            return relation().given();
        }
    }

    private final CopySnapshot snapshot;
    private final SourceTables tables;
    private final int maxRowBytes;
    private final Map<TableId, Copied> copied;
    private final List<RuledPicture> pictures;
    private final Supplier<ChangeStream> changes;
    private final Set<Connection> reading = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private PostgresTableCopy(
            CopySnapshot snapshot,
            SourceTables tables,
            int maxRowBytes,
            List<Copied> copied,
            Supplier<ChangeStream> changes) {
        this.changes = changes;
        this.snapshot = snapshot;
        this.tables = tables;
        this.maxRowBytes = maxRowBytes;
        this.copied = new HashMap<>();
        copied.forEach(c -> this.copied.put(c.table().id(), c));
        this.pictures = copied.stream().map(Copied::picture).toList();
    }

    /** Reads the catalog as the snapshot shows it. */
    static PostgresTableCopy of(
            CopySnapshot snapshot,
            SourceTables tables,
            Publication publication,
            int maxRowBytes,
            Set<TableId> wanted,
            Supplier<ChangeStream> changes) {
        try (Connection connection = snapshot.open()) {
            List<CatalogTable> found = tables.configured(connection, wanted);
            Map<Integer, CatalogPicture> pictures = CatalogPictures.read(
                    connection, found.stream().map(CatalogTable::oid).toList());
            Map<Integer, String> filters = publication.rowFilters(connection);
            List<Copied> copied = new ArrayList<>();
            for (CatalogTable table : found) {
                copied.add(new Copied(
                        table,
                        tables.picture(connection, pictures.get(table.oid())),
                        Optional.ofNullable(filters.get(table.oid())),
                        new Catalog(connection).files(table.oid()),
                        table.partitioned() ? 0 : blocks(connection, table)));
            }
            return new PostgresTableCopy(snapshot, tables, maxRowBytes, copied, changes);
        } catch (SQLException e) {
            throw SqlFailures.of("read the catalog for a table copy", e);
        }
    }

    private static long blocks(Connection connection, CatalogTable table) throws SQLException {
        String sql = "SELECT coalesce(pg_catalog.pg_relation_size(" + Integer.toUnsignedString(table.oid())
                + "::oid::regclass), 0) / pg_catalog.current_setting('block_size')::int8";
        return Sql.query(connection, sql, row -> row.getLong(1)).get(0);
    }

    @Override
    public Lsn consistentPoint() {
        return snapshot.consistentPoint();
    }

    @Override
    public Optional<SourceIdentity> identity() {
        return Optional.of(snapshot.identity());
    }

    @Override
    public List<TablePicture> tables() {
        return pictures.stream().map(RuledPicture::given).toList();
    }

    /** The tables as the snapshot shows them, before any rule. */
    List<TablePicture> wirePictures() {
        return pictures.stream().map(RuledPicture::wire).toList();
    }

    @Override
    public List<CopyRange> ranges(RelationSchema table, int parallelism) {
        Copied source = copied(table);
        requireRules(source);
        long pieces = Math.max(1, Math.min(parallelism, source.blocks() / LEAST_BLOCKS));
        List<CopyRange> ranges = new ArrayList<>();
        for (long i = 0; i < pieces; i++) {
            long end = i == pieces - 1 ? Long.MAX_VALUE : source.blocks() * (i + 1) / pieces;
            ranges.add(new CopyRange(table, source.blocks() * i / pieces, end));
        }
        return ranges;
    }

    private static void requireRules(Copied source) {
        source.relation().refusal().ifPresent(why -> {
            throw ColumnRules.refused(why).inTable(source.table().id());
        });
    }

    private Copied copied(RelationSchema table) {
        Copied source = copied.get(table.table());
        if (source == null || !source.schema().equals(table)) {
            throw new IllegalArgumentException("not a table of this copy: " + table.table());
        }
        return source;
    }

    @Override
    public long read(CopyRange range, RowConsumer rows) throws InterruptedException {
        Copied source = copied(range.table());
        requireRules(source);
        Connection connection = snapshot.open();
        reading.add(connection);
        try {
            if (closed) {
                throw failure(source, "the copy has been closed");
            }
            lockUnchanged(connection, source);
            long count = read(
                    connection,
                    CopyQuery.of(range, source.table(), source.relation(), source.rowFilter()),
                    source,
                    rows);
            requireCompared(connection, source);
            return count;
        } catch (SQLException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw translated(e, source);
        } finally {
            reading.remove(connection);
            Sql.closeQuietly(connection);
        }
    }

    private PhilotesException translated(SQLException e, Copied source) {
        if (source.rowFilter().isPresent() && SqlFailures.isOfCondition(e)) {
            return RowFilters.failure(source.table(), e);
        }
        String doing = "copy a table";
        boolean rowSecurity = SqlFailures.state(e).equals("42501") && rowSecurityActive(source.table());
        PhilotesException failure =
                rowSecurity ? SqlFailures.failure(ErrorCode.ROW_SECURITY, doing, e) : SqlFailures.copying(doing, e);
        return failure.inTable(source.table().id());
    }

    private boolean rowSecurityActive(CatalogTable table) {
        return snapshot.sessions()
                .call("look at row security", connection -> Preflight.rowSecurityActive(connection, table.oid()));
    }

    private void lockUnchanged(Connection connection, Copied source) throws SQLException {
        CatalogTable table = source.table();
        Sql.execute(connection, "LOCK TABLE " + table.fromSql() + " IN ACCESS SHARE MODE");
        boolean same = snapshot.sessions()
                .call(
                        "compare a table with its snapshot",
                        now -> tables.picture(now, table.oid())
                                        .map(RuledPicture::relation)
                                        .filter(source.relation()::equals)
                                        .isPresent()
                                && new Catalog(now).files(table.oid()).equals(source.files()));
        if (!same) {
            throw failure(source, "it was altered, truncated or rewritten since the snapshot");
        }
    }

    /**
     * ATTACH PARTITION waits for no reader, as other changes of partitions do: what it brings between the comparison and the
     * COPY's plan is read, and rows that were frozen when they were loaded are in every snapshot and in the stream, too. A COPY
     * locks what it reads, and nothing that comes later.
     */
    private static void requireCompared(Connection connection, Copied source) throws SQLException {
        CatalogTable table = source.table();
        if (table.partitioned()
                && !source.files().keySet().containsAll(new Catalog(connection).lockedPartitions(table.oid()))) {
            throw failure(source, "a partition was attached just before its rows were read");
        }
    }

    private static PhilotesException failure(Copied source, String why) {
        return new PhilotesException(ErrorCode.SOURCE_QUERY, "Cannot copy a table: " + why)
                .inTable(source.table().id())
                .hinting(CopySnapshot.COPIED_AGAIN);
    }

    private long read(Connection connection, String copy, Copied source, RowConsumer consumer)
            throws SQLException, InterruptedException {
        CopyRows rows = new CopyRows(source.schema().columns().size(), maxRowBytes, masked(source, consumer));
        CopyOut out = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(copy);
        try {
            for (byte[] chunk = out.readFromCopy(); chunk != null; chunk = out.readFromCopy()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                rows.accept(chunk);
            }
            return rows.finish();
        } catch (PhilotesException e) {
            throw e.inTable(source.table().id());
        }
    }

    private static RowConsumer masked(Copied source, RowConsumer consumer) {
        return source.relation().rules().stream().anyMatch(ColumnRule::isMask)
                ? new MaskedRows(source.relation(), consumer)
                : consumer;
    }

    @Override
    public ChangeStream changes() {
        return changes.get();
    }

    /** Also ends reads that are under way: they fail. */
    @Override
    public void close() {
        closed = true;
        reading.forEach(Sql::abortQuietly);
        snapshot.close();
    }
}
