// SPDX-License-Identifier: Apache-2.0
package io.philotes.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every Java example compiles, with what the text around it says is given. */
class JavaExamplesTest {

    /** What an editor would import by itself. */
    private static final String IMPORTS = """
            import io.micrometer.core.instrument.*;
            import io.philotes.*;
            import io.philotes.buffer.*;
            import io.philotes.buffer.disk.*;
            import io.philotes.buffer.postgres.*;
            import io.philotes.checkpoint.*;
            import io.philotes.checkpoint.file.*;
            import io.philotes.checkpoint.postgres.*;
            import io.philotes.dlq.*;
            import io.philotes.dlq.file.*;
            import io.philotes.dlq.postgres.*;
            import io.philotes.error.*;
            import io.philotes.health.*;
            import io.philotes.metrics.*;
            import io.philotes.metrics.micrometer.*;
            import io.philotes.model.*;
            import io.philotes.pipeline.*;
            import io.philotes.sink.*;
            import io.philotes.sink.iceberg.*;
            import io.philotes.sink.iceberg.local.*;
            import io.philotes.source.*;
            import io.philotes.source.postgres.*;
            import java.nio.file.*;
            import java.time.*;
            import java.util.*;
            import javax.sql.DataSource;
            import org.apache.iceberg.catalog.*;
            import org.apache.iceberg.jdbc.JdbcCatalog;
            import org.apache.iceberg.rest.RESTCatalog;
            import org.slf4j.Logger;
            """;

    @TempDir
    private Path directory;

    static List<Example> examples() {
        return Documents.examples("java");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void it_compiles(Example example) throws IOException {
        assertThat(compile(example)).as("%s", example).isEmpty();
    }

    @Test
    void what_does_not_compile_is_found() throws IOException {
        Example wrong =
                new Example(Path.of("x.md"), 1, "java", java.util.Optional.empty(), "int i = Philotes.nothing();");
        assertThat(compile(wrong)).contains("nothing");
    }

    private String compile(Example example) throws IOException {
        Path file =
                directory.resolve(example.text().contains("@SpringBootApplication") ? "Application.java" : "It.java");
        Files.writeString(file, isWhole(example) ? example.text() : wrap(example));
        StringWriter said = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-d",
                    directory.toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    "-proc:none",
                    "--release",
                    "17");
            boolean fine = compiler.getTask(said, files, null, options, null, files.getJavaFileObjects(file))
                    .call();
            return fine ? "" : said.toString();
        }
    }

    private static boolean isWhole(Example example) {
        return example.text().startsWith("package ") || example.text().startsWith("import ");
    }

    /** A list of statements, or members of a class when they begin with an annotation or a modifier. */
    private static String wrap(Example example) {
        String given = example.note("given").orElse("");
        boolean members =
                example.text().startsWith("@") || example.text().matches("(?s)(public|final|private|static) .*");
        return IMPORTS
                + (members
                        ? "class It {\n" + example.text() + "}\n"
                        : "class It {\n  void it(" + given + ") throws Exception {\n" + example.text() + "  }\n}\n");
    }
}
