// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.postgres;

import io.philotes.dlq.DeadLetterQueue;
import io.philotes.error.ErrorCode;
import io.philotes.jdbc.Initialize;
import io.philotes.testkit.TestDataSource;
import io.philotes.testkit.TestPostgres;
import io.philotes.testkit.contract.DeadLetterQueueContract;
import io.philotes.testkit.contract.LetterFixtures;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresDeadLetterQueueTest extends DeadLetterQueueContract {

    private static final String DATABASE = "letters";

    private static TestPostgres postgres;
    private static int schemas;

    private String schema;

    @BeforeAll
    static void start() throws Exception {
        postgres = TestPostgres.start();
        // A locale of people would order names otherwise than their bytes.
        postgres.createDatabase(DATABASE);
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    private static DataSource source() {
        return TestDataSource.of(postgres, DATABASE);
    }

    @BeforeEach
    @Override
    protected void openQueue() {
        schema = "Schema \"" + schemas++;
        super.openQueue();
    }

    @Override
    protected DeadLetterQueue another() {
        return PostgresDeadLetterQueue.of(source(), schema, Initialize.ALWAYS);
    }

    @Test
    void a_schema_that_nobody_prepared_is_refused_where_a_person_must() {
        DeadLetterQueue strict = PostgresDeadLetterQueue.of(source(), "nobody", Initialize.NEVER);
        refused(ErrorCode.STATE_NOT_PREPARED, () -> strict.open(LetterFixtures.PIPELINE));
    }

    @Test
    void a_server_that_is_away_is_tried_again_later() {
        DeadLetterQueue away = PostgresDeadLetterQueue.of(
                TestDataSource.of("jdbc:postgresql://localhost:1/letters", "postgres", "postgres"));
        refused(ErrorCode.STATE_UNREACHABLE, () -> away.open(LetterFixtures.PIPELINE));
    }

    @Test
    void nothing_is_added_when_one_letter_cannot_be() {
        List<io.philotes.dlq.ParkedChange> letters = List.of(
                LetterFixtures.letter(LetterFixtures.id(LetterFixtures.ORDERS, 1, 0)),
                LetterFixtures.letter(LetterFixtures.id(LetterFixtures.ORDERS, 2, 0), "a\0b"));
        refused(ErrorCode.DEAD_LETTERS_FAILED, () -> queue.add(letters));
        org.assertj.core.api.Assertions.assertThat(all(queue)).isEmpty();
    }
}
