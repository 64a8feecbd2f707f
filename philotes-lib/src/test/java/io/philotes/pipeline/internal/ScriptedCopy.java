// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Lsn;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.model.TupleView;
import io.philotes.source.CopyRange;
import io.philotes.source.RowConsumer;
import io.philotes.source.SourceIdentity;
import io.philotes.source.TableCopy;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The numbers of each table of a {@link ScriptedSource} at a moment, as a table copy. */
final class ScriptedCopy implements TableCopy {

    /** What a table had at the moment. */
    record Content(RelationSchema relation, List<Integer> numbers) {}

    private final ScriptedSource source;
    private final Lsn consistentPoint;
    private final Map<TableId, Content> tables;
    private final SourceIdentity exporter;

    ScriptedCopy(ScriptedSource source, Lsn consistentPoint, Map<TableId, Content> tables) {
        this.source = source;
        this.consistentPoint = consistentPoint;
        this.tables = tables;
        this.exporter = source.identify();
    }

    @Override
    public Optional<SourceIdentity> identity() {
        return Optional.of(exporter);
    }

    @Override
    public Lsn consistentPoint() {
        return consistentPoint;
    }

    @Override
    public List<TablePicture> tables() {
        return tables.values().stream()
                .map(content -> TablePicture.of(content.relation()))
                .toList();
    }

    @Override
    public List<CopyRange> ranges(RelationSchema table, int parallelism) {
        return List.of(new CopyRange(table, 0, Long.MAX_VALUE));
    }

    @Override
    public long read(CopyRange range, RowConsumer consumer) {
        TupleView view = new TupleView();
        List<Integer> numbers = tables.get(range.table().table()).numbers();
        for (int number : numbers) {
            if (source.breaks(exporter)) {
                throw new PhilotesException(ErrorCode.SOURCE_UNREACHABLE, "Cannot read on: scripted");
            }
            byte[] tuple = ScriptedSource.tuple(number);
            view.readTupleData(tuple, 0, tuple.length);
            consumer.accept(view);
        }
        return numbers.size();
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
