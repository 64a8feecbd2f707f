// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.internal.value.TableNames;
import io.philotes.sink.iceberg.internal.value.TypeChoice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What differs for one table from the sink's defaults. Immutable; each method gives a changed copy.
 *
 * @param target name of the Iceberg table in the sink's namespace; empty for the source table's own name
 * @param mode what the table holds; empty for the sink's default
 * @param partitionBy Iceberg transforms of a table that is yet to be created, such as {@code day(created_at)},
 *     {@code bucket(16, id)}, {@code truncate(4, code)} or just a column; empty for no partitions
 * @param cdcColumns whether the rows say which change wrote them; empty for the sink's default
 * @param softDelete whether deleted rows stay, marked as deleted; empty for the sink's default
 * @param types Iceberg types by source column, where the default is not wanted; see {@link #type}
 */
public record TableOptions(
        Optional<String> target,
        Optional<WriteMode> mode,
        List<String> partitionBy,
        Optional<Boolean> cdcColumns,
        Optional<Boolean> softDelete,
        Map<String, String> types) {

    /** The sink's defaults. */
    public static final TableOptions DEFAULTS = new TableOptions(
            Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Optional.empty(), Map.of());

    public TableOptions {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(mode, "mode");
        partitionBy = List.copyOf(partitionBy);
        Objects.requireNonNull(cdcColumns, "cdcColumns");
        Objects.requireNonNull(softDelete, "softDelete");
        types = Map.copyOf(types);
    }

    /** With a target name of its own. */
    public TableOptions target(String name) {
        return new TableOptions(Optional.of(name), mode, partitionBy, cdcColumns, softDelete, types);
    }

    /** With a mode of its own. */
    public TableOptions mode(WriteMode own) {
        return new TableOptions(target, Optional.of(own), partitionBy, cdcColumns, softDelete, types);
    }

    /** With partitions. */
    public TableOptions partitionBy(String... transforms) {
        return new TableOptions(target, mode, List.of(transforms), cdcColumns, softDelete, types);
    }

    /** With {@code _cdc_} columns in upsert mode; see {@link IcebergSinkBuilder#withCdcColumns()}. */
    public TableOptions withCdcColumns() {
        return new TableOptions(target, mode, partitionBy, Optional.of(true), softDelete, types);
    }

    /** Without {@code _cdc_} columns, where the sink's default has them; not together with soft delete. */
    public TableOptions withoutCdcColumns() {
        return new TableOptions(target, mode, partitionBy, Optional.of(false), softDelete, types);
    }

    /** With deleted rows that stay, upsert mode only; see {@link IcebergSinkBuilder#withSoftDelete()}. */
    public TableOptions withSoftDelete() {
        return new TableOptions(target, mode, partitionBy, cdcColumns, Optional.of(true), types);
    }

    /** With deleted rows gone, where the sink's default keeps them. */
    public TableOptions withoutSoftDelete() {
        return new TableOptions(target, mode, partitionBy, cdcColumns, Optional.of(false), types);
    }

    /**
     * With an Iceberg type chosen for a column: {@code string}, the exact text that PostgreSQL prints, for a column of any
     * type, or {@code decimal(p,s)} for a numeric one, which rejects what does not fit exactly. It beats
     * {@link IcebergSinkBuilder#type}. A column that exists with another type must be copied again.
     *
     * @param column the column's name in the source
     */
    public TableOptions type(String column, String icebergType) {
        Map<String, String> more = new LinkedHashMap<>(types);
        more.put(Objects.requireNonNull(column, "column"), Objects.requireNonNull(icebergType, "icebergType"));
        return new TableOptions(target, mode, partitionBy, cdcColumns, softDelete, more);
    }

    /**
     * What is wrong with the values; empty when nothing is.
     *
     * @param table whose options they are, as it is told
     * @param defaults what holds where these do not say
     */
    List<String> faults(String table, TableOptions defaults) {
        List<String> faults = new ArrayList<>();
        target.filter(name -> !TableNames.isLegal(name))
                .ifPresent(name -> faults.add(
                        "target must be one name without . / \\ ? # % : * \" < > | and control characters, at most "
                                + TableNames.MAX_BYTES + " bytes: '" + name + "', table=" + table));
        rowFault(defaults).ifPresent(fault -> faults.add(fault + ", table=" + table));
        for (String text : partitionBy) {
            PartitionField.faultIn(text).ifPresent(fault -> faults.add(fault + ", table=" + table));
        }
        types.forEach((column, type) -> TypeChoice.faultIn(type)
                .ifPresent(fault -> faults.add(fault + ", table=" + table + ", column=" + column)));
        return faults;
    }

    private Optional<String> rowFault(TableOptions defaults) {
        boolean appends = mode.or(defaults::mode).equals(Optional.of(WriteMode.APPEND));
        boolean deletedStay = softDelete.or(defaults::softDelete).equals(Optional.of(true));
        boolean withoutColumns = cdcColumns.equals(Optional.of(false));
        if (appends && softDelete.equals(Optional.of(true))) {
            return Optional.of("soft delete is for mode upsert: mode append has a row for every delete");
        }
        if (withoutColumns && (appends || deletedStay)) {
            return Optional.of("mode append and soft delete have the _cdc_ columns");
        }
        return Optional.empty();
    }
}
