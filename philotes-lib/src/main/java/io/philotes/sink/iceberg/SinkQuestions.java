// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.sink.ParkingRecord;
import io.philotes.sink.RowAudit;
import io.philotes.sink.SinkContext;
import io.philotes.sink.TablePlan;
import io.philotes.sink.iceberg.internal.call.BoundedCalls;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.Catalog;

/** What a sink is asked about its targets without changing anything; each answer is read from the catalog anew. */
final class SinkQuestions {

    private final Catalog catalog;
    private final SinkSettings settings;
    private final TargetOpener opener;
    private final BoundedCalls calls;

    SinkQuestions(Catalog catalog, SinkSettings settings, TargetOpener opener, BoundedCalls calls) {
        this.catalog = catalog;
        this.settings = settings;
        this.opener = opener;
        this.calls = calls;
    }

    List<Finding> check(String pipeline, List<RelationSchema> relations) {
        try {
            return calls.await(
                    ErrorCode.CATALOG_UNREACHABLE,
                    "check catalog and targets",
                    () -> new SinkCheck(catalog, settings, opener).findings(pipeline, relations));
        } catch (PhilotesException e) {
            return List.of(Finding.error(e.code(), "catalog", e.reason(), e.hint()));
        }
    }

    List<TablePlan> plan(String pipeline, List<RelationSchema> relations) {
        return calls.await(
                ErrorCode.CATALOG_UNREACHABLE,
                "plan the targets",
                () -> new SinkPlan(settings, opener).plans(pipeline, relations));
    }

    Optional<Lsn> committedUpTo(RelationSchema relation, SinkContext asking) {
        return calls.awaitIn(
                relation.table(),
                ErrorCode.CATALOG_UNREACHABLE,
                "ask the target how far it is",
                () -> opener.find(relation.table())
                        .filter(table -> TargetProperties.holdsRowsOf(relation, table.properties()))
                        .flatMap(table -> opener.openAnyRows(relation.table(), table, asking)
                                .provenPosition()));
    }

    ParkingRecord parking(TableId table, SinkContext asking) {
        return calls.await(
                ErrorCode.CATALOG_UNREACHABLE,
                "read what the target says of rows set aside",
                () -> new TargetLook(settings, opener).parking(table, asking));
    }

    Optional<TablePicture> lastPicture(TableId table, SinkContext asking) {
        return calls.await(
                ErrorCode.CATALOG_UNREACHABLE,
                "read the target's picture of its source",
                () -> new TargetLook(settings, opener).picture(table, asking));
    }

    Optional<String> reloadReason(TablePicture now, SinkContext asking) {
        return calls.awaitIn(
                now.relation().table(),
                ErrorCode.CATALOG_UNREACHABLE,
                "compare the target with the configuration",
                () -> new TargetLook(settings, opener).reloadReason(now, asking));
    }

    Optional<RowAudit> audit(RelationSchema relation) {
        if (!settings.rowMode(relation.table()).mirrors()) {
            return Optional.empty();
        }
        BoundedCalls own = new BoundedCalls(settings.namespace() + "-audit", 1, settings.commitTimeout());
        return Optional.of(own.awaitIn(
                relation.table(),
                ErrorCode.CATALOG_UNREACHABLE,
                "open the target",
                () -> IcebergAudit.open(opener, settings, own, relation)));
    }
}
