// SPDX-License-Identifier: Apache-2.0
package io.philotes.types;

import io.philotes.testkit.ReferencePage;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The types' page is what the code says. */
class TypesPageTest {

    @Test
    void the_page_is_what_the_code_says() throws IOException {
        ReferencePage.hold("types.md", TypesPage.text());
    }
}
