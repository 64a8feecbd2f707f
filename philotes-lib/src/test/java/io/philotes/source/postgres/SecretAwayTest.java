// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.error.Recovery;
import io.philotes.health.Finding;
import io.philotes.source.AttachedSource;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A password is asked for at each connection, and the place that it is read from may have none for a moment. */
class SecretAwayTest {

    private static AttachedSource source(Supplier<String> password) {
        return PostgresSource.builder("jdbc:postgresql://127.0.0.1:1/shop")
                .credentials("philotes", password)
                .tables("public.orders")
                .build()
                .attach("shop");
    }

    @Test
    void a_password_that_cannot_be_read_now_is_tried_again_as_a_wrong_one_is() {
        AttachedSource source = source(() -> {
            throw new IllegalArgumentException("the file /run/secrets/shop cannot be read");
        });
        assertThatThrownBy(source::identify).isInstanceOfSatisfying(PhilotesException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_AUTHENTICATION);
            assertThat(e.recovery()).isEqualTo(Recovery.RETRY);
            assertThat(e.getMessage()).contains("/run/secrets/shop");
        });
        assertThat(source.check())
                .filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
                .extracting(finding -> finding.code().orElseThrow())
                .containsOnly(ErrorCode.SOURCE_AUTHENTICATION);
    }

    @Test
    void what_the_secrets_own_place_says_of_itself_is_told_as_it_is() {
        AttachedSource source = source(() -> {
            throw new PhilotesException(ErrorCode.SOURCE_UNREACHABLE, "Cannot ask the vault: scripted");
        });
        assertThatThrownBy(source::identify)
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_UNREACHABLE));
    }
}
