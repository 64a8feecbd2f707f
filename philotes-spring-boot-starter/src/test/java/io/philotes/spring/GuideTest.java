// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.spring.autoconfigure.PhilotesAutoConfiguration;
import io.philotes.spring.properties.PhilotesProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Every example of the documents that is for Spring can be used as it stands. */
class GuideTest {

    private static final Path ROOT = Path.of(System.getProperty("basedir", ".")).resolve("..");

    private static final Pattern BLOCK = Pattern.compile("<!-- for: spring -->\\n```yaml\\n(.*?)```", Pattern.DOTALL);

    private static final String BESIDE = """
            spring.datasource: { url: "jdbc:postgresql://db.internal/shop", username: app, password: x }
            philotes.auto-start: false
            """;

    static List<String> examples() {
        return Stream.of("README.md", "docs/guides/spring-boot.md", "samples/spring-boot/README.md")
                .flatMap(file -> BLOCK.matcher(text(file)).results())
                .map((MatchResult block) -> block.group(1))
                .toList();
    }

    private static String text(String file) {
        try {
            return Files.readString(ROOT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void it_can_be_used(String yaml) {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(DataSourceAutoConfiguration.class, PhilotesAutoConfiguration.class))
                .withInitializer(YamlProperties.of(BESIDE, yaml))
                .run(context -> assertThat(context.getBean(PhilotesProperties.class)
                                .pipelines()
                                .keySet())
                        .containsExactly("shop"));
    }

    @Test
    void each_of_the_three_documents_has_one() {
        assertThat(examples()).hasSizeGreaterThanOrEqualTo(3);
    }
}
