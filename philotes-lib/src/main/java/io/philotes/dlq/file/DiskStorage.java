// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.file;

import io.philotes.file.internal.Directories;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** Files of a directory, readable for their owner alone, for they hold the customer's data. */
final class DiskStorage implements LetterStorage {

    private final Path directory;
    private final Path file;
    private final Path beside;
    private final Path lock;

    DiskStorage(Path directory, String name) {
        this.directory = directory;
        this.file = directory.resolve(name + ".letters");
        this.beside = directory.resolve(name + ".letters.new");
        this.lock = directory.resolve(name + ".lock");
    }

    @Override
    public boolean exists() {
        return Files.exists(file);
    }

    @Override
    public Closeable lock() throws IOException {
        Files.createDirectories(directory);
        if (Files.notExists(lock)) {
            createPrivate(lock);
        }
        return FileLease.take(directory.toRealPath().resolve(lock.getFileName()));
    }

    private void createPrivate(Path path) throws IOException {
        boolean posix = Files.getFileStore(directory).supportsFileAttributeView("posix");
        FileAttribute<?>[] owner = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try {
            Files.createFile(path, owner);
        } catch (java.nio.file.FileAlreadyExistsException anotherWasFaster) {
            // It is as private as this one would be.
        }
    }

    @Override
    public Optional<StoredFile> open() throws IOException {
        try {
            return exists() ? Optional.of(new DiskFile(new RandomAccessFile(file.toFile(), "rw"))) : Optional.empty();
        } catch (FileNotFoundException e) {
            throw new IOException("it cannot be opened for reading and writing", e);
        }
    }

    @Override
    public Optional<StoredFile> createBeside() throws IOException {
        Files.deleteIfExists(beside);
        createPrivate(beside);
        if (exists() && !Files.getOwner(file).equals(Files.getOwner(beside))) {
            Files.delete(beside);
            return Optional.empty();
        }
        return Optional.of(new DiskFile(new RandomAccessFile(beside.toFile(), "rw")));
    }

    @Override
    public void replace() throws IOException {
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Directories.force(directory);
    }

    @Override
    public String describe() {
        return file.toString();
    }
}
