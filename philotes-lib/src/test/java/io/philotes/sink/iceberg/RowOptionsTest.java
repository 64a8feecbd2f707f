// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.INT8;
import static io.philotes.sink.iceberg.Relations.KEYED;
import static io.philotes.sink.iceberg.Relations.ORDERS;
import static io.philotes.sink.iceberg.Relations.TEXT;
import static io.philotes.sink.iceberg.TestLake.LOADED_AT;
import static io.philotes.sink.iceberg.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.health.Finding.Severity;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TablePicture;
import io.philotes.sink.TablePlan;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.Test;

/** A target whose rows are of another kind than the configuration asks for. */
class RowOptionsTest {

    private static final UnaryOperator<IcebergSinkBuilder> PLAIN = options -> options;

    private final InMemoryCatalog catalog = TestLake.memoryCatalog();

    private TestLake lake(UnaryOperator<IcebergSinkBuilder> options) {
        return new TestLake(catalog, options);
    }

    private static void refusesToResume(TestLake lake, String... words) {
        assertThat(lake.sink().committedUpTo(KEYED)).contains(LOADED_AT);
        assertThatThrownBy(() -> lake.sink().resume(KEYED, LOADED_AT))
                .isInstanceOfSatisfying(PhilotesException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.TARGET_UNUSABLE);
                    assertThat(e.table()).contains(ORDERS);
                    assertThat(e.hint()).contains("resync the table");
                    assertThat(e.getMessage()).contains(words);
                });
    }

    @Test
    void a_target_with_other_row_options_is_not_written_to() {
        lake(PLAIN).loaded(KEYED, row(1, "a", 1));
        refusesToResume(lake(IcebergSinkBuilder::withSoftDelete), "mode upsert,", "soft-delete is asked for");
        refusesToResume(lake(IcebergSinkBuilder::withCdcColumns), "cdc-columns is asked for");
        TestLake.load(lake(IcebergSinkBuilder::withSoftDelete).sink(), KEYED, LOADED_AT, row(1, "a", 1));
        refusesToResume(lake(IcebergSinkBuilder::withCdcColumns), "with soft-delete", "with cdc-columns");
        refusesToResume(lake(PLAIN), "with soft-delete", "mode upsert is asked for");
        lake(IcebergSinkBuilder::withSoftDelete).sink().resume(KEYED, LOADED_AT);
    }

    @Test
    void check_warns_and_the_plan_says_why() {
        lake(PLAIN).loaded(KEYED);
        IcebergSink changed = lake(IcebergSinkBuilder::withSoftDelete).sink();
        assertThat(changed.check("shop", List.of(KEYED)))
                .filteredOn(finding -> finding.severity() == Severity.WARN)
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.code()).contains(ErrorCode.TARGET_UNUSABLE);
                    assertThat(finding.fix().orElseThrow()).contains("resync the table");
                });
        TablePlan plan = changed.plan("shop", List.of(KEYED)).get(0);
        assertThat(plan.action()).as("the engine copies the table again").isEqualTo("keep");
        assertThat(plan.mode()).isEqualTo("upsert by key (id), deleted rows stay");
        assertThat(plan.notes()).singleElement().asString().contains("soft-delete is asked for");
        assertThat(lake(PLAIN).sink().check("shop", List.of(KEYED)))
                .extracting(Finding::severity)
                .containsOnly(Severity.OK);
    }

    @Test
    void a_target_from_before_these_options_has_none() {
        lake(PLAIN).loaded(KEYED, row(1, "a", 1));
        TestLake same = lake(PLAIN);
        same.table("orders").updateProperties().remove("philotes.row-options").commit();
        same.sink().resume(KEYED, LOADED_AT);
        same.apply(new ChangeFeed(LOADED_AT.value())
                .begin()
                .insert(KEYED, 2, "b", 2)
                .commit());
        assertThat(same.rows("orders")).containsExactly("1|a|1", "2|b|2");
        refusesToResumeAt(lake(IcebergSinkBuilder::withCdcColumns));
        same.table("orders")
                .updateProperties()
                .set("philotes.row-options", "of the future")
                .commit();
        refusesToResumeAt(lake(PLAIN));
    }

    private static void refusesToResumeAt(TestLake lake) {
        assertThatThrownBy(() -> lake.sink().resume(KEYED, LOADED_AT))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGET_UNUSABLE));
    }

    /** A source column has the name of one of ours, and gives way to it as long as it is there. */
    @Test
    void a_table_copy_changes_the_row_options_with_the_content() {
        RelationSchema clashing = Relations.orders(
                ReplicaIdentity.DEFAULT,
                List.of(0),
                Column.of("id", 1, INT8),
                Column.of("_cdc_lsn", 2, TEXT),
                Column.of("_cdc_deleted", 3, TEXT));
        TestLake plain = lake(PLAIN).loaded(clashing, row(1, "mine", "too"));
        assertThat(columns(plain)).containsExactly("id", "_cdc_lsn", "_cdc_deleted");

        TestLake soft = lake(IcebergSinkBuilder::withSoftDelete);
        TestLake.load(soft.sink(), clashing, new Lsn(0x2000), row(1, "mine", "too"), row(2, "b", "c"));
        ChangeFeed feed = new ChangeFeed(0x2000);
        soft.apply(feed.begin().delete(clashing, 'K', 2, null, null).commit());
        assertThat(soft.rows("orders", "id", "_u005f_cdc_lsn", "_u005f_cdc_deleted", "_cdc_lsn", "_cdc_deleted"))
                .containsExactly("1|mine|too|0000000000002000|false", "2|b|c|0000000000002100|true");

        TestLake cdc = lake(IcebergSinkBuilder::withCdcColumns);
        TestLake.load(cdc.sink(), clashing, new Lsn(0x3000), row(1, "mine", "too"));
        assertThat(cdc.rows("orders", "id", "_u005f_cdc_lsn", "_u005f_cdc_deleted", "_cdc_lsn"))
                .containsExactly("1|mine|too|0000000000003000");
        assertThat(columns(cdc)).doesNotContain("_cdc_deleted");

        TestLake again = lake(PLAIN);
        TestLake.load(again.sink(), clashing, new Lsn(0x4000), row(1, "mine", "too"));
        assertThat(columns(again)).containsExactly("id", "_cdc_lsn", "_cdc_deleted");
        again.apply(new ChangeFeed(0x4000)
                .begin()
                .update(clashing, 1, "yours", "too")
                .commit());
        assertThat(again.rows("orders")).containsExactly("1|yours|too");
    }

    private static List<String> columns(TestLake lake) {
        return lake.table("orders").schema().columns().stream()
                .map(NestedField::name)
                .toList();
    }

    @Test
    void a_table_copy_that_fails_leaves_the_row_options_as_they_were() {
        lake(PLAIN).loaded(KEYED, row(1, "a", 1));
        lake(IcebergSinkBuilder::withSoftDelete)
                .sink()
                .load(TablePicture.of(KEYED), new Lsn(0x2000))
                .close();
        TestLake plain = lake(PLAIN);
        plain.sink().resume(KEYED, LOADED_AT);
        assertThat(plain.rows("orders")).containsExactly("1|a|1");
    }

    @Test
    void a_column_of_ours_that_somebody_drops_is_missed_and_comes_back_with_a_table_copy() {
        TestLake lake = lake(IcebergSinkBuilder::withSoftDelete).loaded(KEYED, row(1, "a", 1));
        lake.table("orders").updateSchema().deleteColumn("_cdc_deleted").commit();
        ChangeFeed feed = new ChangeFeed(LOADED_AT.value());
        lake.write(feed.begin().delete(KEYED, 'K', 1, null, null).commit().batch());
        assertThat(lake.commitResult(feed.end()).outcomes().get(ORDERS).failure())
                .hasValueSatisfying(failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.TARGET_UNUSABLE);
                    assertThat(failure.getMessage()).contains("_cdc_deleted");
                });
        refusesToResumeAt(lake);
        TestLake.load(lake.sink(), KEYED, new Lsn(0x9000), row(2, "b", 2));
        assertThat(lake.rows("orders", "id", "_cdc_operation", "_cdc_deleted")).containsExactly("2|insert|false");
    }

    @Test
    void a_table_copy_does_not_turn_a_mirror_into_a_history() {
        lake(PLAIN).loaded(KEYED);
        TestLake append = lake(options -> options.mode(WriteMode.APPEND));
        assertThatThrownBy(() -> append.sink().load(TablePicture.of(KEYED), new Lsn(0x2000)))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGET_UNUSABLE));
        assertThat(append.sink().plan("shop", List.of(KEYED)).get(0).action()).isEqualTo("refuse");
    }

    @Test
    void options_that_contradict_each_other_are_faults() {
        TableOptions append = TableOptions.DEFAULTS.mode(WriteMode.APPEND);
        assertFault("soft delete is for mode upsert", append.withSoftDelete());
        assertFault("have the _cdc_ columns", append.withoutCdcColumns());
        assertFault(
                "have the _cdc_ columns", TableOptions.DEFAULTS.withSoftDelete().withoutCdcColumns());
        lake(options -> options.withSoftDelete().table(ORDERS, append)).loaded(KEYED);
    }

    private void assertFault(String message, TableOptions options) {
        assertThatThrownBy(() -> lake(builder -> builder.table(ORDERS, options)))
                .isInstanceOf(PhilotesException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("public.orders");
    }
}
