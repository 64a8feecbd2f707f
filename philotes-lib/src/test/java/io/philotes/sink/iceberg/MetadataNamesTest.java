// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.testkit.FaultyCatalog;
import io.philotes.testkit.RestFixture;
import java.nio.file.Path;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Source tables named as Iceberg's metadata tables are: where there is none of that name, Iceberg looks for the metadata. */
class MetadataNamesTest {

    private static RelationSchema named(String name) {
        return new RelationSchema(
                77, new TableId("public", name), KEYED.identity(), KEYED.columns(), KEYED.keyColumns());
    }

    private static void mirror(Catalog catalog, String name) {
        TestLake lake = new TestLake(catalog, options -> options).loaded(named(name), row(1, "a", 1));
        lake.apply(new ChangeFeed(LOADED_AT.value())
                .begin()
                .insert(named(name), 2, "b", 2)
                .commit());
        assertThat(lake.rows(name)).containsExactly("1|a|1", "2|b|2");
    }

    @Test
    void a_server_may_say_anything_of_a_table_without_a_namespace() {
        FaultyCatalog catalog = new FaultyCatalog(TestLake.memoryCatalog()) {
            @Override
            public Table loadTable(TableIdentifier name) {
                if (!tableExists(name)) {
                    throw new BadRequestException("Malformed request: empty namespace");
                }
                return super.loadTable(name);
            }

            @Override
            public boolean tableExists(TableIdentifier name) {
                return real().tableExists(name);
            }
        };
        mirror(catalog, "history");
    }

    @Test
    void a_table_named_as_the_namespace_has_metadata_of_its_own() {
        InMemoryCatalog catalog = TestLake.memoryCatalog();
        catalog.createNamespace(Namespace.of("lake"));
        catalog.createNamespace(Namespace.of("lake", "shop"));
        catalog.createTable(TableIdentifier.of("lake", "shop"), new Schema());
        IcebergSink sink = IcebergSink.builder(catalog)
                .namespace("lake.shop")
                .compaction(CompactionOptions.OFF)
                .build();
        assertThat(sink.plan("shop", List.of(named("files"))))
                .singleElement()
                .satisfies(plan -> assertThat(plan.action()).isEqualTo("create"));
    }

    @Test
    void they_are_mirrored_into_a_rest_catalog(@TempDir Path directory) throws Exception {
        try (RestFixture server = RestFixture.start(directory);
                RESTCatalog catalog = server.client()) {
            mirror(catalog, "snapshots");
        }
    }
}
