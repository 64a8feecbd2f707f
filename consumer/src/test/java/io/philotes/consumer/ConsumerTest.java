// SPDX-License-Identifier: Apache-2.0
package io.philotes.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.philotes.samples.support.SampleDatabase;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that depends on the library alone builds and runs, and carries no other engine with it. */
class ConsumerTest {

    /** What Iceberg's Parquet module needs of Hadoop, and its own guava. */
    private static final List<String> HADOOP =
            List.of("hadoop-common", "hadoop-mapreduce-client-core", "hadoop-shaded-guava", "parquet-hadoop");

    private static final Path PROJECT = Path.of("project").toAbsolutePath();

    @TempDir
    static Path directory;

    private static InstalledLibrary library;
    private static List<String> classPath;
    private static List<String> rows;

    @BeforeAll
    static void build_and_run() throws Exception {
        assumeTrue(InstalledLibrary.isBuilt(), "skipped: the library has no jar; it has one in mvn verify");
        library = InstalledLibrary.install();
        List<String> maven = new ArrayList<>(List.of(InstalledLibrary.maven(), "-B", "-q"));
        maven.addAll(InstalledLibrary.mavenOptions());
        maven.addAll(List.of(
                "-f", PROJECT.resolve("pom.xml").toString(), "-Dphilotes.version=" + library.version(), "compile"));
        Command.run(directory, maven.toArray(String[]::new));
        Path target = PROJECT.resolve("target");
        String path = target.resolve("classes")
                + File.pathSeparator
                + Files.readString(target.resolve("class-path.txt")).strip();
        try (SampleDatabase database = SampleDatabase.start()) {
            database.execute("CREATE TABLE orders (id int PRIMARY KEY, item text);"
                    + "INSERT INTO orders VALUES (1, 'bread'), (2, 'salt')");
            List<String> printed = Command.run(
                    directory,
                    Command.java(),
                    "-Xmx256m",
                    "-cp",
                    path,
                    "org.example.consumer.Consumer",
                    database.url(),
                    SampleDatabase.USER,
                    SampleDatabase.USER);
            classPath = of(printed, "class path: ");
            rows = of(printed, "row: ");
        }
    }

    private static List<String> of(List<String> printed, String kind) {
        return printed.stream()
                .filter(line -> line.startsWith(kind))
                .map(line -> line.substring(kind.length()))
                .toList();
    }

    @AfterAll
    static void remove_the_library() throws Exception {
        if (library != null) {
            library.close();
        }
    }

    @Test
    void it_mirrors_a_table() {
        assertThat(rows).containsExactlyInAnyOrder("1 bread", "2 salt");
    }

    @Test
    void it_gets_the_versions_that_were_tested() {
        List<String> tested = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).getFileName().toString())
                .toList();
        assertThat(classPath)
                .filteredOn(jar -> jar.endsWith(".jar") && !jar.startsWith("philotes-lib"))
                .isSubsetOf(tested);
    }

    @Test
    void no_other_engine_is_on_its_class_path() {
        System.out.println("An application with philotes-lib has on its class path: " + String.join(" ", classPath));
        assertThat(classPath)
                .hasSizeGreaterThan(20)
                .anyMatch(jar -> jar.startsWith("philotes-lib"))
                .noneMatch(jar -> jar.matches("(?i).*(spark|flink|kafka|scala|zookeeper|spring|junit|testkit).*"));
    }

    @Test
    void of_hadoop_it_has_what_the_parquet_module_needs() {
        assertThat(classPath)
                .filteredOn(jar -> jar.contains("hadoop"))
                .allMatch(jar -> HADOOP.stream().anyMatch(jar::startsWith))
                .hasSize(HADOOP.size());
    }
}
