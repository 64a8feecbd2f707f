// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeBatchBuilder;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.SourceMark;
import io.philotes.model.TableId;
import io.philotes.model.TablePicture;
import io.philotes.model.TimelinePath;
import io.philotes.source.AttachedSource;
import io.philotes.source.ChangeSource;
import io.philotes.source.ChangeStream;
import io.philotes.source.SchemaTracking;
import io.philotes.source.SlotState;
import io.philotes.source.SourceIdentity;
import io.philotes.source.SourceLook;
import io.philotes.source.TableCopy;
import io.philotes.source.TableSize;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A server in memory: tables to which numbered rows are appended, a slot with PostgreSQL's rules (what is confirmed is never
 * sent again; a start position behind it silently loses; what was not published when it was committed is never sent), a
 * standby that may take its place, and faults on demand. Single-threaded.
 */
class ScriptedSource implements ChangeSource, AttachedSource {

    static final RelationSchema TABLE = relation(16384, "numbers");
    static final RelationSchema OTHER = relation(16385, "others");

    /** A table of the server. */
    private static final class Kept {

        private final RelationSchema relation;
        private final List<Numbered> rows = new ArrayList<>();
        private int next;
        private boolean there;
        private boolean published;

        Kept(RelationSchema relation) {
            this.relation = relation;
        }
    }

    private record Numbered(int number, long endLsn) {}

    private record Row(RelationSchema relation, int number) {}

    /** One committed transaction; only the rows that were published. */
    private record Transaction(long commitLsn, long endLsn, List<Row> rows) {}

    private final Map<TableId, Kept> tables = new TreeMap<>();
    private final List<Transaction> transactions = new ArrayList<>();
    private long walEnd = 1000;
    private Lsn confirmed;
    private boolean failNextPoll;
    private boolean failNextExport;
    private boolean failNextRead;
    private int partSize = Integer.MAX_VALUE;
    private final Map<TableId, String> untold = new TreeMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private Stream open;
    private long publication;
    private TimelinePath timelines = TimelinePath.UNKNOWN;
    private Lsn told = Lsn.ZERO;

    ScriptedSource() {
        create(TABLE);
    }

    private static RelationSchema relation(int oid, String name) {
        return new RelationSchema(
                oid,
                new TableId("public", name),
                ReplicaIdentity.DEFAULT,
                List.of(Column.of("n", 1, PgType.base(25, "text"))),
                List.of(0));
    }

    /** The table is there now, and configured. */
    void create(RelationSchema relation) {
        tables.computeIfAbsent(relation.table(), t -> new Kept(relation)).there = true;
    }

    /** The table is not there, or not configured; changes made meanwhile are never sent. */
    void remove(RelationSchema relation) {
        Kept kept = tables.get(relation.table());
        kept.there = false;
        kept.published = false;
    }

    /** Commits a transaction of so many rows. */
    void commit(int rows) {
        commit(Map.of(TABLE, rows));
    }

    /** Commits a transaction of so many rows in each table. */
    void commit(Map<RelationSchema, Integer> counts) {
        // Of transactions that were open at the same time, one commits right where another ends.
        long commitLsn = transactions.size() % 2 == 0 ? walEnd : walEnd + 50;
        walEnd = commitLsn + 30;
        List<Row> rows = new ArrayList<>();
        counts.forEach((relation, count) -> {
            Kept kept = tables.get(relation.table());
            for (int i = 0; i < count; i++) {
                Row row = new Row(relation, kept.next++);
                kept.rows.add(new Numbered(row.number(), walEnd));
                if (kept.published) {
                    rows.add(row);
                }
            }
        });
        if (!rows.isEmpty()) {
            transactions.add(new Transaction(commitLsn, walEnd, rows));
        }
    }

    /** WAL that holds nothing of ours. */
    void idleWal() {
        walEnd += 100;
    }

    void failNextPoll() {
        failNextPoll = true;
    }

    void failNextExport() {
        failNextExport = true;
    }

    void failNextRead() {
        failNextRead = true;
    }

    /** The next look tells this once. */
    void untold(TableId table, String what) {
        untold.put(table, what);
    }

    /** What every check says from now on. */
    void finding(Finding finding) {
        findings.add(finding);
    }

    boolean isPublished(RelationSchema relation) {
        return tables.get(relation.table()).published;
    }

    /** Somebody takes it out of the publication. */
    void unpublish(RelationSchema relation) {
        tables.get(relation.table()).published = false;
    }

    /** Somebody drops the publication, and makes one of the same name for the same tables at once. */
    void recreatePublication() {
        publication++;
    }

    /** Transactions with more rows than this arrive in parts. */
    void partSize(int rows) {
        partSize = rows;
    }

    int numbers() {
        return numbers(TABLE);
    }

    int numbers(RelationSchema relation) {
        Kept kept = tables.get(relation.table());
        return kept == null ? 0 : kept.rows.size();
    }

    /** The numbers in a table, in order; some are missing once a standby took the place of a server that had them. */
    List<Integer> rows(RelationSchema relation) {
        Kept kept = tables.get(relation.table());
        return kept == null
                ? List.of()
                : kept.rows.stream().map(Numbered::number).toList();
    }

    /** From now on it says on which timeline it is. */
    ScriptedSource onTimeline(int current) {
        timelines = new TimelinePath(List.of(), current);
        return this;
    }

    /**
     * The server dies, and a standby takes its place at the same address, with a copy of the slot.
     *
     * @param left what ends at or before it had reached the standby; nothing else is known any more
     */
    void failOver(Lsn left) {
        List<TimelinePath.Left> turns = new ArrayList<>(timelines.left());
        turns.add(new TimelinePath.Left(timelines.current(), left));
        timelines = new TimelinePath(turns, timelines.current() + 1);
        putBack(left);
    }

    /** The server is what it was when its WAL ended there. */
    void putBack(Lsn end) {
        walEnd = end.value();
        transactions.removeIf(transaction -> transaction.endLsn() > walEnd);
        tables.values().forEach(kept -> kept.rows.removeIf(row -> row.endLsn() > walEnd));
        confirmed = confirmed == null ? null : Lsn.min(confirmed, end);
        disconnect();
    }

    /** Nothing behind it was ever sent, or copied. */
    Lsn told() {
        return told;
    }

    private Lsn tell(Lsn upTo) {
        told = Lsn.max(told, upTo);
        return upTo;
    }

    Lsn confirmed() {
        return confirmed;
    }

    /** The connection is cut, as when the client's process dies. */
    void disconnect() {
        open = null;
    }

    @Override
    public String description() {
        return "scripted";
    }

    @Override
    public AttachedSource attach(String pipeline) {
        return this;
    }

    @Override
    public List<Finding> check() {
        return List.copyOf(findings);
    }

    @Override
    public SourceIdentity identify() {
        SourceMark mark = new SourceMark("scripted", timelines, 0, publication, Optional.empty());
        return new SourceIdentity("scripted", timelines.current(), "db", "17", new Lsn(walEnd), mark);
    }

    private List<Kept> there() {
        return tables.values().stream().filter(kept -> kept.there).toList();
    }

    @Override
    public List<TablePicture> tables() {
        return there().stream().map(kept -> TablePicture.of(kept.relation)).toList();
    }

    @Override
    public void remember(TablePicture picture) {
        // There is one version of each table.
    }

    @Override
    public SourceLook look() {
        Set<TableId> present =
                there().stream().map(kept -> kept.relation.table()).collect(Collectors.toSet());
        SourceLook look = new SourceLook(SchemaTracking.INFERRED, unpublished(), present, untold);
        untold.clear();
        return look;
    }

    @Override
    public Map<TableId, TableSize> estimates(Collection<TableId> tables) {
        return tables.stream().collect(Collectors.toMap(table -> table, table -> new TableSize(0, 0)));
    }

    @Override
    public Optional<SlotState> slot() {
        return Optional.ofNullable(confirmed)
                .map(c -> new SlotState("slot", open != null, open != null ? 1 : 0, c, c, "reserved", 0));
    }

    @Override
    public Set<TableId> unpublished() {
        return there().stream()
                .filter(kept -> !kept.published)
                .map(kept -> kept.relation.table())
                .collect(Collectors.toSet());
    }

    @Override
    public void preparePublication() {
        publication = Math.max(1, publication);
        tables.values().forEach(kept -> kept.published = kept.there);
    }

    @Override
    public void preparePublication(Set<TableId> wanted) {
        publication = Math.max(1, publication);
        tables.values().forEach(kept -> kept.published = kept.there && wanted.contains(kept.relation.table()));
    }

    @Override
    public TableCopy createSlot(Set<TableId> wanted) {
        confirmed = new Lsn(walEnd);
        return copyNow(wanted);
    }

    @Override
    public TableCopy copy(Set<TableId> wanted) {
        if (failNextExport) {
            failNextExport = false;
            throw new PhilotesException(ErrorCode.SLOT_CREATION_BLOCKED, "Cannot export: scripted");
        }
        return copyNow(wanted);
    }

    private TableCopy copyNow(Set<TableId> wanted) {
        Map<TableId, ScriptedCopy.Content> content = new TreeMap<>();
        there().stream()
                .filter(kept -> wanted.contains(kept.relation.table()))
                .forEach(kept -> content.put(
                        kept.relation.table(), new ScriptedCopy.Content(kept.relation, rows(kept.relation))));
        return new ScriptedCopy(this, tell(new Lsn(walEnd)), content);
    }

    /** Whether a copy's connection breaks before its next row: on demand, and when its server is not there any more. */
    boolean breaks(SourceIdentity exporter) {
        boolean breaks = failNextRead || exporter.timeline() != timelines.current();
        failNextRead = false;
        return breaks;
    }

    @Override
    public void dropSlot() {
        confirmed = null;
    }

    @Override
    public ChangeStream open(Lsn from) {
        if (confirmed.isAfter(from)) {
            throw new PhilotesException(
                    ErrorCode.SLOT_AHEAD, "Cannot stream from " + from + ": confirmed " + confirmed);
        }
        open = new Stream(from);
        return open;
    }

    @Override
    public boolean heartbeat() {
        idleWal();
        return true;
    }

    /** A stream that sends each transaction behind its start once. */
    private final class Stream implements ChangeStream {

        private final ChangeBatchBuilder builder = new ChangeBatchBuilder();
        private final SourceIdentity sender = identify();
        private Lsn sent;
        private Transaction parted;
        private int partedRows;

        Stream(Lsn from) {
            this.sent = from;
        }

        @Override
        public ChangeBatch poll(Duration timeout) {
            if (failNextPoll || open != this) {
                failNextPoll = false;
                throw new PhilotesException(ErrorCode.SOURCE_UNREACHABLE, "Cannot read: scripted");
            }
            if (parted != null) {
                return part();
            }
            Optional<Transaction> next = transactions.stream()
                    .filter(t -> new Lsn(t.endLsn()).isAfter(sent))
                    .findFirst();
            return next.isPresent() ? begin(next.get()) : idle();
        }

        private ChangeBatch begin(Transaction next) {
            builder.begin(new Lsn(next.commitLsn()), 1_700_000_000_000_000L + next.commitLsn(), 7);
            parted = next;
            partedRows = 0;
            return part();
        }

        private ChangeBatch part() {
            List<Row> rows = parted.rows();
            int end = partedRows + Math.min(partSize, rows.size() - partedRows);
            for (; partedRows < end; partedRows++) {
                byte[] tuple = tuple(rows.get(partedRows).number());
                builder.insert(rows.get(partedRows).relation(), tuple, 0, tuple.length);
            }
            if (partedRows < rows.size()) {
                return builder.cutPart();
            }
            builder.commit(new Lsn(parted.endLsn()));
            sent = tell(new Lsn(parted.endLsn()));
            parted = null;
            return builder.cutWhole();
        }

        private ChangeBatch idle() {
            if (!new Lsn(walEnd).isAfter(sent)) {
                return null;
            }
            sent = tell(new Lsn(walEnd));
            return ChangeBatch.progress(sent);
        }

        @Override
        public void acknowledge(Lsn upTo) {
            confirmed = Lsn.max(confirmed, upTo);
        }

        @Override
        public Lsn walEnd() {
            return new Lsn(walEnd);
        }

        @Override
        public Optional<SourceIdentity> identity() {
            return Optional.of(sender);
        }

        @Override
        public void close() {
            if (open == this) {
                open = null;
            }
        }
    }

    static byte[] tuple(int number) {
        byte[] text = Integer.toString(number).getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(7 + text.length)
                .putShort((short) 1)
                .put((byte) 't')
                .putInt(text.length)
                .put(text)
                .array();
    }
}
