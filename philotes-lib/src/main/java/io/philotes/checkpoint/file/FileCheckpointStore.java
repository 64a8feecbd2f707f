// SPDX-License-Identifier: Apache-2.0
package io.philotes.checkpoint.file;

import io.philotes.checkpoint.Checkpoint;
import io.philotes.checkpoint.CheckpointJson;
import io.philotes.checkpoint.CheckpointStore;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.file.internal.Directories;
import io.philotes.file.internal.PipelineFileName;
import io.philotes.model.StorePlace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Keeps each pipeline's checkpoint in one JSON file of a directory, {@link CheckpointJson}'s text, named after the pipeline
 * with everything but {@code a-z 0-9 - _} written as {@code %XX}. A file is replaced as a whole: written beside, forced,
 * renamed, and the directory forced; a crash or a failure leaves the old one or the new one, and the next save begins anew.
 *
 * <p>For one thread and one process at a time. The directory is created when it is first needed.
 */
public final class FileCheckpointStore implements CheckpointStore {

    private final Path directory;
    private final AtomicFile files;

    FileCheckpointStore(Path directory, FileSteps steps) {
        this.directory = Objects.requireNonNull(directory, "directory");
        this.files = new AtomicFile(steps);
    }

    /** A store in {@code directory}, which need not exist yet. */
    public static FileCheckpointStore at(Path directory) {
        return new FileCheckpointStore(directory, new FileSteps());
    }

    @Override
    public Optional<Checkpoint> load(String pipeline) {
        Path file = file(pipeline);
        try {
            return Optional.of(decode(file, Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed("read", file, e);
        }
    }

    private static Checkpoint decode(Path file, byte[] content) {
        try {
            return CheckpointJson.decode(new String(content, StandardCharsets.UTF_8));
        } catch (PhilotesException e) {
            throw new PhilotesException(e.code(), e.reason() + ", file=" + file, e);
        }
    }

    @Override
    public Checkpoint save(String pipeline, Checkpoint checkpoint) {
        Optional<Checkpoint> stored = load(pipeline);
        if (stored.isPresent() && !checkpoint.supersedes(stored.get())) {
            return stored.get();
        }
        Path file = file(pipeline);
        try {
            files.replace(file, CheckpointJson.encode(checkpoint).getBytes(StandardCharsets.UTF_8));
            return checkpoint;
        } catch (IOException e) {
            throw failed("write", file, e);
        }
    }

    @Override
    public void remove(String pipeline) {
        Path file = file(pipeline);
        try {
            files.remove(file);
        } catch (IOException e) {
            throw failed("remove", file, e);
        }
    }

    /** No database; but whoever asks wants to know that it can be written. */
    @Override
    public Optional<StorePlace> place() {
        Directories.whyNotWritable(directory).ifPresent(why -> {
            throw new PhilotesException(
                            ErrorCode.CHECKPOINT_FAILED,
                            "Cannot keep checkpoints in " + directory.toAbsolutePath() + ": " + why)
                    .hinting("make the directory for the user that runs Philotes, or name another one");
        });
        return Optional.empty();
    }

    private Path file(String pipeline) {
        return directory.resolve(PipelineFileName.of(pipeline, "a checkpoint file") + ".json");
    }

    private static PhilotesException failed(String verb, Path file, IOException e) {
        return new PhilotesException(
                ErrorCode.CHECKPOINT_FAILED, "Cannot " + verb + " the checkpoint: " + e + ", file=" + file, e);
    }
}
