// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import io.philotes.PipelineBuilder;
import io.philotes.PipelineDraft;
import io.philotes.model.TableId;
import io.philotes.sink.Sinks;
import io.philotes.sink.iceberg.CompactionOptions;
import io.philotes.sink.iceberg.IcebergSink;
import io.philotes.sink.iceberg.TableOptions;
import io.philotes.sink.iceberg.WriteMode;
import io.philotes.sink.iceberg.local.LocalCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;

/** Where a {@link FaultChild} writes: one sink, or three of which the last has a catalog that may be away. */
final class ChildTargets {

    /** The sink that is always there. */
    static final String LAKE = "lake";

    /** The second of three. */
    static final String SECOND = "second";

    /** A consumer in the process. */
    static final String CONSUMER = "consumer";

    private static final String AWAY = "away";
    private static final String NAMESPACE = "bank";

    /** One sink's tables. */
    record Target(JdbcCatalog catalog, String namespace) implements AutoCloseable {

        Table table(TableId id) {
            return catalog.loadTable(TableIdentifier.of(namespace, id.name()));
        }

        @Override
        public void close() {
            catalog.close();
        }
    }

    private ChildTargets() {}

    static JdbcCatalog catalog(ChildOptions options) {
        return options.text("catalog").equals(ChildOptions.LOCAL_CATALOG)
                ? LocalCatalog.open(options.directory().resolve("lake"))
                : inDatabase(options, options.text("catalog"));
    }

    private static JdbcCatalog inDatabase(ChildOptions options, String uri) {
        JdbcCatalog catalog = new JdbcCatalog();
        catalog.initialize(
                "faults",
                Map.of(
                        "uri",
                        uri,
                        "jdbc.user",
                        "postgres",
                        "jdbc.password",
                        "postgres",
                        "jdbc.schema-version",
                        "V1",
                        "warehouse",
                        options.directory().resolve("warehouse").toString(),
                        "io-impl",
                        SwitchedFileIO.class.getName(),
                        SwitchedFileIO.SWITCH,
                        options.directory().resolve("read-only").toString()));
        return catalog;
    }

    static PipelineBuilder sinks(PipelineDraft draft, ChildOptions options, JdbcCatalog catalog) {
        PipelineBuilder builder = draft.sink(LAKE, sink(options, catalog, NAMESPACE));
        if (!options.text("consumer").equals("none")) {
            builder.sink(CONSUMER, Sinks.forEach(new ToldFile(options.toldFile())));
        }
        if (options.number("sinks") > 1) {
            Catalog away = LateCatalog.of(() -> inDatabase(options, options.text("away")));
            builder.sink(SECOND, sink(options, catalog, SECOND)).sink(AWAY, sink(options, away, NAMESPACE));
        }
        return builder;
    }

    private static IcebergSink sink(ChildOptions options, Catalog catalog, String namespace) {
        return IcebergSink.builder(catalog)
                .namespace(namespace)
                .formatVersion((int) options.number("format"))
                .compaction(CompactionOptions.DEFAULT.withMinFiles(3).withMinDeletedRows(1))
                .table(TableId.parse("public.journal"), TableOptions.DEFAULTS.mode(WriteMode.APPEND))
                .table(TableId.parse("public.prices"), TableOptions.DEFAULTS.type("amount", options.text("amount")))
                .build();
    }

    /** What the sinks wrote, to be closed one by one by who asked. */
    static List<Target> of(ChildOptions options) {
        List<Target> targets = new ArrayList<>(List.of(new Target(catalog(options), NAMESPACE)));
        if (options.number("sinks") > 1) {
            targets.add(new Target(catalog(options), SECOND));
            targets.add(new Target(inDatabase(options, options.text("away")), NAMESPACE));
        }
        return targets;
    }
}
