// SPDX-License-Identifier: Apache-2.0
package io.philotes.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.StringReader;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.InputSource;

/** Examples in the smaller languages can be parsed, and there is no language that nobody looks at. */
class OtherExamplesTest {

    private static final Set<String> CHECKED =
            Set.of("", "text", "java", "yaml", "sh", "sql", "json", "xml", "properties", "ini", "python");

    static List<Example> json() {
        return Documents.examples("json");
    }

    static List<Example> xml() {
        return Documents.examples("xml");
    }

    static List<Example> lines() {
        return Documents.examples("properties", "ini");
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("json")
    void json_can_be_read(Example example) {
        assertThatCode(() -> new ObjectMapper().readTree(example.text()))
                .as("%s", example)
                .doesNotThrowAnyException();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("xml")
    void xml_is_well_formed(Example example) {
        assertThatCode(() -> DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader("<x>" + example.text() + "</x>"))))
                .as("%s", example)
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("lines")
    void every_line_is_a_setting(Example example) {
        assertThat(example.text().lines())
                .as("%s", example)
                .allMatch(line -> line.matches("#.*|\\[[\\w-]+]|[\\w.-]+=.*|"));
    }

    @Test
    void every_language_is_looked_at() {
        Set<String> languages = new TreeSet<>();
        Documents.all().forEach(file -> Example.in(file).forEach(example -> languages.add(example.language())));
        assertThat(languages).isSubsetOf(CHECKED);
    }
}
