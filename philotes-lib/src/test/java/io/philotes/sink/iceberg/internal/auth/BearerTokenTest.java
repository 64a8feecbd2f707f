// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.junit.jupiter.api.Test;

class BearerTokenTest {

    @Test
    void a_token_that_cannot_be_read_now_is_no_defect_and_the_next_request_has_the_new_one() {
        Queue<String> read = new ArrayDeque<>(List.of("old", "", "new"));
        BearerToken token = new BearerToken(() -> {
            String text = read.remove();
            if (text.isEmpty()) {
                throw new IllegalArgumentException("the file /run/secrets/token cannot be read");
            }
            return text;
        });
        assertThat(token.now(null)).isEqualTo("old");
        assertThatThrownBy(() -> token.now(null))
                .isInstanceOf(NotAuthorizedException.class)
                .hasMessageContaining("/run/secrets/token");
        assertThat(token.now(null)).isEqualTo("new");
    }
}
