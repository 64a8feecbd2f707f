// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.KEYLESS;
import static io.philotes.sink.iceberg.Relations.TEXT_KEYED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.health.Finding.Severity;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.sink.TablePlan;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.junit.jupiter.api.Test;

class SinkCheckTest {

    private final InMemoryCatalog catalog = TestLake.memoryCatalog();
    private final TestLake lake = new TestLake(catalog, options -> options);

    @Test
    void a_fresh_lake_passes_and_nothing_is_left_behind() {
        assertThat(lake.sink().check("shop", List.of(KEYED)))
                .allMatch(finding -> finding.severity() != Severity.ERROR)
                .extracting(Finding::subject)
                .contains("catalog", "storage", "public.orders");
        assertThat(catalog.namespaceExists(Namespace.of("shop"))).isFalse();
        catalog.createNamespace(Namespace.of("shop"));
        assertThat(lake.sink().check("shop", List.of(KEYED)))
                .contains(Finding.ok("storage", "can be written to and read"));
        assertThat(catalog.listTables(Namespace.of("shop"))).isEmpty();
    }

    @Test
    void tables_that_cannot_be_mirrored_are_named() {
        RelationSchema none = new RelationSchema(5, KEYED.table(), ReplicaIdentity.DEFAULT, KEYED.columns(), List.of());
        assertThat(codes(lake.sink().check("shop", List.of(none)))).containsExactly(ErrorCode.NO_IDENTITY);
        assertThat(codes(lake.sink().check("shop", List.of(KEYLESS)))).isEmpty();
    }

    @Test
    void two_tables_for_one_target_are_named() {
        RelationSchema other = new RelationSchema(
                6, new TableId("sales", "Orders"), ReplicaIdentity.DEFAULT, KEYED.columns(), List.of(0));
        assertThat(lake.sink().check("shop", List.of(KEYED, other)))
                .filteredOn(finding -> finding.code().equals(Optional.of(ErrorCode.MAPPED_TWICE)))
                .allMatch(finding -> finding.message().contains("[public.orders, sales.Orders]"))
                .extracting(Finding::subject)
                .containsExactly("public.orders", "sales.Orders");
        RelationSchema reserved = new RelationSchema(
                7, new TableId("public", "philotes_progress"), ReplicaIdentity.DEFAULT, KEYED.columns(), List.of(0));
        assertThat(codes(lake.sink().check("shop", List.of(reserved)))).containsExactly(ErrorCode.TARGET_UNUSABLE);
    }

    @Test
    void who_comes_later_never_gets_the_target_of_another() {
        lake.loaded(KEYED, TestLake.row(1, "a", 1));
        RelationSchema other = new RelationSchema(
                6, new TableId("sales", "orders"), ReplicaIdentity.DEFAULT, KEYED.columns(), List.of(0));
        assertThat(lake.sink().check("shop", List.of(KEYED, other)))
                .filteredOn(finding -> finding.severity() == Severity.ERROR)
                .extracting(Finding::subject)
                .containsOnly("sales.orders");
        assertThat(codes(lake.sink().check("shop", List.of(other)))).containsExactly(ErrorCode.TARGET_UNUSABLE);
        assertThatThrownBy(() -> lake.sink().load(TablePicture.of(other), TestLake.LOADED_AT))
                .isInstanceOf(PhilotesException.class)
                .hasMessageContaining("holds the rows of table public.orders")
                .extracting("code")
                .isEqualTo(ErrorCode.TARGET_UNUSABLE);
        assertThat(lake.rows("orders")).containsExactly("1|a|1");
    }

    @Test
    void a_table_that_was_renamed_or_created_again_keeps_its_target() {
        lake.loaded(KEYED, TestLake.row(1, "a", 1));
        RelationSchema again =
                new RelationSchema(6, KEYED.table(), ReplicaIdentity.DEFAULT, KEYED.columns(), List.of(0));
        RelationSchema renamed = new RelationSchema(
                6, new TableId("public", "ORDERS"), ReplicaIdentity.DEFAULT, KEYED.columns(), List.of(0));
        assertThat(codes(lake.sink().check("shop", List.of(again)))).isEmpty();
        lake.loaded(again);
        TableOptions target = TableOptions.DEFAULTS.target("orders");
        TestLake other = new TestLake(catalog, options -> options.table(renamed.table(), target));
        assertThat(codes(other.sink().check("shop", List.of(renamed)))).isEmpty();
    }

    @Test
    void targets_of_others_are_named() {
        lake.loaded(KEYED);
        assertThat(codes(lake.sink().check("shop", List.of(KEYED)))).isEmpty();
        assertThat(codes(lake.sink().check("other", List.of(KEYED)))).containsExactly(ErrorCode.FOREIGN_OWNER);
        TestLake append = new TestLake(catalog, options -> options.mode(WriteMode.APPEND));
        assertThat(codes(append.sink().check("shop", List.of(KEYED)))).containsExactly(ErrorCode.TARGET_UNUSABLE);
    }

    @Test
    void a_partition_column_that_is_missing_is_named() {
        TestLake partitioned = new TestLake(
                catalog, options -> options.table(Relations.ORDERS, TableOptions.DEFAULTS.partitionBy("day(nowhere)")));
        assertThat(codes(partitioned.sink().check("shop", List.of(KEYED))))
                .containsExactly(ErrorCode.INVALID_CONFIGURATION);
    }

    private static List<ErrorCode> codes(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .map(finding -> finding.code().orElseThrow())
                .toList();
    }

    @Test
    void the_plan_tells_what_a_start_would_do() {
        TablePlan create = lake.sink().plan("shop", List.of(TEXT_KEYED)).get(0);
        assertThat(create.target()).isEqualTo("shop.orders");
        assertThat(create.action()).isEqualTo("create");
        assertThat(create.mode()).isEqualTo("upsert by key (id)");
        assertThat(create.columns()).hasSize(3);
        lake.loaded(TEXT_KEYED);
        assertThat(lake.sink().plan("shop", List.of(TEXT_KEYED)).get(0).action())
                .isEqualTo("keep");
        assertThat(lake.sink().plan("other", List.of(TEXT_KEYED)).get(0).action())
                .isEqualTo("refuse");
    }

    @Test
    void build_lists_every_fault() {
        assertThatThrownBy(() -> IcebergSink.builder(catalog)
                        .namespace("a..b")
                        .formatVersion(1)
                        .commitParallelism(0)
                        .build())
                .isInstanceOf(PhilotesException.class)
                .hasMessageContaining("namespace")
                .hasMessageContaining("format version")
                .hasMessageContaining("parallelism");
    }
}
