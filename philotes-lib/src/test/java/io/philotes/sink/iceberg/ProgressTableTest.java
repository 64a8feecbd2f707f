// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.checkpoint.CheckpointStore;
import io.philotes.checkpoint.CheckpointStoreContract;
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
}
