// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.archive;

import java.io.File;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The list of classes that a JVM wrote and another reads. Stateless. */
final class ClassList {

    private static final Pattern VERSIONED = Pattern.compile("META-INF/versions/\\d+/(.+)\\.class");

    private ClassList() {}

    /**
     * All but the classes that a jar has for certain versions of Java: to show an agent or a flight recorder what it has mapped,
     * the JVM looks for the class file where there are no versions, and dies when there is none.
     *
     * @param lines a class each, or {@code @lambda-proxy} and the class that has the lambda, or a comment
     */
    static List<String> archivable(List<String> lines, String classPath) throws IOException {
        Set<String> versioned = versioned(classPath);
        return lines.stream()
                .filter(line -> !versioned.contains(className(line)))
                .toList();
    }

    private static String className(String line) {
        String[] words = line.split(" ");
        return words.length > 1 && words[0].equals("@lambda-proxy") ? words[1] : words[0];
    }

    private static Set<String> versioned(String classPath) throws IOException {
        Set<String> names = new HashSet<>();
        for (String element : classPath.split(File.pathSeparator)) {
            if (element.endsWith(".jar")) {
                try (JarFile jar = new JarFile(element)) {
                    jar.stream()
                            .map(entry -> VERSIONED.matcher(entry.getName()))
                            .filter(Matcher::matches)
                            .forEach(found -> names.add(found.group(1)));
                }
            }
        }
        return names;
    }
}
