// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.checkpoint.CheckpointStore;
import io.philotes.testkit.contract.CheckpointStoreContract;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;

class ProgressTableTest extends CheckpointStoreContract {

    private final Catalog catalog = TestLake.memoryCatalog();

    @Override
    protected CheckpointStore store() {
        return IcebergSink.builder(catalog)
                .namespace("shop")
                .build()
                .checkpoints()
                .orElseThrow();
    }

    @Test
    void readers_find_the_covered_position() {
        store().save("shop", checkpoint(1, 0x100));
        assertThat(catalog.loadTable(TableIdentifier.of("shop", "philotes_progress"))
                        .properties())
                .containsEntry("philotes.covered-up-to.shop", "0/100");
    }

    @Test
    void a_table_of_an_earlier_version_gets_what_keeps_its_metadata_files_few() {
        store().save("shop", checkpoint(1, 0x100));
        TableIdentifier name = TableIdentifier.of("shop", "philotes_progress");
        catalog.loadTable(name)
                .updateProperties()
                .remove("write.metadata.delete-after-commit.enabled")
                .commit();
        store().save("shop", checkpoint(2, 0x200));
        assertThat(catalog.loadTable(name).properties())
                .containsEntry("write.metadata.delete-after-commit.enabled", "true");
    }
}
