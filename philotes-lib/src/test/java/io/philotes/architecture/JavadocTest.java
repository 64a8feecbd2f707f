// SPDX-License-Identifier: Apache-2.0
package io.philotes.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What others may use says what it is, and which threads may use it. */
class JavadocTest {

    private static final Pattern THREADS = Pattern.compile("(?i)thread|immutable|stateless|confined|constant");

    private static List<PublicSources.Documented> surface;

    @BeforeAll
    static void read() throws IOException {
        surface = PublicSources.under(Path.of("src/main/java"));
        assertThat(surface).hasSizeGreaterThan(500);
    }

    @Test
    void every_public_type_and_method_has_javadoc() {
        assertThat(surface)
                .filteredOn(one -> one.doc().isBlank())
                .extracting(PublicSources.Documented::name)
                .isEmpty();
    }

    @Test
    void every_public_type_says_which_threads_may_use_it() {
        assertThat(surface)
                .filteredOn(PublicSources.Documented::topLevel)
                .filteredOn(one -> !THREADS.matcher(one.doc()).find())
                .extracting(PublicSources.Documented::name)
                .isEmpty();
    }
}
