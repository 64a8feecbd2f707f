// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bin/philotes} in a directory that looks like ours, with a Java and a Maven that only say what they were told. */
class StartScriptTest {

    private static final String BUILD = "17.0.9+9-test-1";

    private static final String JAVA = """
            #!/bin/sh
            case "$1" in
                -version) cat >&2 <<'END'
            openjdk version "17.0.9" 2023-10-17
            OpenJDK Runtime Environment (build 17.0.9+9-test-0)
            OpenJDK 64-Bit Server VM Test-17 (build %s, mixed mode, sharing)
            END
            ;;
                --list-modules) echo jdk.compiler@17.0.9 ;;
                -cp) %s ;;
                *) printf '%%s\\n' "$@" ;;
            esac
            """;

    private static final String MAVEN = """
            #!/bin/sh
            mkdir -p philotes-runner-standalone/target
            touch -t 202001010000 philotes-runner-standalone/target/philotes.jar
            """;

    private static final String WRITES = ": >\"$4\"";
    private static final String FAILS = "echo no; echo no >&2; exit 1";

    /** Of a real Java. */
    static final class Says {

        private Says() {}

        public static void main(String[] args) {
            System.out.println("I am here");
        }
    }

    @TempDir
    Path temporary;

    private Path home;
    private Path target;

    @BeforeEach
    void install() throws IOException {
        home = temporary.resolve("a home");
        target = home.resolve("philotes-runner-standalone/target");
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(target);
        Path ours = Path.of(System.getProperty("user.dir")).resolveSibling("bin/philotes");
        Files.copy(ours, home.resolve("bin/philotes"), StandardCopyOption.COPY_ATTRIBUTES);
        java(FAILS);
    }

    private void java(String archiving) throws IOException {
        script(temporary.resolve("jdk/bin/java"), JAVA.formatted(BUILD, archiving));
    }

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path jar() {
        return target.resolve("philotes.jar");
    }

    private Path archive() {
        return target.resolve("philotes-" + BUILD + ".jsa");
    }

    private static void write(Path file, int secondsAgo) throws IOException {
        Files.writeString(file, "");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(secondsAgo)));
    }

    private String start(Map<String, String> environment) throws Exception {
        Path output = temporary.resolve("output");
        ProcessBuilder script = new ProcessBuilder(home.resolve("bin/philotes").toString(), "run", "a b")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        script.environment().remove("PHILOTES_JAVA_OPTS");
        script.environment().put("JAVA_HOME", temporary.resolve("jdk").toString());
        script.environment().putAll(environment);
        Process process = script.start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isZero();
        return Files.readString(output);
    }

    private String start() throws Exception {
        return start(Map.of());
    }

    private String withoutArchive() {
        return "-Xmx1g\n-jar\n" + jar() + "\nrun\na b\n";
    }

    private String mapped() {
        return "-XX:SharedArchiveFile=" + archive() + "\n-Xlog:cds*=off\n";
    }

    @Test
    void the_archive_beside_the_jar_is_mapped() throws Exception {
        write(jar(), 10);
        write(archive(), 5);
        assertThat(start()).isEqualTo(mapped() + withoutArchive());
    }

    @Test
    void whoever_starts_it_has_the_last_word() throws Exception {
        write(jar(), 10);
        write(archive(), 5);
        assertThat(start(Map.of("PHILOTES_JAVA_OPTS", "-Xmx2g -Xshare:off")))
                .isEqualTo(mapped() + "-Xmx2g\n-Xshare:off\n-jar\n" + jar() + "\nrun\na b\n");
    }

    @Test
    void an_archive_of_an_earlier_jar_is_not_taken() throws Exception {
        write(archive(), 10);
        write(jar(), 5);
        assertThat(start()).isEqualTo(withoutArchive());
    }

    @Test
    void an_archive_of_another_jvm_is_not_taken() throws Exception {
        write(jar(), 10);
        write(target.resolve("philotes-17.0.9+9-test-0.jsa"), 5);
        write(target.resolve("philotes-.jsa"), 5);
        assertThat(start()).isEqualTo(withoutArchive());
    }

    @Test
    void what_is_built_is_archived() throws Exception {
        java(WRITES);
        script(temporary.resolve("maven/mvn"), MAVEN);
        String building = "philotes: building once, this takes a minute or two ...\n";
        assertThat(start(withMaven())).isEqualTo(building + mapped() + withoutArchive());
        assertThat(start(withMaven())).isEqualTo(mapped() + withoutArchive());
    }

    @Test
    void what_cannot_be_archived_starts_all_the_same_and_nothing_is_said() throws Exception {
        script(temporary.resolve("maven/mvn"), MAVEN);
        assertThat(start(withMaven()))
                .isEqualTo("philotes: building once, this takes a minute or two ...\n" + withoutArchive());
    }

    private Map<String, String> withMaven() {
        return Map.of("PATH", temporary.resolve("maven") + ":" + System.getenv("PATH"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "this is no archive"})
    void an_archive_that_is_none_is_put_aside_without_a_word(String content) throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Says.class.getName());
        String resource = Says.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(jar()), manifest)) {
            jar.putNextEntry(new JarEntry(resource));
            jar.write(Says.class.getClassLoader().getResourceAsStream(resource).readAllBytes());
        }
        Files.setLastModifiedTime(jar(), FileTime.from(Instant.now().minusSeconds(10)));
        Path archive = target.resolve("philotes-" + System.getProperty("java.vm.version") + ".jsa");
        Files.writeString(archive, content);
        assertThat(start(Map.of("JAVA_HOME", System.getProperty("java.home")))).isEqualTo("I am here\n");
        assertThat(archive).hasContent(content);
    }
}
