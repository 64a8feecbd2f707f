// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

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
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.sink.TablePlan;
import io.philotes.sink.TablePlan.ColumnPlan;
import io.philotes.sink.WriteResult;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Types that the configuration chose: what they give, where they are refused, and what a change of them means. */
class TypePolicyTest {

    private static final PgType TIMESTAMPTZ = PgType.base(1184, "timestamptz");
    private static final PgType NUMERIC = PgType.base(1700, "numeric");

    private static final Column ID = Column.of("id", 1, Relations.INT8);
    private static final Column AT = Column.of("at", 2, TIMESTAMPTZ);
    private static final Column RATE = Column.of("rate", 3, NUMERIC);
    private static final Column AMOUNT =
            new Column("amount", 4, NUMERIC, (10 << 16 | 2) + 4, false, java.util.Optional.empty());
    private static final Column DAYS = Column.of("days", 5, PgType.arrayOf(1185, TIMESTAMPTZ));

    private static final RelationSchema TABLE =
            Relations.orders(ReplicaIdentity.DEFAULT, List.of(0), ID, AT, RATE, AMOUNT, DAYS);

    private static final Object[] ROW = {1, "infinity", "1.50", "2.00", "{infinity,NULL}"};

    private final InMemoryCatalog catalog = TestLake.memoryCatalog();

    private TestLake lake(UnaryOperator<IcebergSinkBuilder> options) {
        return new TestLake(catalog, options);
    }

    private static UnaryOperator<IcebergSinkBuilder> columns(UnaryOperator<TableOptions> options) {
        return builder -> builder.table(Relations.ORDERS, options.apply(TableOptions.DEFAULTS));
    }

    private TablePlan plan(TestLake lake) {
        return lake.sink().plan("shop", List.of(TABLE)).get(0);
    }

    @Test
    void without_a_choice_the_plan_says_what_is_rejected() {
        assertThat(plan(lake(options -> options)).columns())
                .containsExactly(
                        new ColumnPlan("id", "int8", "long", true, ""),
                        new ColumnPlan(
                                "at",
                                "timestamptz",
                                "timestamptz",
                                false,
                                "infinity and what lies outside Iceberg's range is rejected"),
                        new ColumnPlan(
                                "rate",
                                "numeric",
                                "string",
                                true,
                                "numeric without precision: kept as the exact text that PostgreSQL prints"),
                        new ColumnPlan("amount", "numeric(10,2)", "decimal(10, 2)", false, "NaN is rejected"),
                        new ColumnPlan(
                                "days",
                                "timestamptz[]",
                                "list<timestamptz>",
                                false,
                                "infinity and what lies outside Iceberg's range is rejected; arrays of more than one"
                                        + " dimension or with a lower bound other than 1 are rejected"));
    }

    @Test
    void the_check_names_every_column_s_type_and_choice() {
        assertThat(lake(columns(c -> c.type("rate", "decimal(38,9)"))).sink().check("shop", List.of(TABLE)))
                .filteredOn(finding -> finding.subject().equals("public.orders"))
                .singleElement()
                .extracting(Finding::message)
                .asString()
                .contains(
                        "id int8 -> long,",
                        "at timestamptz -> timestamptz (infinity",
                        "rate numeric -> decimal(38, 9) (by policy",
                        "amount numeric(10,2) -> decimal(10, 2) (NaN is rejected)");
    }

    @Test
    void a_type_s_choice_goes_for_columns_and_elements_and_a_column_s_beats_it() {
        TestLake lake = lake(options -> columns(c -> c.type("rate", "string").type("days", "string"))
                .apply(options.type("timestamptz", "string").type("numeric", "decimal(38,9)")));
        assertThat(plan(lake).columns())
                .extracting(ColumnPlan::targetType)
                .containsExactly("long", "string", "string", "decimal(10, 2)", "string");
        lake.loaded(TABLE, ROW);
        assertThat(lake.rows("orders")).containsExactly("1|infinity|1.50|2.00|{infinity,NULL}");
    }

    @Test
    void elements_follow_their_type_s_choice() {
        TestLake lake = lake(options -> options.type("timestamptz", "string").type("numeric", "DECIMAL( 5 , 3 )"));
        assertThat(plan(lake).columns())
                .extracting(ColumnPlan::targetType)
                .containsExactly("long", "string", "decimal(5, 3)", "decimal(10, 2)", "list<string>");
        lake.loaded(TABLE, ROW);
        assertThat(lake.rows("orders")).containsExactly("1|infinity|1.500|2.00|[infinity, null]");
        for (String misfit : List.of("1.2345", "100", "NaN", "Infinity")) {
            assertThatThrownBy(() -> lake.loaded(TABLE, row(1, "infinity", misfit, "2.00", null)))
                    .as(misfit)
                    .isInstanceOf(PhilotesException.class)
                    .hasMessageContaining("rate")
                    .extracting("code")
                    .isEqualTo(ErrorCode.VALUE_OUT_OF_RANGE);
        }
    }

    @Test
    void every_array_can_be_its_text() {
        TestLake lake = lake(options -> options.type("anyarray", "string").type("timestamptz", "string"));
        lake.loaded(TABLE, row(1, "infinity", "1.50", "2.00", "[0:0]={-infinity}"));
        assertThat(lake.rows("orders")).containsExactly("1|infinity|1.50|2.00|[0:0]={-infinity}");
    }

    @ParameterizedTest
    @CsvSource({"rate,date", "rate,'decimal(39,2)'", "rate,'decimal(5,6)'", "rate,'decimal(0,0)'", "id,decimal"})
    void a_target_that_is_none_is_refused_with_table_and_column(String column, String target) {
        assertThatThrownBy(() -> columns(c -> c.type(column, target))
                        .apply(IcebergSink.builder(catalog).namespace("shop"))
                        .build())
                .isInstanceOf(PhilotesException.class)
                .hasMessageContaining("public.orders")
                .hasMessageContaining("column=" + column)
                .extracting("code")
                .isEqualTo(ErrorCode.INVALID_CONFIGURATION);
    }

    @ParameterizedTest
    @CsvSource({
        "timestmptz,string",
        "timestamptz,'decimal(10,2)'",
        "'numeric[]','decimal(10,2)'",
        "int4,date",
        "anyarray,list",
        "hstore,string"
    })
    void a_choice_for_a_type_that_is_none_is_refused(String type, String target) {
        assertThatThrownBy(() -> IcebergSink.builder(catalog)
                        .namespace("shop")
                        .type(type, target)
                        .build())
                .isInstanceOf(PhilotesException.class)
                .hasMessageContaining(type)
                .extracting("code")
                .isEqualTo(ErrorCode.INVALID_CONFIGURATION);
    }

    @Test
    void a_choice_that_makes_no_sense_for_its_column_is_refused_before_anything_is_created() {
        refused(columns(c -> c.type("at", "decimal(10,2)")), TABLE, "at", "timestamptz");
        refused(columns(c -> c.type("rat", "string")), TABLE, "rat");
        RelationSchema keyed = Relations.orders(ReplicaIdentity.DEFAULT, List.of(1, 2, 3), ID, AT, RATE, AMOUNT);
        refused(columns(c -> c.type("rate", "decimal(38,9)")), keyed, "rate", "key");
        refused(options -> options.type("numeric", "decimal(38,9)"), keyed, "rate", "key");
        refused(columns(c -> c.type("amount", "decimal(9,2)")), keyed, "amount", "key");
        refused(options -> options.withSoftDelete().type("numeric", "decimal(38,9)"), keyed, "rate", "key");
        lake(columns(c -> c.type("at", "string").type("amount", "decimal(12,2)")))
                .loaded(keyed, row(1, "infinity", "1.0", "1.00"));
        assertThat(lake(options -> options).rows("orders")).containsExactly("1|infinity|1.0|1.00");
    }

    private void refused(UnaryOperator<IcebergSinkBuilder> options, RelationSchema relation, String... named) {
        TestLake lake = lake(options);
        assertThat(lake.sink().check("shop", List.of(relation)))
                .filteredOn(finding -> finding.severity() == Severity.ERROR)
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.code()).contains(ErrorCode.INVALID_CONFIGURATION);
                    assertThat(finding.subject()).isEqualTo("public.orders");
                    assertThat(finding.message()).contains(named);
                });
        TablePlan plan = lake.sink().plan("shop", List.of(relation)).get(0);
        assertThat(plan.action()).isEqualTo("refuse");
        assertThat(String.join(" ", plan.notes())).contains(named);
        assertThatThrownBy(() -> lake.loaded(relation))
                .isInstanceOf(PhilotesException.class)
                .extracting("code")
                .isEqualTo(ErrorCode.INVALID_CONFIGURATION);
        assertThat(catalog.listTables(org.apache.iceberg.catalog.Namespace.empty()))
                .isEmpty();
    }

    @Test
    void a_floating_point_key_may_be_its_text() {
        RelationSchema keyed = Relations.orders(
                ReplicaIdentity.DEFAULT,
                List.of(0),
                Column.of("id", 1, Relations.FLOAT8),
                Column.of("n", 2, Relations.INT4));
        TestLake lake = lake(columns(c -> c.type("id", "string"))).loaded(keyed, row("0.1", 1), row("-0", 2));
        lake.apply(new ChangeFeed(LOADED_AT.value())
                .begin()
                .update(keyed, "0.1", 3)
                .delete(keyed, 'K', "-0", null)
                .commit());
        assertThat(lake.rows("orders")).containsExactly("0.1|3");
    }

    @ParameterizedTest
    @CsvSource({"at", "days", "amount"})
    void a_changed_choice_stops_the_table_and_a_table_copy_makes_it_right(String column) {
        TestLake before = lake(options -> options);
        before.loaded(TABLE, row(1, "2026-01-01 00:00:00+00", "1.5", "2.00", "{}"));
        TestLake after = lake(columns(c -> c.type(column, "string")));
        after.restart();
        assertThat(after.sink().check("shop", List.of(TABLE)))
                .filteredOn(finding -> finding.severity() == Severity.WARN)
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains(column, "copied again"));
        assertThat(plan(after).notes())
                .singleElement()
                .asString()
                .contains("column " + column, "instead of string", "copied again");
        after.sink().resume(TABLE, LOADED_AT);
        assertStops(after, column);
        TestLake.load(after.sink(), TABLE, new Lsn(LOADED_AT.value() + 0x1000), ROW_WITHOUT_INFINITY);
        assertThat(after.table("orders").schema().findField(column).type().toString())
                .isEqualTo("string");
        assertThat(plan(after).notes()).isEmpty();
    }

    private static final Object[] ROW_WITHOUT_INFINITY = {2, "2026-01-01 00:00:00+00", "1.5", "2.00", "{}"};

    private static void assertStops(TestLake lake, String column) {
        WriteResult result = lake.write(new ChangeFeed(LOADED_AT.value())
                .begin()
                .insert(TABLE, ROW_WITHOUT_INFINITY)
                .commit()
                .batch());
        assertThat(result.toString()).contains("PHI-4008").contains(column);
    }

    @ParameterizedTest
    @CsvSource({"at,timestamptz", "days,list<timestamptz>", "amount,'decimal(10, 2)'"})
    void a_choice_taken_back_shows_in_the_plan_and_a_table_copy_makes_it_right(String column, String plain) {
        TestLake before = lake(columns(c -> c.type(column, "string")));
        before.loaded(TABLE, row(1, "2026-01-01 00:00:00+00", "1.5", "2.00", "{}"));
        TestLake after = lake(options -> options);
        after.restart();
        assertThat(plan(after).notes()).singleElement().asString().contains("column " + column, "copied again");
        TestLake.load(after.sink(), TABLE, new Lsn(LOADED_AT.value() + 0x1000), ROW_WITHOUT_INFINITY);
        assertThat(after.table("orders").schema().findField(column).type().toString())
                .isEqualTo(plain);
        assertThat(after.rows("orders")).hasSize(1);
    }

    @Test
    void a_wider_decimal_is_taken_in_place() {
        lake(columns(c -> c.type("rate", "decimal(10,3)"))).loaded(TABLE, row(1, null, "1.5", null, null));
        TestLake after = lake(columns(c -> c.type("rate", "decimal(20,3)")));
        after.restart();
        after.sink().resume(TABLE, LOADED_AT);
        after.apply(new ChangeFeed(LOADED_AT.value())
                .begin()
                .insert(TABLE, 2, null, "12345678901234567.125", null, null)
                .commit());
        assertThat(after.rows("orders"))
                .containsExactly("1|null|1.500|null|null", "2|null|12345678901234567.125|null|null");
    }

    @Test
    void a_column_that_no_longer_takes_its_choice_stops_its_table() {
        TestLake lake = lake(columns(c -> c.type("rate", "decimal(10,3)")));
        lake.loaded(TABLE, row(1, null, "1.5", null, null));
        RelationSchema retyped = Relations.orders(
                ReplicaIdentity.DEFAULT, List.of(0), ID, AT, Column.of("rate", 3, Relations.TEXT), AMOUNT, DAYS);
        WriteResult result = lake.write(new ChangeFeed(LOADED_AT.value())
                .begin()
                .insert(retyped, 2, null, "x", null, null)
                .commit()
                .batch());
        assertThat(result.toString()).contains("PHI-4011").contains("rate");
    }

    @Test
    void a_choice_for_a_column_that_was_dropped_is_a_warning() {
        TestLake lake = lake(columns(c -> c.type("rate", "decimal(10,3)"))).loaded(TABLE);
        RelationSchema narrower = Relations.orders(ReplicaIdentity.DEFAULT, List.of(0), ID, AT, AMOUNT, DAYS);
        assertThat(lake.sink().check("shop", List.of(narrower)))
                .filteredOn(finding -> finding.severity() != Severity.OK)
                .singleElement()
                .extracting(Finding::severity)
                .isEqualTo(Severity.WARN);
    }
}
