// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.model.RelationSchema;
import io.philotes.sink.Sink;
import io.philotes.sink.iceberg.internal.value.CdcColumns;
import io.philotes.testkit.contract.SinkContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Nested;

/** {@link IcebergSink} keeps the contract in both formats and both modes. */
class IcebergSinkContractTest {

    @Nested
    class UpsertInFormat3 extends OnIceberg {
        UpsertInFormat3() {
            super(options -> options.formatVersion(3));
        }
    }

    @Nested
    class UpsertInFormat2 extends OnIceberg {
        UpsertInFormat2() {
            super(options -> options.formatVersion(2));
        }
    }

    @Nested
    class Append extends OnIceberg {
        Append() {
            super(options -> options.mode(WriteMode.APPEND));
        }

        @Override
        protected boolean keepsHistory() {
            return true;
        }

        /** A history keeps what was before a table copy, and the copy begins with a row that ends all of it. */
        @Override
        List<Record> standing(List<Record> rows) {
            String end = rows.stream()
                    .filter(Append::isEndOfBefore)
                    .map(row -> (String) row.getField(CdcColumns.LSN))
                    .max(Comparator.naturalOrder())
                    .orElse("");
            return rows.stream()
                    .filter(row -> end.compareTo((String) row.getField(CdcColumns.LSN)) < 0)
                    .toList();
        }

        private static boolean isEndOfBefore(Record row) {
            return row.getField(CdcColumns.OPERATION).equals("truncate") && row.getField(CdcColumns.ORDINAL) == null;
        }
    }

    /** On a catalog in memory. */
    private abstract static class OnIceberg extends SinkContract {

        private final InMemoryCatalog catalog = TestLake.memoryCatalog();
        private final UnaryOperator<IcebergSinkBuilder> options;

        OnIceberg(UnaryOperator<IcebergSinkBuilder> options) {
            this.options = options;
        }

        @Override
        protected Sink newSink() {
            return options.apply(IcebergSink.builder(catalog).namespace("shop")).build();
        }

        @Override
        protected List<String> rows(RelationSchema relation) {
            TableIdentifier name = TableIdentifier.of("shop", relation.table().name());
            if (!catalog.tableExists(name)) {
                return List.of();
            }
            Table table = catalog.loadTable(name);
            List<Record> rows = new ArrayList<>();
            try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
                records.forEach(rows::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return standing(rows).stream()
                    .map(record -> record.getField("id") + "|" + record.getField("name"))
                    .toList();
        }

        /** Those that count. */
        List<Record> standing(List<Record> rows) {
            return rows;
        }
    }
}
