// SPDX-License-Identifier: Apache-2.0
package io.philotes.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fenced block of a document.
 *
 * @param file where it is
 * @param line of the fence
 * @param language what the fence says; empty for output and the like
 * @param note the comment before the block, which a reader of the page does not see: {@code given}, what the text around it has
 *     already named; {@code in}, to what an excerpt belongs; or which engine it is for
 * @param text what is in it
 */
record Example(Path file, int line, String language, Optional<String> note, String text) {

    private static final Pattern BLOCK = Pattern.compile(
            "(?:^ *<!-- (?<note>[^\\n]*) -->\\n)?^ *```(?<language>\\w*)\\n(?<text>.*?)^ *```$",
            Pattern.MULTILINE | Pattern.DOTALL);

    /** All of a document, in their order. */
    static List<Example> in(Path file) {
        String content = Documents.text(file);
        List<Example> examples = new ArrayList<>();
        Matcher block = BLOCK.matcher(content);
        while (block.find()) {
            int line =
                    (int) content.substring(0, block.start("language")).lines().count();
            examples.add(new Example(
                    file,
                    line,
                    block.group("language"),
                    Optional.ofNullable(block.group("note")),
                    block.group("text")));
        }
        return examples;
    }

    /** What the comment says behind this word. */
    Optional<String> note(String word) {
        return note.filter(said -> said.startsWith(word + ": "))
                .map(said -> said.substring(word.length() + 2).strip());
    }

    @Override
    public String toString() {
        return Documents.ROOT.relativize(file) + ":" + line;
    }
}
