// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A JVM of a given heap that runs one main class of the tests; the two talk in lines. Confined to one thread. */
public final class ChildProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    private ChildProcess(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    public static ChildProcess start(String heap, Class<?> main, String... arguments) throws IOException {
        return under(List.of(), heap, main, arguments);
    }

    /** The same as an argument of another command. */
    public static ChildProcess under(List<String> tool, String heap, Class<?> main, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(tool);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ChildProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** The next line that begins so; fails with all that was said when the process ends before. */
    public String line(String beginning) throws IOException {
        return line(beginning, line -> line.startsWith(beginning));
    }

    /** The same for a line that has it anywhere. */
    public String lineWith(String part) throws IOException {
        return line(part, line -> line.contains(part));
    }

    private String line(String what, Predicate<String> wanted) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (wanted.test(line)) {
                return line;
            }
            if (line.contains("WARN") || line.contains("ERROR")) {
                System.out.println("child: " + line);
            }
            all.append(line).append('\n');
        }
        throw new AssertionError("the child ended without " + what + ":\n" + all);
    }

    public void say(String line) throws IOException {
        try {
            process.getOutputStream().write((line + '\n').getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException dead) {
            line("the end, to see what it said before");
        }
    }

    /** Ends it as {@code kill -9} does, and waits until it is dead. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Resident memory in MiB, its highest so far. */
    public long peakResidentMiB() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10;
            }
        }
        return -1;
    }

    public int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            output.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
