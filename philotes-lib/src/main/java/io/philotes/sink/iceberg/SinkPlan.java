// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.sink.TablePlan;
import io.philotes.sink.TablePlan.ColumnPlan;
import io.philotes.sink.iceberg.internal.value.ColumnNames;
import io.philotes.sink.iceberg.internal.value.RowMode;
import io.philotes.sink.iceberg.internal.value.TypeMapping;
import io.philotes.sink.iceberg.internal.value.TypePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types;

/** Says what a start would do, table by table. Reads the catalog, changes nothing. */
final class SinkPlan {

    private static final int INTEGER_KEY_BYTES = 27;
    private static final int HASHED_KEY_BYTES = 40;

    private final SinkSettings settings;
    private final TargetOpener opener;

    SinkPlan(SinkSettings settings, TargetOpener opener) {
        this.settings = settings;
        this.opener = opener;
    }

    List<TablePlan> plans(String pipeline, List<RelationSchema> relations) {
        return relations.stream().map(relation -> plan(pipeline, relation)).toList();
    }

    private TablePlan plan(String pipeline, RelationSchema relation) {
        List<String> notes = new ArrayList<>();
        String action = action(pipeline, relation, notes);
        return new TablePlan(
                relation.table(),
                new TargetNames(settings).target(relation.table()).toString(),
                action,
                mode(relation),
                columns(relation),
                indexBytesPerRow(relation),
                notes);
    }

    private String action(String pipeline, RelationSchema relation, List<String> notes) {
        Optional<String> noIdentity = identityProblem(relation);
        noIdentity.ifPresent(notes::add);
        try {
            Optional<Table> table = opener.find(relation.table());
            settings.policy(relation.table())
                    .requireSensible(relation, isKeyed(relation), ErrorCode.INVALID_CONFIGURATION);
            List<String> missing = settings.policy(relation.table()).missing(relation);
            missing.forEach(column -> notes.add("a type is chosen for column " + column + ", which is not there"));
            if (table.isEmpty() && !missing.isEmpty()) {
                return "refuse";
            }
            if (table.isEmpty()) {
                return noIdentity.isPresent() ? "refuse" : "create";
            }
            String owner = table.get().properties().get(TargetProperties.PIPELINE);
            if (!pipeline.equals(owner)) {
                notes.add(owner == null ? "the target was not created by Philotes" : "pipeline " + owner + " owns it");
                return "refuse";
            }
            notes.addAll(otherTypes(relation, table.get()));
            Optional<String> rowProblem = opener.rowProblem(relation.table(), table.get());
            rowProblem.ifPresent(notes::add);
            PartitionField.otherwise(
                            table.get(), settings.options(relation.table()).partitionBy())
                    .ifPresent(notes::add);
            return noIdentity.isPresent() || hasOtherMode(relation, table.get()) ? "refuse" : "keep";
        } catch (PhilotesException e) {
            notes.add(e.getMessage());
            return "refuse";
        }
    }

    /** A table copy would put rows in the place of a history, or the other way round. */
    private boolean hasOtherMode(RelationSchema relation, Table table) {
        return !settings.modeOf(relation.table())
                .name()
                .equalsIgnoreCase(table.properties().getOrDefault(TargetProperties.MODE, ""));
    }

    private boolean isKeyed(RelationSchema relation) {
        return opener.rowMode(relation.table()).mirrors();
    }

    /** Columns that a target keeps as another type than the one planned, and cannot be given it in place. */
    List<String> otherTypes(RelationSchema relation, Table table) {
        TypePolicy policy = settings.policy(relation.table());
        Map<Integer, Integer> fieldIds = TargetProperties.columns(table.properties());
        List<String> others = new ArrayList<>();
        for (Column column : relation.columns()) {
            Types.NestedField field = table.schema().findField(fieldIds.getOrDefault(column.attnum(), -1));
            if (field != null && !SchemaDiff.canFollow(policy, column, field.type())) {
                others.add("column " + column.name() + " is " + field.type() + " in the target instead of "
                        + policy.mapping(column).type() + ": the table must be copied again");
            }
        }
        return others;
    }

    /** Why changes of the table could not be applied; empty when they can. */
    Optional<String> identityProblem(RelationSchema relation) {
        boolean mirrors = settings.modeOf(relation.table()) == WriteMode.UPSERT;
        if (mirrors && relation.columns().isEmpty()) {
            return Optional.of("it has no columns, so its rows cannot be told apart");
        }
        if (mirrors && !relation.hasKey() && relation.identity() != ReplicaIdentity.FULL) {
            return Optional.of("it has no key and its replica identity is not FULL");
        }
        return Optional.empty();
    }

    private String mode(RelationSchema relation) {
        if (settings.modeOf(relation.table()) == WriteMode.APPEND) {
            return "append";
        }
        return identity(relation)
                + switch (opener.rowMode(relation.table())) {
                    case UPSERT_CDC -> ", with _cdc_ columns";
                    case UPSERT_SOFT_DELETE -> ", deleted rows stay";
                    case UPSERT, APPEND -> "";
                };
    }

    private static String identity(RelationSchema relation) {
        if (!relation.hasKey()) {
            return "mirror by whole rows";
        }
        return "upsert by key ("
                + relation.keyColumns().stream()
                        .map(key -> relation.columns().get(key).name())
                        .collect(Collectors.joining(", "))
                + ")";
    }

    List<ColumnPlan> columns(RelationSchema relation) {
        RowMode mode = opener.rowMode(relation.table());
        Map<Integer, String> names = ColumnNames.assign(relation.columns(), mode);
        return relation.columns().stream()
                .map(column -> column(relation, column, names.get(column.attnum())))
                .toList();
    }

    private ColumnPlan column(RelationSchema relation, Column column, String name) {
        TypeMapping mapping = mapping(relation, column);
        String note = name.equals(column.name())
                ? mapping.note()
                : "named " + name + (mapping.note().isEmpty() ? "" : "; " + mapping.note());
        return new ColumnPlan(
                column.name(), TypeMapping.sourceText(column), mapping.type().toString(), mapping.isExact(), note);
    }

    /** The default where the choice makes no sense: the plan's action then says so. */
    private TypeMapping mapping(RelationSchema relation, Column column) {
        TypePolicy policy = settings.policy(relation.table());
        return policy.faults(relation, false).isEmpty()
                ? policy.mapping(column)
                : TypeMapping.of(column.type(), column.typeModifier());
    }

    private int indexBytesPerRow(RelationSchema relation) {
        if (settings.modeOf(relation.table()) == WriteMode.APPEND) {
            return 0;
        }
        if (relation.keyColumns().size() != 1) {
            return HASHED_KEY_BYTES;
        }
        Column key = relation.columns().get(relation.keyColumns().get(0));
        TypeID type = mapping(relation, key).type().typeId();
        boolean isInteger = type == TypeID.INTEGER || type == TypeID.LONG || type == TypeID.DATE;
        return isInteger ? INTEGER_KEY_BYTES : HASHED_KEY_BYTES;
    }
}
