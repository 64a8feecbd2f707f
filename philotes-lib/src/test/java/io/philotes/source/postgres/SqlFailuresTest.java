// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

class SqlFailuresTest {

    @ParameterizedTest
    @CsvSource({
        "publication \"shop\" does not exist, get_publication_oid, PUBLICATION_RECREATED",
        "Publikation »shop« existiert nicht, get_publication_oid, PUBLICATION_RECREATED",
        "パブリケーション\"shop\"は存在しません, get_publication_oid, PUBLICATION_RECREATED",
        "Replikations-Slot »publication« existiert nicht, ReplicationSlotAcquire, SLOT_LOST"
    })
    void a_publication_that_is_missing_is_no_lost_slot_in_whatever_language(
            String message, String routine, ErrorCode code) {
        String answer = "SFEHLER\0C42704\0M" + message + "\0R" + routine + "\0";
        PhilotesException failure =
                SqlFailures.whileStreaming("read", new PSQLException(new ServerErrorMessage(answer)));
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.reason()).contains(message);
    }
}
