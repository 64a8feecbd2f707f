// SPDX-License-Identifier: Apache-2.0
package io.philotes.readers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Spark in a process of its own, on a class path of Spark, its Iceberg runtime and SQLite alone. */
final class SparkEngine {

    /** From here on the JVM has lost what Spark's Hadoop calls at its start. */
    static final int FIRST_UNUSABLE_JAVA = 24;

    private SparkEngine() {}

    static Seen read(MirroredShop shop, List<String> tables) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + target().resolve("classes/java-options"));
        command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath())));
        command.add("io.philotes.readers.spark.ReadTables");
        command.addAll(List.of(shop.catalogUri(), shop.warehouse().toString()));
        command.addAll(tables);
        return new Seen(EngineProcess.lines(shop.lake(), command));
    }

    private static Path target() {
        return Path.of(System.getProperty("philotes.readers.spark")).normalize();
    }

    static List<String> classPath() throws IOException {
        Path target = target();
        List<String> entries = new ArrayList<>();
        entries.add(target.resolve("classes").toString());
        entries.addAll(List.of(
                Files.readString(target.resolve("class-path.txt")).strip().split(File.pathSeparator)));
        return entries;
    }
}
