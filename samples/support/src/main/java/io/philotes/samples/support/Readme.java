// SPDX-License-Identifier: Apache-2.0
package io.philotes.samples.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The README of the sample whose test runs, so that a test can do what it says and expect what it shows. Immutable. */
public record Readme(String content) {

    private static final Pattern BLOCK = Pattern.compile("```(\\w+)\n(.*?)```", Pattern.DOTALL);

    /** The one of the module under test, whose directory Surefire tells. */
    public static Readme here() throws IOException {
        return new Readme(
                Files.readString(Path.of(System.getProperty("basedir", ".")).resolve("README.md")));
    }

    /** The fenced blocks of a language, in their order. */
    public List<String> blocks(String language) {
        List<String> blocks = new ArrayList<>();
        Matcher block = BLOCK.matcher(content);
        while (block.find()) {
            if (block.group(1).equals(language)) {
                blocks.add(block.group(2));
            }
        }
        return blocks;
    }
}
