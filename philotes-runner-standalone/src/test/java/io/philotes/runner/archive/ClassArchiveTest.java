// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.runner.Main;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive of an installation: this class path, with each directory as a jar, for directories cannot be archived. */
class ClassArchiveTest {

    /** In the driver's jar only for Java 11 and newer; the first connection needs it. */
    private static final String VERSIONED = "org.postgresql.util.LazyCleanerImpl$CleanableWrapper";

    @TempDir
    Path directory;

    /** Loads the classes that it is told. */
    static final class Loads {

        private Loads() {}

        public static void main(String[] names) throws ClassNotFoundException {
            for (String name : names) {
                System.out.println(Class.forName(name).getName());
            }
        }
    }

    @Test
    void a_start_takes_its_classes_from_the_archive_and_can_be_recorded() throws Exception {
        String classPath = jars();
        Path installed = Files.createDirectory(directory.resolve("installed"));
        Path archive = Files.writeString(installed.resolve("philotes.jsa"), "an earlier one, which did not fit");
        assertThat(java(List.of("-cp", classPath), ClassArchive.class.getName(), archive.toString()))
                .isEmpty();
        assertThat(list(installed)).containsExactly(archive);

        List<String> mapped = List.of("-XX:SharedArchiveFile=" + archive, "-cp", classPath);
        assertThat(java(with(mapped, "-Xlog:class+load"), Main.class.getName(), "version"))
                .containsPattern("io\\.philotes\\.runner\\.cli\\.VersionCommand source: shared objects file")
                .contains("philotes ");

        Path recording = directory.resolve("recording.jfr");
        List<String> recorded = with(mapped, "-XX:StartFlightRecording=filename=" + recording);
        assertThat(java(recorded, Loads.class.getName(), VERSIONED, "io.philotes.sink.iceberg.IcebergSink"))
                .contains(VERSIONED, "IcebergSink");
        assertThat(recording).isNotEmptyFile();
    }

    @Test
    void without_a_file_to_write_it_says_what_it_wants() throws Exception {
        assertThat(run(List.of("-cp", System.getProperty("java.class.path")), ClassArchive.class.getName()))
                .isEqualTo(64);
    }

    private static List<String> with(List<String> options, String one) {
        List<String> all = new ArrayList<>(options);
        all.add(one);
        return all;
    }

    private String java(List<String> options, String... arguments) throws Exception {
        int code = run(options, arguments);
        String output = Files.readString(directory.resolve("output"));
        assertThat(code).as(output).isZero();
        return output;
    }

    private int run(List<String> options, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m"));
        command.addAll(options);
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        try {
            assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private String jars() throws IOException {
        List<String> elements = new ArrayList<>();
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path path = Path.of(element);
            if (Files.isDirectory(path)) {
                elements.add(jar(path, elements.size()).toString());
            } else if (Files.exists(path)) {
                elements.add(element);
            }
        }
        return String.join(File.pathSeparator, elements);
    }

    private Path jar(Path classes, int number) throws IOException {
        Path file = directory.resolve("classes-" + number + ".jar");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file));
                Stream<Path> files = Files.walk(classes)) {
            for (Path one : files.filter(Files::isRegularFile).toList()) {
                jar.putNextEntry(new JarEntry(classes.relativize(one).toString()));
                Files.copy(one, jar);
            }
        }
        return file;
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
