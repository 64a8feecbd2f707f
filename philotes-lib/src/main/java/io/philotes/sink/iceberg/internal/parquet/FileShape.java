// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.parquet;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.MetricsModes;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SchemaParser;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.parquet.ParquetSchemaUtil;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.PropertyUtil;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.hadoop.ParquetOutputFormat;
import org.apache.parquet.schema.MessageType;

/**
 * What all files of one table and schema have in common, read from the table's write properties once and not for each file.
 * Immutable.
 *
 * @param schema the columns, with Iceberg's names and ids
 * @param message the same as Parquet has them
 * @param metadata the footer's
 * @param metrics which metrics Iceberg is told
 * @param rowGroupBytes a row group ends when it takes about so much, encoded
 * @param pageBytes a page ends when it takes so much before it is compressed
 * @param pageRows a page has about so many rows at most
 * @param zstdLevel compression level
 * @param withoutStatistics columns without minimum and maximum, by their names in Parquet, dotted
 * @param withoutDictionary columns that are never encoded by dictionary, the same
 */
public record FileShape(
        Schema schema,
        MessageType message,
        Map<String, String> metadata,
        MetricsConfig metrics,
        long rowGroupBytes,
        int pageBytes,
        int pageRows,
        int zstdLevel,
        Set<String> withoutStatistics,
        Set<String> withoutDictionary) {

    private static final int DEFAULT_ZSTD_LEVEL = 3;

    /** What only Iceberg's own writer can do. */
    private static final List<String> NOT_HERE = List.of(
            TableProperties.PARQUET_BLOOM_FILTER_COLUMN_ENABLED_PREFIX,
            TableProperties.PARQUET_ROW_GROUP_SIZE_TRACK_UNCOMPRESSED);

    /** The shape of a table's files with some of its columns; empty when the table asks for what is not done here. */
    public static Optional<FileShape> of(Table table, Schema schema) {
        Map<String, String> properties = table.properties();
        boolean zstd = properties
                .getOrDefault(TableProperties.PARQUET_COMPRESSION, "zstd")
                .equalsIgnoreCase("zstd");
        boolean v1 = properties
                .getOrDefault(TableProperties.PARQUET_PAGE_VERSION, "v1")
                .equalsIgnoreCase("v1");
        boolean others =
                properties.keySet().stream().anyMatch(key -> NOT_HERE.stream().anyMatch(key::startsWith));
        return zstd && v1 && !others ? Optional.of(read(table, schema)) : Optional.empty();
    }

    private static FileShape read(Table table, Schema schema) {
        Map<String, String> properties = table.properties();
        MessageType message = ParquetSchemaUtil.convert(schema, "table");
        return new FileShape(
                schema,
                message,
                Map.of("iceberg.schema", SchemaParser.toJson(schema)),
                metrics(table, schema, message),
                positive(
                        properties,
                        TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES,
                        TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES_DEFAULT),
                positive(
                        properties,
                        TableProperties.PARQUET_PAGE_SIZE_BYTES,
                        TableProperties.PARQUET_PAGE_SIZE_BYTES_DEFAULT),
                positive(
                        properties,
                        TableProperties.PARQUET_PAGE_ROW_LIMIT,
                        TableProperties.PARQUET_PAGE_ROW_LIMIT_DEFAULT),
                PropertyUtil.propertyAsInt(properties, TableProperties.PARQUET_COMPRESSION_LEVEL, DEFAULT_ZSTD_LEVEL),
                withoutStatistics(properties, schema, message),
                withoutDictionary(properties, schema, message));
    }

    private static int positive(Map<String, String> properties, String key, int byDefault) {
        int value = PropertyUtil.propertyAsInt(properties, key, byDefault);
        if (value < 1) {
            throw new IllegalArgumentException("must be positive: " + key + " = " + value);
        }
        return value;
    }

    /** Iceberg finds the modes of a footer by the names in the footer, which are not always those of the schema. */
    private static MetricsConfig metrics(Table table, Schema schema, MessageType message) {
        MetricsConfig config = MetricsConfig.forTable(table);
        Map<String, String> modes = new HashMap<>();
        Schema inFile = ParquetSchemaUtil.convertAndPrune(message);
        for (int id : TypeUtil.getProjectedIds(inFile)) {
            modes.put(
                    TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX + inFile.findColumnName(id),
                    config.columnMode(schema.findColumnName(id)).toString());
        }
        return MetricsConfig.from(modes, inFile, null);
    }

    /**
     * Parquet and its writers order uuids as unsigned bytes, Iceberg's readers in Java as two signed numbers, ClickHouse by
     * their second half: a filter on a uuid would skip files and row groups that hold what it asks for. Without bounds
     * nothing is skipped. See https://github.com/apache/iceberg/issues/14216.
     */
    private static Set<String> withoutStatistics(Map<String, String> properties, Schema schema, MessageType message) {
        Set<String> without =
                switchedOff(properties, TableProperties.PARQUET_COLUMN_STATS_ENABLED_PREFIX, schema, message);
        for (ColumnDescriptor column : message.getColumns()) {
            Types.NestedField field = schema.findField(id(column));
            if (column.getPath().length == 1 && field != null && field.type().typeId() == TypeID.UUID) {
                without.add(name(column));
            }
        }
        return without;
    }

    private static Set<String> withoutDictionary(Map<String, String> properties, Schema schema, MessageType message) {
        if (!PropertyUtil.propertyAsBoolean(properties, ParquetOutputFormat.ENABLE_DICTIONARY, true)) {
            return Set.copyOf(message.getColumns().stream().map(FileShape::name).toList());
        }
        return switchedOff(properties, TableProperties.PARQUET_DICT_ENCODING_ENABLED_COLUMN_PREFIX, schema, message);
    }

    private static Set<String> switchedOff(
            Map<String, String> properties, String prefix, Schema schema, MessageType message) {
        Set<String> off = new HashSet<>();
        for (ColumnDescriptor column : message.getColumns()) {
            String icebergName = schema.findColumnName(id(column));
            if (!PropertyUtil.propertyAsBoolean(properties, prefix + icebergName, true)) {
                off.add(name(column));
            }
        }
        return off;
    }

    private static int id(ColumnDescriptor column) {
        return column.getPrimitiveType().getId() == null
                ? -1
                : column.getPrimitiveType().getId().intValue();
    }

    static String name(ColumnDescriptor column) {
        return String.join(".", column.getPath());
    }

    boolean hasStatistics(ColumnDescriptor column) {
        return !withoutStatistics.contains(name(column));
    }

    /** Whether Iceberg is told minimum and maximum as they are, and not only what lies below and above. */
    boolean hasExactBounds(ColumnDescriptor column) {
        return metrics.columnMode(name(column)) == MetricsModes.Full.get();
    }

    boolean mayHaveDictionary(ColumnDescriptor column) {
        return !withoutDictionary.contains(name(column));
    }
}
