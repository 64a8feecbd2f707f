// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;

/** Builds an {@link IcebergSink}. Mutable, for one thread; {@link #build()} checks everything and lists every fault. */
public final class IcebergSinkBuilder {

    /** The newest format: deletes are deletion vectors, which every current engine reads fast. */
    public static final int DEFAULT_FORMAT_VERSION = 3;

    /** Large enough to scan well, small enough to be rewritten quickly. */
    public static final long DEFAULT_TARGET_FILE_SIZE_BYTES = 128L << 20;

    /** Nearly as small as level 3 and a fifth faster. */
    public static final int DEFAULT_ZSTD_LEVEL = 1;

    /** A catalog that does not answer for that long is treated as one whose answer is lost. */
    public static final Duration DEFAULT_COMMIT_TIMEOUT = Duration.ofMinutes(2);

    /** A commit mostly waits for catalog and storage. */
    public static final int DEFAULT_COMMIT_PARALLELISM = 2;

    /** Longer than any commit is under way, another instance's too. */
    public static final Duration DEFAULT_ORPHAN_AGE = Duration.ofDays(3);

    /** Clocks differ, and a table copy of another instance may take hours. */
    public static final Duration MIN_ORPHAN_AGE = Duration.ofDays(1);

    private static final long WAITING_MEMORY_BYTES = 32L << 20;

    private final Catalog catalog;
    private final List<String> faults = new ArrayList<>();
    private final Map<String, String> types = new LinkedHashMap<>();
    private final Map<TableId, TableOptions> tables = new LinkedHashMap<>();
    private final List<SinkSettings.Kind> kinds = new ArrayList<>();
    private String namespace = "";
    private int formatVersion = DEFAULT_FORMAT_VERSION;
    private WriteMode mode = WriteMode.UPSERT;
    private boolean cdcColumns;
    private boolean softDelete;
    private long targetFileSizeBytes = DEFAULT_TARGET_FILE_SIZE_BYTES;
    private int zstdLevel = DEFAULT_ZSTD_LEVEL;
    private Duration commitTimeout = DEFAULT_COMMIT_TIMEOUT;
    private CommitRetry commitRetry = CommitRetry.DEFAULT;
    private boolean atomic;
    private int commitParallelism = DEFAULT_COMMIT_PARALLELISM;
    private Optional<Path> indexDirectory = Optional.empty();
    private long indexMemoryBytes = Runtime.getRuntime().maxMemory() / 2;
    private long waitingMemoryBytes = WAITING_MEMORY_BYTES;
    private CompactionOptions compaction = CompactionOptions.DEFAULT;
    private Optional<SnapshotRetention> snapshots = Optional.of(SnapshotRetention.DEFAULT);
    private Optional<Duration> orphansOlderThan = Optional.of(DEFAULT_ORPHAN_AGE);

    IcebergSinkBuilder(Catalog catalog) {
        this.catalog = Objects.requireNonNull(catalog, "catalog");
    }

    /** Where tables go, levels separated by dots; required. */
    public IcebergSinkBuilder namespace(String levels) {
        namespace = Objects.requireNonNull(levels, "namespace");
        return this;
    }

    /** Format version of tables yet to be created: 3 (deletion vectors) or 2 (position deletes, for older readers). */
    public IcebergSinkBuilder formatVersion(int version) {
        formatVersion = version;
        return this;
    }

    /** What tables hold when their options do not say; upsert by default. */
    public IcebergSinkBuilder mode(WriteMode defaultMode) {
        mode = Objects.requireNonNull(defaultMode, "mode");
        return this;
    }

    /**
     * Lets the rows of every table in upsert mode say which change wrote them, unless a table's options differ: behind the
     * table's own columns it has {@code _cdc_operation}, {@code _cdc_lsn}, {@code _cdc_ordinal}, {@code _cdc_timestamp} and
     * {@code _cdc_transaction_id}, as in append mode. Rows of a table copy are {@code insert}s at its consistent point, the
     * other columns NULL. Off by default. A target that was made with another choice is refused until the table is copied
     * again.
     */
    public IcebergSinkBuilder withCdcColumns() {
        cdcColumns = true;
        return this;
    }

    /**
     * Lets deleted rows stay in every table in upsert mode, unless a table's options differ: DELETE and TRUNCATE leave the
     * rows with their last values and {@code _cdc_deleted} true (false on live rows); a changed key leaves the row under the
     * old key so; an INSERT with a deleted row's key takes its place. In a table without a key each deleted row stays. Has
     * the columns of {@link #withCdcColumns()} too. Off by default, and changed as those are.
     *
     * <p>A DELETE that carries the key only takes the other values from the row's data file. A TRUNCATE rewrites the table's
     * live rows, file by file; for its commit the row index takes about twice its memory. A deleted row under its key counts in the row index as a
     * live one does. A table copy (a resync, too)
     * replaces the content by the source's rows: deleted ones stay behind in older table snapshots, while those last.
     */
    public IcebergSinkBuilder withSoftDelete() {
        softDelete = true;
        return this;
    }

    /** What differs for one table. */
    public IcebergSinkBuilder table(TableId table, TableOptions options) {
        if (tables.put(Objects.requireNonNull(table, "table"), Objects.requireNonNull(options, "options")) != null) {
            faults.add("options of table " + table + " are given twice");
        }
        return this;
    }

    /** The same for every table that is included, and has no options of its own; of several the first call counts. */
    public IcebergSinkBuilder tables(Predicate<TableId> includes, TableOptions options) {
        Objects.requireNonNull(options, "options");
        if (options.target().isPresent()) {
            faults.add("many tables cannot have one target: " + options.target());
        }
        kinds.add(new SinkSettings.Kind(Objects.requireNonNull(includes, "includes"), options));
        return this;
    }

    /**
     * The Iceberg type of every column of a PostgreSQL type, where the default is not wanted: {@code string}, the exact text
     * that PostgreSQL prints, or {@code decimal(p,s)} for {@code numeric}, which then goes for columns that Iceberg has no
     * exact decimal for (no precision, or more than 38 digits) and rejects what does not fit exactly.
     *
     * @param pgType PostgreSQL's own name, such as {@code timestamptz}, {@code int4[]}, or {@code anyarray} for every array;
     *     a domain's is its base type's
     */
    public IcebergSinkBuilder type(String pgType, String icebergType) {
        if (types.put(Objects.requireNonNull(pgType, "pgType"), Objects.requireNonNull(icebergType, "icebergType"))
                != null) {
            faults.add("the type of " + pgType + " is given twice");
        }
        return this;
    }

    /** Size at which a data file is closed, in bytes. */
    public IcebergSinkBuilder targetFileSizeBytes(long bytes) {
        targetFileSizeBytes = bytes;
        return this;
    }

    /** Zstandard level of data files, 1 to 19. */
    public IcebergSinkBuilder zstdLevel(int level) {
        zstdLevel = level;
        return this;
    }

    /**
     * How long one table's commit may take before its outcome counts as unknown; and how long any other call on catalog or
     * storage may go without a sign of progress before it is given up.
     */
    public IcebergSinkBuilder commitTimeout(Duration timeout) {
        commitTimeout = Objects.requireNonNull(timeout, "commitTimeout");
        return this;
    }

    /** How one table's commit is tried again, default {@link CommitRetry#DEFAULT}; then the engine begins again. */
    public IcebergSinkBuilder commitRetry(CommitRetry retry) {
        commitRetry = Objects.requireNonNull(retry, "commitRetry");
        return this;
    }

    /**
     * Commits all tables of a round by one request, made as a whole or not at all, so that a reader who takes all tables from
     * the catalog at one moment finds them at one position of the source: a transaction over several tables is in all of them
     * or in none. Off by default: the slowest table sets the pace of all, and no row is safer for it.
     *
     * <p>Only REST catalogs can, whose server offers {@code transactions/commit}; with any other {@link IcebergSink#open} fails
     * with INVALID_CONFIGURATION. A table that is held, being copied, or not yet following commits by itself, and so does what
     * changes a table's definition or its files only.
     */
    public IcebergSinkBuilder atomicCommits() {
        atomic = true;
        return this;
    }

    /** Tables that commit at the same time. */
    public IcebergSinkBuilder commitParallelism(int threads) {
        commitParallelism = threads;
        return this;
    }

    /**
     * What all row indexes together may take in memory, in bytes; as much as half of the heap by default, but not of the
     * heap. What does not fit goes to files, which is slower.
     */
    public IcebergSinkBuilder indexMemoryBytes(long bytes) {
        indexMemoryBytes = bytes;
        return this;
    }

    /**
     * Where the row indexes may write files, on a local disk: what does not fit in memory, and for each table with a key a
     * copy of its index, from which the next start goes on instead of reading the key columns of the whole table. It is made
     * when it is needed, and may be lost at any time. Without it, what does not fit goes to the JVM's temporary directory,
     * and there are no copies.
     */
    public IcebergSinkBuilder indexDirectory(Path directory) {
        indexDirectory = Optional.of(Objects.requireNonNull(directory, "indexDirectory"));
        return this;
    }

    /** What rows that wait for unchanged values may take per table, in bytes. */
    public IcebergSinkBuilder waitingMemoryBytes(long bytes) {
        waitingMemoryBytes = bytes;
        return this;
    }

    /** How tables are compacted beside the writer; on by default, see {@link CompactionOptions#DEFAULT}. */
    public IcebergSinkBuilder compaction(CompactionOptions options) {
        compaction = Objects.requireNonNull(options, "compaction");
        return this;
    }

    /**
     * How long older table snapshots stay, {@link SnapshotRetention#DEFAULT} by default. They go with the table's own commits,
     * so a table that does not change keeps what it has.
     */
    public IcebergSinkBuilder keepSnapshots(SnapshotRetention retention) {
        snapshots = Optional.of(retention);
        return this;
    }

    /**
     * Lets all table snapshots stay: somebody else must expire them. A table's metadata grows by a kilobyte with each commit,
     * and each commit reads and writes it as a whole.
     */
    public IcebergSinkBuilder keepAllSnapshots() {
        snapshots = Optional.empty();
        return this;
    }

    /**
     * Once a day, files in a table's directories that nothing in the table knows are deleted when they are older than that,
     * default {@link #DEFAULT_ORPHAN_AGE}, and at least {@link #MIN_ORPHAN_AGE}; needs a storage that can list files.
     */
    public IcebergSinkBuilder removeOrphans(Duration olderThan) {
        orphansOlderThan = Optional.of(olderThan);
        return this;
    }

    /** Lets such files stay. */
    public IcebergSinkBuilder keepOrphans() {
        orphansOlderThan = Optional.empty();
        return this;
    }

    /**
     * The sink; nothing is opened yet.
     *
     * @throws PhilotesException INVALID_CONFIGURATION naming every fault
     */
    public IcebergSink build() {
        SinkSettings settings = settings();
        List<String> all = new ArrayList<>(faults);
        all.addAll(new SettingsCheck(settings).faults());
        if (!all.isEmpty()) {
            throw new PhilotesException(
                    ErrorCode.INVALID_CONFIGURATION, "Cannot build the Iceberg sink: " + String.join("; ", all));
        }
        return new IcebergSink(catalog, settings);
    }

    SinkSettings settings() {
        return new SinkSettings(
                Namespace.of(namespace.split("\\.", -1)),
                formatVersion,
                mode,
                types,
                cdcColumns,
                softDelete,
                tables,
                kinds,
                targetFileSizeBytes,
                zstdLevel,
                commitTimeout,
                commitRetry,
                atomic,
                commitParallelism,
                indexMemoryBytes,
                indexDirectory,
                waitingMemoryBytes,
                compaction,
                new Upkeep(snapshots, orphansOlderThan));
    }
}
