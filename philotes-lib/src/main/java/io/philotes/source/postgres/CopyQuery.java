// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.BinaryForms;
import io.philotes.model.Column;
import io.philotes.model.TableId;
import io.philotes.source.CopyRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The COPY statement of one range. A column whose type has no known binary form, or that is masked, is selected as the text of its output
 * function; {@code IS NOT DISTINCT FROM NULL}, because {@code IS NULL} is also true of a row whose fields are all NULL.
 */
final class CopyQuery {

    private CopyQuery() {}

    static String of(CopyRange range, CatalogTable table, RuledRelation relation, Optional<String> rowFilter) {
        String columns = IntStream.range(0, relation.rules().size())
                .filter(i -> relation.rules().get(i) != ColumnRule.EXCLUDE)
                .mapToObj(i -> select(
                        relation.wire().columns().get(i), relation.rules().get(i)))
                .collect(Collectors.joining(", "));
        List<String> conditions = new ArrayList<>();
        if (range.firstBlock() > 0) {
            conditions.add("ctid >= '(" + range.firstBlock() + ",0)'::pg_catalog.tid");
        }
        if (range.endBlock() != Long.MAX_VALUE) {
            conditions.add("ctid < '(" + range.endBlock() + ",0)'::pg_catalog.tid");
        }
        rowFilter.ifPresent(filter -> conditions.add("(" + filter + ")"));
        String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        return "COPY (SELECT " + columns + " FROM " + table.fromSql() + where + ") TO STDOUT (FORMAT binary)";
    }

    private static String select(Column column, ColumnRule rule) {
        if (rule == ColumnRule.NULL) {
            return "NULL::pg_catalog.text";
        }
        String name = TableId.quote(column.name());
        boolean asItIs = rule.readsText() ? ColumnRule.isTextual(column.type()) : BinaryForms.known(column.type());
        return asItIs
                ? name
                : "CASE WHEN " + name + " IS NOT DISTINCT FROM NULL THEN NULL ELSE pg_catalog.format('%s', " + name
                        + ") END";
    }
}
