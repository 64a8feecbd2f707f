// SPDX-License-Identifier: Apache-2.0
package io.philotes.types;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The types' page is what the code says. {@code -Dphilotes.types.rewrite=true} writes it anew. */
class TypesPageTest {

    private static final Path PAGE = Path.of("..", "docs", "reference", "types.md");

    @Test
    void the_page_is_what_the_code_says() throws Exception {
        if (Boolean.getBoolean("philotes.types.rewrite")) {
            Files.writeString(PAGE, TypesPage.text());
        }
        assertThat(Files.readString(PAGE))
                .as("run TypesPageTest with -Dphilotes.types.rewrite=true")
                .isEqualTo(TypesPage.text());
    }
}
