// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.sink.iceberg.internal.index.IndexMemory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The tables that a sink writes to now, and the memory that their row indexes share. Confined to the apply thread. */
final class OpenTables {

    private final TargetOpener opener;
    private final SinkSettings settings;
    private IndexMemory indexes;
    private Map<TableId, MirroredTable> tables;

    OpenTables(TargetOpener opener, SinkSettings settings) {
        this.opener = opener;
        this.settings = settings;
        this.indexes = settings.indexMemory();
        this.tables = new TreeMap<>();
    }

    /** What a call that was given up may still work on is never touched again; it goes when that thread ends. */
    void forget() {
        tables.values().forEach(table -> table.maintenance().cancel());
        indexes = settings.indexMemory();
        tables = new TreeMap<>();
    }

    /** Goes on with a table, from a position on. */
    TableWriter add(RelationSchema relation, TargetTable target, Lsn position) {
        TableWriter writer = opener.writer(target, indexes);
        tables.put(
                relation.table(),
                new MirroredTable(relation.oid(), target, writer, opener.maintenance(writer), position));
        return writer;
    }

    /** Throws DEFECT when it is not among them. */
    MirroredTable required(TableId table) {
        return Optional.ofNullable(tables.get(table))
                .orElseThrow(() ->
                        new PhilotesException(ErrorCode.DEFECT, "Cannot go on: it was not resumed").inTable(table));
    }

    /** Empty when it is not among them. */
    Optional<MirroredTable> remove(TableId table) {
        return Optional.ofNullable(tables.remove(table));
    }

    boolean has(MirroredTable table) {
        return tables.containsKey(table.source());
    }

    /** Who takes one out here takes it out of these; until all are forgotten. */
    Map<TableId, MirroredTable> byName() {
        return tables;
    }

    List<MirroredTable> all() {
        return List.copyOf(tables.values());
    }

    /** Those with something for the next commit. */
    List<MirroredTable> touched() {
        return tables.values().stream().filter(MirroredTable::isTouched).toList();
    }

    /** The others. */
    List<MirroredTable> atRest() {
        return tables.values().stream().filter(table -> !table.isTouched()).toList();
    }
}
