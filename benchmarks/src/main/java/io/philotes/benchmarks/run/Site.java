// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.run;

import io.philotes.benchmarks.lake.DirectoryCopy;
import io.philotes.benchmarks.lake.Lake;
import io.philotes.benchmarks.lake.LakeSize;
import io.philotes.benchmarks.part.BufferKind;
import io.philotes.benchmarks.part.PartKind;
import io.philotes.benchmarks.part.PartSpec;
import io.philotes.benchmarks.server.EmbeddedServer;
import io.philotes.benchmarks.server.Slots;
import io.philotes.benchmarks.server.Source;
import io.philotes.benchmarks.workload.SourceTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Where one benchmark takes place: source, lake, and what Philotes keeps; all of it goes with {@link #close()}. For one thread.
 */
public final class Site implements AutoCloseable {

    /** Slot, publication and pipeline; a part that is not Philotes reads a slot of its own. */
    static final String NAME = "philotes_benchmark";

    private static final String BUFFER_DATABASE = "buffer";
    private static final String BUFFER_ORIGIN = "buffer_origin";

    private final BenchmarkOptions options;
    private final List<SourceTable> tables;
    private final Path directory;
    private final Optional<EmbeddedServer> ours;
    private final Optional<EmbeddedServer> bufferServer;
    private final Source source;
    private final Slots slots;

    private final AtomicBoolean isRemoved = new AtomicBoolean();

    private Site(BenchmarkOptions options, String name, List<SourceTable> tables) throws IOException, SQLException {
        this.options = options;
        this.tables = List.copyOf(tables);
        Files.createDirectories(options.directory());
        this.directory = Files.createTempDirectory(options.directory(), name + "-");
        this.ours = options.server().isPresent()
                ? Optional.empty()
                : Optional.of(EmbeddedServer.start(directory.resolve("source")));
        this.bufferServer = options.buffer() == BufferKind.POSTGRES
                ? Optional.of(EmbeddedServer.start(directory.resolve("buffer")))
                : Optional.empty();
        this.source = options.server().orElseGet(() -> ours.orElseThrow().source());
        this.slots = new Slots(source);
        // Who stops the benchmark with a signal is left with no server, no process and no directory.
        Runtime.getRuntime().addShutdownHook(new Thread(this::abandon, "site-removal"));
    }

    /** A site with these tables, empty. */
    static Site open(BenchmarkOptions options, String name, List<SourceTable> tables) throws IOException, SQLException {
        Site site = new Site(options, name, tables);
        site.clearSource();
        site.source.execute("CREATE SCHEMA " + SourceTable.SCHEMA);
        for (SourceTable table : site.tables) {
            site.source.execute("CREATE TABLE " + table.qualified() + " " + table.definition());
        }
        if (site.bufferServer.isPresent()) {
            site.bufferServer.get().source().execute("CREATE DATABASE " + BUFFER_DATABASE);
        }
        return site;
    }

    Source source() {
        return source;
    }

    Slots slots() {
        return slots;
    }

    PartSpec spec(PartKind kind, String slot, long changes) {
        return new PartSpec(
                kind,
                source.url(),
                options.usesSocket() ? socket() : "",
                options.streams(),
                source.user(),
                source.password(),
                slot,
                NAME,
                tables.stream().map(SourceTable::qualified).toList(),
                changes,
                lake().toString(),
                Lake.NAMESPACE,
                state().toString(),
                options.buffer(),
                bufferServer
                        .map(server -> server.url(BUFFER_DATABASE) + "?user=postgres&password=postgres")
                        .orElse(""),
                options.commitInterval().map(interval -> interval.toMillis()).orElse(0L));
    }

    private String socket() {
        return source.socket()
                .map(Path::toString)
                .orElseThrow(() -> new BenchmarkException("Where the server's Unix socket is must be told"));
    }

    /** One that is not recorded. */
    PartJvm jvm(String part, String heap) {
        return new PartJvm(heap, Optional.empty(), log(part));
    }

    Path log(String part) {
        return directory.resolve(part + ".log");
    }

    Path lake() {
        return directory.resolve("lake");
    }

    private Path state() {
        return directory.resolve("state");
    }

    private Path origin() {
        return directory.resolve("origin");
    }

    Lake openLake() {
        return new Lake(lake());
    }

    LakeSize lakeSize() {
        try (Lake lake = openLake()) {
            return tables.stream().map(lake::sizeOf).reduce(LakeSize.NONE, LakeSize::plus);
        }
    }

    /** Notes where Philotes stands, which is stopped: slot, lake and what it keeps. */
    void keepOrigin() throws SQLException, IOException {
        Files.createDirectories(state());
        slots.keepOrigin(NAME);
        DirectoryCopy.replace(lake(), origin().resolve("lake"));
        DirectoryCopy.replace(state(), origin().resolve("state"));
        if (bufferServer.isPresent()) {
            copyDatabase(BUFFER_DATABASE, BUFFER_ORIGIN);
        }
    }

    /** Brings Philotes back to where it stood. */
    void restoreOrigin() throws SQLException {
        slots.copyOrigin(NAME);
        DirectoryCopy.replace(origin().resolve("lake"), lake());
        DirectoryCopy.replace(origin().resolve("state"), state());
        if (bufferServer.isPresent()) {
            copyDatabase(BUFFER_ORIGIN, BUFFER_DATABASE);
        }
    }

    /** Philotes has never been here. */
    void clearPipeline() throws SQLException {
        slots.drop(NAME);
        source.execute("DROP PUBLICATION IF EXISTS " + NAME);
        DirectoryCopy.remove(lake());
        DirectoryCopy.remove(state());
    }

    /** Ends what the server would do later, in the middle of a measurement. */
    void settleSource() throws SQLException {
        source.execute("VACUUM ANALYZE", "CHECKPOINT");
    }

    private void copyDatabase(String from, String to) throws SQLException {
        Source server = bufferServer.orElseThrow().source();
        server.execute("DROP DATABASE IF EXISTS " + to);
        server.execute("CREATE DATABASE " + to + " TEMPLATE " + from);
    }

    private void clearSource() throws SQLException {
        slots.drop(NAME);
        slots.dropOrigin();
        source.execute(
                "DROP PUBLICATION IF EXISTS " + NAME, "DROP SCHEMA IF EXISTS " + SourceTable.SCHEMA + " CASCADE");
    }

    private void abandon() {
        if (!isRemoved.get()) {
            ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
            remove();
        }
    }

    private void remove() {
        if (isRemoved.compareAndSet(false, true)) {
            ours.ifPresent(EmbeddedServer::close);
            bufferServer.ifPresent(EmbeddedServer::close);
            DirectoryCopy.remove(directory);
        }
    }

    @Override
    public void close() throws SQLException {
        try {
            if (ours.isEmpty()) {
                clearSource();
            }
            slots.close();
        } finally {
            remove();
        }
    }
}
