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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bin/philotes} in a directory that looks like ours, with a Java and a Maven that only say what they were told. */
class StartScriptTest {

    private static final String JAVA = """
            #!/bin/sh
            case "$1" in
                -version) echo asked >>"$(dirname "$0")/asked"; echo 'openjdk version "17.0.%d" 2023-10-17' >&2 ;;
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

    private static final String BUILDING = "philotes: building once, this takes a minute or two ...\n";
    private static final String WRITES = "[ \"$3\" = io.philotes.runner.archive.ClassArchive ] && : >\"$4\"";
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
        java(9, archiving);
    }

    private void java(int update, String archiving) throws IOException {
        script(temporary.resolve("jdk/bin/java"), JAVA.formatted(update, archiving));
    }

    /** What a Java has beside it, but for some. */
    private void release(String version) throws IOException {
        Files.writeString(temporary.resolve("jdk/release"), "IMPLEMENTOR=\"Test\"\nJAVA_VERSION=\"" + version + "\"\n");
    }

    private boolean wasAsked() {
        return Files.exists(temporary.resolve("jdk/bin/asked"));
    }

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path jar() {
        return target.resolve("philotes.jar");
    }

    /** The only one. */
    private Path archive() throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.toString().endsWith(".jsa"))
                    .findAny()
                    .orElseThrow();
        }
    }

    /** As the script does it; the output is that of the first start. */
    private String build() throws Exception {
        java(WRITES);
        script(temporary.resolve("maven/mvn"), MAVEN);
        return start(withMaven());
    }

    private static void write(Path file, int secondsAgo) throws IOException {
        Files.writeString(file, "");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(secondsAgo)));
    }

    private int run(Map<String, String> environment) throws Exception {
        ProcessBuilder script = new ProcessBuilder(home.resolve("bin/philotes").toString(), "run", "a b")
                .redirectErrorStream(true)
                .redirectOutput(temporary.resolve("output").toFile());
        script.environment().remove("PHILOTES_JAVA_OPTS");
        script.environment().put("JAVA_HOME", temporary.resolve("jdk").toString());
        script.environment().putAll(environment);
        Process process = script.start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }

    private String output() throws IOException {
        return Files.readString(temporary.resolve("output"));
    }

    private String start(Map<String, String> environment) throws Exception {
        int code = run(environment);
        assertThat(code).as(output()).isZero();
        return output();
    }

    private String start() throws Exception {
        return start(Map.of());
    }

    private String withoutArchive() {
        return "-Xmx1g\n-jar\n" + jar() + "\nrun\na b\n";
    }

    private String mapped() throws IOException {
        return "-XX:SharedArchiveFile=" + archive() + "\n-Xlog:cds*=off\n";
    }

    @Test
    void what_is_built_is_archived_and_mapped() throws Exception {
        assertThat(build()).isEqualTo(BUILDING + mapped() + withoutArchive());
        assertThat(start()).isEqualTo(mapped() + withoutArchive());
        assertThat(wasAsked()).isTrue();
    }

    @Test
    void a_java_that_tells_its_version_in_a_file_is_not_asked() throws Exception {
        release("17.0.9");
        assertThat(build()).isEqualTo(BUILDING + mapped() + withoutArchive());
        assertThat(start()).isEqualTo(mapped() + withoutArchive());
        assertThat(wasAsked()).isFalse();
    }

    @Test
    void whoever_starts_it_has_the_last_word() throws Exception {
        build();
        assertThat(start(Map.of("PHILOTES_JAVA_OPTS", "-Xmx2g -Xshare:off")))
                .isEqualTo(mapped() + "-Xmx2g\n-Xshare:off\n-jar\n" + jar() + "\nrun\na b\n");
    }

    @Test
    void an_archive_of_an_earlier_jar_is_not_taken() throws Exception {
        build();
        Files.setLastModifiedTime(jar(), FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(start()).isEqualTo(withoutArchive());
    }

    @Test
    void an_archive_of_another_java_is_not_taken() throws Exception {
        build();
        java(10, FAILS);
        assertThat(start()).isEqualTo(withoutArchive());
        release("17.0.9");
        assertThat(start()).isEqualTo(withoutArchive());
    }

    @Test
    void what_cannot_be_archived_starts_all_the_same_and_nothing_is_said() throws Exception {
        script(temporary.resolve("maven/mvn"), MAVEN);
        assertThat(start(withMaven())).isEqualTo(BUILDING + withoutArchive());
    }

    @Test
    void a_java_that_is_too_old_is_refused() throws Exception {
        write(jar(), 10);
        release("11.0.2");
        assertThat(run(Map.of())).isEqualTo(69);
        assertThat(output()).contains("needs Java 17 or newer", "is version 11");
    }

    private Map<String, String> withMaven() {
        return Map.of("PATH", temporary.resolve("maven") + ":" + System.getenv("PATH"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "this is no archive"})
    void an_archive_that_is_none_is_put_aside_without_a_word(String content) throws Exception {
        release("17.0.9");
        build();
        Files.writeString(archive(), content);
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Says.class.getName());
        String resource = Says.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(jar()), manifest)) {
            jar.putNextEntry(new JarEntry(resource));
            jar.write(Says.class.getClassLoader().getResourceAsStream(resource).readAllBytes());
        }
        Files.setLastModifiedTime(jar(), FileTime.from(Instant.now().minusSeconds(60)));
        Path real = Path.of(System.getProperty("java.home"), "bin", "java");
        script(temporary.resolve("jdk/bin/java"), "#!/bin/sh\nexec '" + real + "' \"$@\"\n");

        assertThat(start()).isEqualTo("I am here\n");
        script(temporary.resolve("jdk/bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        assertThat(start()).as("it was given to that Java").isEqualTo(mapped() + withoutArchive());
    }
}
