// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.apache.iceberg.jdbc.JdbcCatalog;

/** F-09: what lies on the disk between two runs is not what was written. */
final class DamagedBuffer {

    /** Hurts some file. */
    interface Damage {
        /** @return the file's name */
        String to(Stage stage, ChildOptions options) throws IOException;
    }

    private DamagedBuffer() {}

    static Scenario.Play by(Damage damage) {
        return stage -> {
            ChildOptions options =
                    stage.options().with("buffer", ChildOptions.DISK).with("bufferBytes", 2 << 20);
            MixedLoad.define(stage);
            return fill(stage, options).then(() -> damaged(stage, options, damage));
        };
    }

    private static Finding damaged(Stage stage, ChildOptions options, Damage damage) throws Exception {
        String file = damage.to(stage, options);
        Finding finding = Judge.of(stage, options).afterAll();
        if (finding.verdict() != Verdict.LOUD) {
            return finding.and(file);
        }
        Finding named = finding.detail().contains(file) || finding.detail().contains("PHI-1011")
                ? finding
                : finding.and(Judge.stuck("does not name " + file));
        return named.and(healed(stage, options));
    }

    /** Dies with batches in its buffer that are not in the lake, because the catalog answers nobody. */
    private static Finding fill(Stage stage, ChildOptions options) throws Exception {
        try (Child child = stage.startLoaded(options)) {
            return Load.during(
                    stage,
                    MixedLoad::transaction,
                    load -> stage.commits(child, 2).then(() -> {
                        try (CatalogLock lock = CatalogLock.on(options)) {
                            lock.requireHeld();
                            load.await(load.transactions() + 300);
                            return stage.kill(child);
                        }
                    }));
        }
    }

    /** The documented way: drop the slot, forget what is damaged, copy all tables again. */
    private static Finding healed(Stage stage, ChildOptions options) throws Exception {
        dropSlot(stage);
        delete(options.bufferDirectory());
        try (JdbcCatalog catalog = ChildTargets.catalog(options)) {
            Path saved = options.directory().resolve("checkpoint.saved");
            if (Files.exists(saved)) {
                Files.move(saved, checkpoint(options), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
            ChildParts.pipeline(options, catalog).markForResync(List.of());
        }
        Finding after = Judge.of(stage, options).afterAll();
        return after.verdict() == Verdict.OK ? after.and("healed") : after.and("after healing");
    }

    private static void dropSlot(Stage stage) throws Exception {
        try (Connection connection = stage.postgres().connect(stage.database());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_drop_replication_slot(slot_name) FROM"
                        + " pg_replication_slots WHERE database = current_database()")) {
            row.next();
        }
    }

    private static void delete(Path directory) throws IOException {
        for (Path file : files(directory)) {
            Files.delete(file);
        }
    }

    /** (a) The last bytes of the newest file are gone, as after a power loss on a disk that lies. */
    static String cutTail(Stage stage, ChildOptions options) throws IOException {
        List<Path> segments = segments(options);
        Path last = segments.get(segments.size() - 1);
        try (FileChannel channel = FileChannel.open(last, StandardOpenOption.WRITE)) {
            channel.truncate(Math.max(0, channel.size() - 1 - stage.random().nextInt(4_000)));
        }
        return last.getFileName().toString();
    }

    /** (b) One bit is another somewhere in the middle. */
    static String flipBit(Stage stage, ChildOptions options) throws IOException {
        List<Path> segments = segments(options);
        Path middle = segments.get(segments.size() / 2);
        flip(middle, (long) (Files.size(middle) * (0.3 + stage.random().nextDouble() * 0.3)));
        return middle.getFileName().toString();
    }

    /** (c) One byte of the checkpoint is another. */
    static String spoilCheckpoint(Stage stage, ChildOptions options) throws IOException {
        Path file = checkpoint(options);
        Files.copy(file, options.directory().resolve("checkpoint.saved"));
        flip(file, stage.random().nextInt((int) Files.size(file)));
        return file.getFileName().toString();
    }

    private static void flip(Path file, long at) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 0x10)).flip();
            channel.write(one, at);
        }
    }

    private static Path checkpoint(ChildOptions options) throws IOException {
        return files(options.checkpointDirectory()).get(0);
    }

    private static List<Path> segments(ChildOptions options) throws IOException {
        return files(options.bufferDirectory()).stream()
                .filter(file -> file.getFileName().toString().endsWith(".segment"))
                .toList();
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }
}
