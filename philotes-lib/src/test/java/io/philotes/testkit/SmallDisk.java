// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A file system of a few megabytes, mounted for one test, which is skipped where it may not mount. */
public final class SmallDisk implements AutoCloseable {

    private final Path path;

    private SmallDisk(Path path) {
        this.path = path;
    }

    public static SmallDisk mount(Path where, int megabytes) throws IOException, InterruptedException {
        Files.createDirectories(where);
        int code = run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "philotes", where.toString());
        Assumptions.assumeTrue(code == 0, "no small disk can be mounted here");
        return new SmallDisk(where);
    }

    private static int run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException noSuchCommand) {
            return -1;
        }
    }

    public Path path() {
        return path;
    }

    public void remount(String options) throws IOException, InterruptedException {
        if (run("mount", "-o", "remount," + options, path.toString()) != 0) {
            throw new IOException("could not remount " + path);
        }
    }

    /** Takes every byte that is left; the file can be deleted. */
    public Path fill() throws IOException {
        Path filler = path.resolve("filler");
        for (int size = 1 << 16; size > 0; size >>= 1) {
            try (OutputStream out = Files.newOutputStream(
                    filler, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND)) {
                byte[] zeros = new byte[size];
                while (true) {
                    out.write(zeros);
                }
            } catch (IOException full) {
                // The next smaller piece may fit.
            }
        }
        return filler;
    }

    @Override
    public void close() {
        try {
            run("umount", "-l", path.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
