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

    @ParameterizedTest
    @CsvSource({
        "22P05, SOURCE_POISON, no character in UTF-8",
        "22021, SOURCE_POISON, no character in UTF-8",
        "54000, SOURCE_POISON, 1 GB",
        "XX001, SOURCE_POISON, damaged",
        "XX000, SOURCE_QUERY, server's message",
        "40001, SOURCE_QUERY, server's message"
    })
    void what_the_server_can_never_read_of_a_table_is_not_asked_for_again(String state, ErrorCode code, String hint) {
        PhilotesException failure = SqlFailures.copying("copy a table", failure(state));
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.hint()).contains(hint);
    }

    @ParameterizedTest
    @CsvSource({
        "22012, SOURCE_POISON, row filter",
        "22P05, SOURCE_POISON, no character in UTF-8",
        "54000, SOURCE_POISON, 1 GB",
        "XX000, SOURCE_POISON, server's message",
        "57014, SOURCE_QUERY, server's message"
    })
    void what_the_server_can_never_send_stops_the_stream(String state, ErrorCode code, String hint) {
        PhilotesException failure = SqlFailures.whileStreaming("read", failure(state));
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.hint()).contains(hint);
    }

    private static PSQLException failure(String state) {
        return new PSQLException(new ServerErrorMessage("SERROR\0C" + state + "\0Mwhat the server says\0"));
    }
}
