// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of {@code docs/reference} that is made of the code. {@code -Dphilotes.docs.write=true} writes it instead of comparing. */
public final class ReferencePage {

    private static final String WRITE = "philotes.docs.write";
    private static final Path DIRECTORY = Path.of("..", "docs", "reference");

    private ReferencePage() {}

    /** Fails unless the page is this text. */
    public static void hold(String name, String text) throws IOException {
        Path page = DIRECTORY.resolve(name);
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(page, text);
        }
        String test = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .getCallerClass()
                .getSimpleName();
        String how = "docs/reference/%s is made of the code: mvn test -pl philotes-lib -Dtest=%s -D%s=true"
                .formatted(name, test, WRITE);
        // The first shows the lines that differ, the second misses nothing.
        assertThat(page).as(how).hasContent(text);
        assertThat(Files.readString(page)).as(how).isEqualTo(text);
    }
}
