// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.sink.iceberg.internal.value.SchemaMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.SupportsNamespaces;

/** Looks at everything a start needs of catalog, storage and targets. Leaves nothing behind. */
final class SinkCheck {

    private final Catalog catalog;
    private final SinkSettings settings;
    private final TargetOpener opener;

    SinkCheck(Catalog catalog, SinkSettings settings, TargetOpener opener) {
        this.catalog = catalog;
        this.settings = settings;
        this.opener = opener;
    }

    List<Finding> findings(String pipeline, List<RelationSchema> relations) {
        List<Finding> findings = new ArrayList<>();
        if (!catalogAnswers(findings)) {
            return findings;
        }
        findings.add(new StorageProbe(catalog, settings).finding());
        atomicCommits().ifPresent(findings::add);
        mappedTwice(relations, findings);
        relations.forEach(relation -> findings.add(table(pipeline, relation)));
        return findings;
    }

    private boolean catalogAnswers(List<Finding> findings) {
        try {
            boolean exists = catalog instanceof SupportsNamespaces namespaces
                    && namespaces.namespaceExists(settings.namespace());
            findings.add(Finding.ok(
                    "catalog",
                    exists
                            ? "namespace " + settings.namespace() + " exists"
                            : "namespace " + settings.namespace() + " will be created"));
            return true;
        } catch (RuntimeException e) {
            findings.add(Finding.error(
                    ErrorCode.CATALOG_UNREACHABLE,
                    "catalog",
                    "does not answer: " + e.getMessage(),
                    ErrorCode.CATALOG_UNREACHABLE.hint()));
            return false;
        }
    }

    private Optional<Finding> atomicCommits() {
        if (!settings.atomic()) {
            return Optional.empty();
        }
        return Optional.of(CommonCommit.of(catalog)
                .map(common -> Finding.ok("commit.atomic", "the catalog commits all tables at once"))
                .orElseGet(() -> Finding.error(
                        ErrorCode.INVALID_CONFIGURATION,
                        "commit.atomic",
                        CommitRounds.problem(catalog),
                        CommitRounds.HINT)));
    }

    /** Each table whose target is another's too; but the one whose rows the target holds already goes on. */
    private void mappedTwice(List<RelationSchema> relations, List<Finding> findings) {
        TargetNames names = new TargetNames(settings);
        List<TableId> sources = relations.stream().map(RelationSchema::table).toList();
        List<List<TableId>> collisions = names.collisions(sources);
        for (RelationSchema relation : relations) {
            TableId source = relation.table();
            Optional<List<TableId>> group = collisions.stream()
                    .filter(tables -> tables.contains(source))
                    .findFirst();
            if (names.isReserved(source)) {
                findings.add(sharing(ErrorCode.TARGET_UNUSABLE, source, "its target's name is the checkpoint's"));
            } else if (group.isPresent() && !isHolder(relation)) {
                String shared = "its target " + names.target(source) + " is that of " + group.get();
                findings.add(sharing(ErrorCode.MAPPED_TWICE, source, shared));
            }
        }
    }

    private boolean isHolder(RelationSchema relation) {
        try {
            return opener.find(relation.table())
                    .filter(target -> TargetProperties.holdsRowsOf(relation, target.properties()))
                    .isPresent();
        } catch (PhilotesException e) {
            return false;
        }
    }

    private static Finding sharing(ErrorCode code, TableId source, String message) {
        return Finding.error(
                code,
                source.toString(),
                message,
                ErrorCode.MAPPED_TWICE.hint() + ": tables: - { table: " + source.toSql() + ", target: … }");
    }

    private Finding table(String pipeline, RelationSchema relation) {
        String subject = relation.table().toString();
        Optional<String> noIdentity = new SinkPlan(settings, opener).identityProblem(relation);
        if (noIdentity.isPresent()) {
            return error(ErrorCode.NO_IDENTITY, subject, noIdentity.get());
        }
        try {
            Schema schema =
                    SchemaMapper.schema(relation, opener.rowMode(relation.table()), settings.policy(relation.table()));
            PartitionField.spec(schema, settings.options(relation.table()).partitionBy());
            Optional<Table> existing = opener.find(relation.table());
            List<String> missing = settings.policy(relation.table()).missing(relation);
            if (existing.isEmpty() && !missing.isEmpty()) {
                return error(ErrorCode.INVALID_CONFIGURATION, subject, chosenForNone(missing));
            }
            return existing.isEmpty()
                    ? Finding.ok(subject, "the target will be created: " + columns(relation))
                    : existing(pipeline, relation, existing.get());
        } catch (IllegalArgumentException e) {
            return error(ErrorCode.INVALID_CONFIGURATION, subject, e.getMessage());
        } catch (PhilotesException e) {
            return error(e.code(), subject, e.reason());
        }
    }

    /** Every column with its type here and there, and what of its values is rejected or kept in another form. */
    private String columns(RelationSchema relation) {
        return new SinkPlan(settings, opener)
                .columns(relation).stream()
                        .map(column -> column.name() + " " + column.sourceType() + " -> " + column.targetType()
                                + (column.note().isEmpty() ? "" : " (" + column.note() + ")"))
                        .collect(Collectors.joining(", "));
    }

    private static String chosenForNone(List<String> missing) {
        return "a type is chosen for columns that are not there: " + String.join(", ", missing);
    }

    private Finding existing(String pipeline, RelationSchema relation, Table table) {
        String subject = relation.table().toString();
        String owner = table.properties().get(TargetProperties.PIPELINE);
        if (owner == null) {
            return error(ErrorCode.TARGET_UNUSABLE, subject, "the target was not created by Philotes");
        }
        if (!owner.equals(pipeline)) {
            return error(ErrorCode.FOREIGN_OWNER, subject, "pipeline " + owner + " owns the target");
        }
        Optional<String> other = TargetTable.otherSource(relation, table.properties());
        if (other.isPresent()) {
            return error(ErrorCode.TARGET_UNUSABLE, subject, "the target holds the rows of table " + other.get());
        }
        String mode = table.properties().getOrDefault(TargetProperties.MODE, "");
        if (!mode.equalsIgnoreCase(settings.modeOf(relation.table()).name())) {
            return error(ErrorCode.TARGET_UNUSABLE, subject, "the target was created for mode " + mode);
        }
        List<String> missing = settings.policy(relation.table()).missing(relation);
        if (!missing.isEmpty()) {
            return Finding.warn(
                    ErrorCode.INVALID_CONFIGURATION,
                    subject,
                    chosenForNone(missing),
                    ErrorCode.INVALID_CONFIGURATION.hint());
        }
        List<String> otherTypes = new SinkPlan(settings, opener).otherTypes(relation, table);
        if (!otherTypes.isEmpty()) {
            return Finding.warn(
                    ErrorCode.SCHEMA_CHANGE, subject, String.join("; ", otherTypes), ErrorCode.SCHEMA_CHANGE.hint());
        }
        return opener.rowProblem(relation.table(), table)
                .map(problem -> Finding.warn(ErrorCode.TARGET_UNUSABLE, subject, problem, TargetOpener.COPY_AGAIN))
                .orElseGet(() -> Finding.ok(subject, "the target is this pipeline's: " + columns(relation)));
    }

    private static Finding error(ErrorCode code, String subject, String message) {
        return Finding.error(code, subject, message, code.hint());
    }
}
