// SPDX-License-Identifier: Apache-2.0
package io.philotes.consumer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The library as this build made it, in the local repository under a version of its own, so that no other build can meet it.
 * Gone when it is closed.
 *
 * @param version that version
 */
record InstalledLibrary(String version) implements AutoCloseable {

    private static final String BUILT = System.getProperty("philotes.version", "0.1.0-SNAPSHOT");
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    static boolean isBuilt() {
        return Files.exists(jar());
    }

    private static Path jar() {
        return ROOT.resolve("philotes-lib/target/philotes-lib-" + BUILT + ".jar");
    }

    /** The Maven that runs this build. */
    static String maven() {
        String home = System.getProperty("philotes.maven");
        return home == null ? "mvn" : Path.of(home, "bin", "mvn").toString();
    }

    /** What makes another Maven find what this build finds, where this build finds it. */
    static List<String> mavenOptions() {
        List<String> options = new ArrayList<>(List.of("-Dmaven.repo.local=" + repository()));
        String settings = System.getProperty("philotes.settings", "").replaceFirst("^file=", "");
        if (!settings.isEmpty() && Files.exists(Path.of(settings))) {
            options.addAll(List.of("-s", settings));
        }
        if (System.getProperty("philotes.offline", "").equals("is=true")) {
            options.add("-o");
        }
        return options;
    }

    private static Path repository() {
        return Path.of(System.getProperty("philotes.repository", System.getProperty("user.home") + "/.m2/repository"));
    }

    static InstalledLibrary install() throws IOException {
        InstalledLibrary library =
                new InstalledLibrary("0.0.0-consumer-" + ProcessHandle.current().pid());
        library.put("philotes-parent", ROOT.resolve("pom.xml"));
        library.put("philotes-lib", ROOT.resolve("philotes-lib/pom.xml"));
        Files.copy(jar(), library.home("philotes-lib").resolve("philotes-lib-" + library.version + ".jar"));
        return library;
    }

    private void put(String artifact, Path pom) throws IOException {
        Files.createDirectories(home(artifact));
        String text =
                Files.readString(pom).replace("<version>" + BUILT + "</version>", "<version>" + version + "</version>");
        Files.writeString(home(artifact).resolve(artifact + "-" + version + ".pom"), text);
    }

    private Path home(String artifact) {
        return repository().resolve("io/philotes").resolve(artifact).resolve(version);
    }

    @Override
    public void close() throws IOException {
        for (String artifact : List.of("philotes-parent", "philotes-lib")) {
            try (Stream<Path> files = Files.list(home(artifact))) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(home(artifact));
        }
    }
}
