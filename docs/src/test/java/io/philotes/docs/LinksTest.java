// SPDX-License-Identifier: Apache-2.0
package io.philotes.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What documents point to within the project is there, and every document can be reached from the first page. */
class LinksTest {

    private static final Pattern LINK = Pattern.compile("\\[[^\\]\\n]*(?:\\n[^\\]\\n]*)?]\\((?<to>[^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ +(?<text>.+)$", Pattern.MULTILINE);

    static List<Path> documents() {
        return Documents.all();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void its_links_lead_somewhere(Path document) {
        for (String link : links(document)) {
            Path target = target(document, link);
            assertThat(target).as("%s: %s", document, link).exists();
            if (link.contains("#") && Files.isRegularFile(target)) {
                assertThat(anchors(target))
                        .as("%s: %s", document, link)
                        .contains(link.substring(link.indexOf('#') + 1));
            }
        }
    }

    @Test
    void every_document_can_be_reached() {
        Set<Path> seen = new HashSet<>();
        List<Path> next = new ArrayList<>(List.of(Documents.ROOT.resolve("README.md")));
        while (!next.isEmpty()) {
            Path document = next.remove(next.size() - 1);
            if (document.toString().endsWith(".md") && seen.add(document)) {
                links(document).forEach(link -> next.add(target(document, link)));
            }
        }
        assertThat(Documents.all().stream().filter(document -> !seen.contains(document)))
                .as("documents that no link leads to")
                .isEmpty();
    }

    private static List<String> links(Path document) {
        List<String> links = new ArrayList<>();
        Matcher link = LINK.matcher(Documents.text(document).replaceAll("(?s)```.*?```", ""));
        while (link.find()) {
            if (!link.group("to").matches("(https?|mailto):.*")) {
                links.add(link.group("to"));
            }
        }
        return links;
    }

    private static Path target(Path document, String link) {
        String path = link.replaceFirst("#.*", "");
        return path.isEmpty() ? document : document.resolveSibling(path).normalize();
    }

    /** As the usual viewers make them of headings. */
    private static Set<String> anchors(Path document) {
        Set<String> anchors = new HashSet<>();
        Matcher heading = HEADING.matcher(Documents.text(document));
        while (heading.find()) {
            anchors.add(heading.group("text")
                    .strip()
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-'));
        }
        return anchors;
    }
}
