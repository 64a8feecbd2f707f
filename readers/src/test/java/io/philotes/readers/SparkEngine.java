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

    private static final List<String> OPENED = List.of(
            "java.base/java.lang",
            "java.base/java.lang.invoke",
            "java.base/java.lang.reflect",
            "java.base/java.io",
            "java.base/java.net",
            "java.base/java.nio",
            "java.base/java.util",
            "java.base/java.util.concurrent",
            "java.base/java.util.concurrent.atomic",
            "java.base/jdk.internal.ref",
            "java.base/sun.nio.ch",
            "java.base/sun.nio.cs",
            "java.base/sun.security.action",
            "java.base/sun.util.calendar");

    private SparkEngine() {}

    static Seen read(MirroredShop shop, List<String> tables) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx1g");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:+IgnoreUnrecognizedVMOptions");
        OPENED.forEach(p -> command.add("--add-opens=" + p + "=ALL-UNNAMED"));
        command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath())));
        command.add("io.philotes.readers.spark.ReadTables");
        command.addAll(List.of(shop.catalogUri(), shop.warehouse().toString()));
        command.addAll(tables);
        return new Seen(EngineProcess.lines(shop.lake(), command));
    }

    static List<String> classPath() throws IOException {
        Path target = Path.of(System.getProperty("philotes.readers.spark")).normalize();
        List<String> entries = new ArrayList<>();
        entries.add(target.resolve("classes").toString());
        entries.addAll(List.of(
                Files.readString(target.resolve("class-path.txt")).strip().split(File.pathSeparator)));
        return entries;
    }
}
