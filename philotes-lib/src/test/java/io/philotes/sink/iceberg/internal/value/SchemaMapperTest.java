// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.RelationSchema;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class SchemaMapperTest {

    private static final RelationSchema RELATION =
            Relations.of(List.of(2, 0), "id int8", "tags text[]", "code text", "a.b int4");

    @Test
    void key_columns_are_required_identifiers_and_others_optional() {
        Schema schema = SchemaMapper.schema(RELATION, RowMode.UPSERT);
        assertThat(schema.identifierFieldNames()).containsExactlyInAnyOrder("id", "code");
        assertThat(schema.columns())
                .extracting(Types.NestedField::isRequired)
                .containsExactly(true, false, true, false);
        assertThat(TypeUtil.indexById(schema.asStruct()).keySet()).containsExactlyInAnyOrder(1, 2, 3, 4, 5);
    }

    @Test
    void append_mode_requires_nothing_and_adds_the_history_columns() {
        Schema schema = SchemaMapper.schema(RELATION, RowMode.APPEND);
        assertThat(schema.identifierFieldIds()).isEmpty();
        assertThat(schema.columns()).allMatch(Types.NestedField::isOptional);
        assertThat(schema.columns())
                .extracting(Types.NestedField::name)
                .containsExactly(
                        "id",
                        "tags",
                        "code",
                        "a_u002e_b",
                        "_cdc_operation",
                        "_cdc_lsn",
                        "_cdc_ordinal",
                        "_cdc_timestamp",
                        "_cdc_transaction_id",
                        "_cdc_unchanged");
    }

    @Test
    void field_ids_are_found_by_name_after_creation() {
        Schema created = TypeUtil.assignIncreasingFreshIds(SchemaMapper.schema(RELATION, RowMode.UPSERT));
        assertThat(SchemaMapper.fieldIds(RELATION, created, RowMode.UPSERT))
                .containsEntry(1, created.findField("id").fieldId())
                .containsEntry(4, created.findField("a_u002e_b").fieldId())
                .hasSize(4);
        assertThatThrownBy(() -> SchemaMapper.fieldIds(RELATION, new Schema(), RowMode.UPSERT))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGET_UNUSABLE));
    }

    @Test
    void a_floating_point_key_is_refused_for_upserts_only() {
        RelationSchema relation = Relations.of(List.of(0), "id float8");
        assertThatThrownBy(() -> SchemaMapper.schema(relation, RowMode.UPSERT))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_IDENTITY))
                .hasMessageContaining("id");
        assertThat(SchemaMapper.schema(relation, RowMode.APPEND).columns()).hasSize(7);
    }
}
