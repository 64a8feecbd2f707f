// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassListTest {

    @TempDir
    Path directory;

    @Test
    void classes_for_certain_versions_of_java_are_left_out_and_so_are_their_lambdas() throws IOException {
        Path one =
                jar("one.jar", "a/A.class", "META-INF/versions/9/a/A.class", "a/B.class", "META-INF/versions/9/x.txt");
        Path other = jar("other.jar", "META-INF/versions/11/c/C$D.class");
        String classPath = String.join(File.pathSeparator, one.toString(), directory.toString(), other.toString());

        assertThat(ClassList.archivable(
                        List.of(
                                "# NOTE",
                                "java/lang/Object id: 0",
                                "a/A",
                                "a/B",
                                "c/C$D id: 17",
                                "@lambda-proxy a/A run ()Ljava/lang/Runnable;",
                                "@lambda-proxy a/B run ()Ljava/lang/Runnable;",
                                "@lambda-form-invoker [LF_RESOLVE] java.lang.invoke.Invokers$Holder a/A"),
                        classPath))
                .containsExactly(
                        "# NOTE",
                        "java/lang/Object id: 0",
                        "a/B",
                        "@lambda-proxy a/B run ()Ljava/lang/Runnable;",
                        "@lambda-form-invoker [LF_RESOLVE] java.lang.invoke.Invokers$Holder a/A");
    }

    private Path jar(String name, String... entries) throws IOException {
        Path file = directory.resolve(name);
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
            for (String entry : entries) {
                jar.putNextEntry(new JarEntry(entry));
            }
        }
        return file;
    }
}
