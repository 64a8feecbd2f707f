// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Incarnation;
import io.philotes.model.Lsn;
import io.philotes.model.SourceMark;
import io.philotes.model.TimelinePath;
import io.philotes.source.RenewedMark;
import io.philotes.source.SourceIdentity;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamePastTest {

    private static final String ID = "11111111-1111-1111-1111-111111111111";

    private static SourceMark mark(String timelines, long database, long publication, long counter) {
        return new SourceMark(
                "one",
                TimelinePath.parse(timelines),
                database,
                publication,
                counter == 0 ? Optional.empty() : Optional.of(new Incarnation(ID, counter)));
    }

    private static SourceIdentity source(SourceMark mark) {
        return new SourceIdentity(mark.systemId(), mark.timelines().current(), "shop", "17.11", new Lsn(500), mark);
    }

    private static void refused(ErrorCode code, SourceMark known, SourceMark now, long held) {
        assertThatThrownBy(() -> SamePast.require(known, source(now), new Lsn(held)))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static void passes(SourceMark known, SourceMark now, long held) {
        assertThatCode(() -> SamePast.require(known, source(now), new Lsn(held)))
                .doesNotThrowAnyException();
    }

    @Test
    void what_an_older_version_did_not_store_is_taken_over() {
        passes(SourceMark.ofSystem("one"), mark("1@0/10,2", 5, 16412, 3), 500);
        passes(SourceMark.UNKNOWN, mark("1", 5, 16412, 3), 500);
    }

    @ParameterizedTest
    @CsvSource({"1, '1@0/100,2'", "'1@0/50,2', '1@0/50,2@0/100,5'", "'1@0/100,2', '1@0/100,2'"})
    void a_promoted_standby_that_has_everything_is_gone_on_from(String known, String now) {
        passes(mark(known, 5, 7, 3), mark(now, 5, 7, 3), 0x100);
    }

    @ParameterizedTest
    @CsvSource({"1, '1@0/FF,2'", "'1@0/50,2', '1@0/50,2@0/FF,5'", "1, '1@0/50,2@0/200,3'"})
    void a_promoted_standby_that_lacks_something_is_not(String known, String now) {
        refused(ErrorCode.SOURCE_REWOUND, mark(known, 5, 7, 3), mark(now, 5, 7, 3), 0x100);
    }

    @ParameterizedTest
    @CsvSource({"'1@0/100,2', '1@0/90,2'", "'1@0/100,2', 1", "'1@0/50,2', '1@0/100,3'", "4, 7"})
    void another_branch_is_not_gone_on_from_whatever_its_number(String known, String now) {
        refused(ErrorCode.SOURCE_REWOUND, mark(known, 5, 7, 3), mark(now, 5, 7, 3), 1);
    }

    @Test
    void a_lost_history_of_the_same_timeline_is_no_alarm() {
        passes(mark("1@0/100,2", 5, 7, 3), mark("2", 5, 7, 3), 0x100);
    }

    @Test
    void a_source_whose_wal_ends_before_what_is_held_was_put_back() {
        passes(mark("1", 5, 7, 3), mark("1", 5, 7, 3), 500);
        refused(ErrorCode.SOURCE_REWOUND, mark("1", 5, 7, 3), mark("1", 5, 7, 3), 501);
    }

    @Test
    void a_database_of_the_same_name_is_not_the_same() {
        refused(ErrorCode.SOURCE_REWOUND, mark("1", 5, 7, 3), mark("1", 6, 7, 3), 1);
    }

    @Test
    void a_smaller_or_another_or_no_mark_is_another_past() {
        refused(ErrorCode.SOURCE_REWOUND, mark("1", 5, 7, 3), mark("1", 5, 7, 2), 1);
        refused(ErrorCode.SOURCE_REWOUND, mark("1", 5, 7, 3), mark("1", 5, 7, 0), 1);
        SourceMark other = mark("1", 5, 7, 3).with(new Incarnation(ID.replace('1', '2'), 9));
        refused(ErrorCode.SOURCE_REWOUND, mark("1", 5, 7, 3), other, 1);
        passes(mark("1", 5, 7, 3), mark("1", 5, 7, 9), 1);
    }

    @Test
    void a_publication_that_was_dropped_says_so_by_its_own_name() {
        refused(ErrorCode.PUBLICATION_RECREATED, mark("1", 5, 7, 3), mark("1", 5, 8, 0), 1);
        refused(ErrorCode.PUBLICATION_RECREATED, mark("1", 5, 7, 3), mark("1", 5, 0, 0), 1);
    }

    @Test
    void a_renewed_mark_counts_once_everything_up_to_it_is_held() {
        SourceGuard guard = new SourceGuard();
        guard.require(source(mark("1", 5, 7, 3)), Lsn.ZERO);
        guard.renewed(new RenewedMark(guard.mark().with(new Incarnation(ID, 4)), new Lsn(100)));

        guard.holds(new Lsn(99));
        assertThat(guard.mayRenew()).isFalse();
        assertThatCode(() -> guard.require(source(mark("1", 5, 7, 3)), Lsn.ZERO))
                .doesNotThrowAnyException();

        guard.holds(new Lsn(100));
        assertThat(guard.mayRenew()).isTrue();
        assertThatThrownBy(() -> guard.require(source(mark("1", 5, 7, 3)), Lsn.ZERO))
                .isInstanceOf(PhilotesException.class);
    }

    @Test
    void what_another_process_stored_of_the_way_is_what_is_gone_on_from() {
        SourceGuard guard = new SourceGuard();
        SourceIdentity now = source(mark("1@0/BE,2", 5, 7, 3));
        assertThatThrownBy(() -> guard.require(now, new Lsn(200), TimelinePath.parse("1")))
                .isInstanceOf(PhilotesException.class);
        assertThat(guard.mark()).as("what was refused is not known").isEqualTo(SourceMark.UNKNOWN);

        guard.require(source(mark("1", 5, 7, 3)), new Lsn(100));
        guard.require(now, new Lsn(200), TimelinePath.parse("1@0/BE,2"));
        assertThat(guard.mark()).isEqualTo(now.mark());
        guard.require(now, new Lsn(200), TimelinePath.parse("1"));
        assertThat(guard.mark()).isEqualTo(now.mark());
    }

    @Test
    void what_was_copied_beside_the_stream_is_of_its_past_or_of_a_future_that_it_has_not_met() {
        SourceGuard guard = new SourceGuard();
        SourceMark first = mark("1", 5, 7, 3);
        SourceMark second = mark("1@0/BE,2", 5, 7, 3);
        guard.require(source(first), Lsn.ZERO);
        assertThat(guard.hasReached(first)).isTrue();
        assertThat(guard.hasReached(second)).isFalse();

        guard.require(source(second), Lsn.ZERO);
        assertThat(guard.hasReached(second)).isTrue();
        assertThat(guard.whyLeftBehind(second, new Lsn(200))).isEmpty();
        assertThat(guard.whyLeftBehind(first, new Lsn(190))).isEmpty();
        assertThat(guard.whyLeftBehind(first, new Lsn(191))).isPresent();
    }

    @Test
    void a_mark_that_another_instance_left_is_not_demanded_before_ours() {
        SourceGuard guard = new SourceGuard();
        guard.require(source(mark("1", 5, 7, 3)), Lsn.ZERO);
        guard.require(source(mark("1", 5, 7, 9)), Lsn.ZERO);
        assertThat(guard.mark().incarnation().orElseThrow().counter()).isEqualTo(3);
    }
}
