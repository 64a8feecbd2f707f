// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextFormsTest {

    @ParameterizedTest
    @CsvSource({
        "500ms,PT0.5S",
        "30s,PT30S",
        "5m,PT5M",
        "1h,PT1H",
        "1d,PT24H",
        "PT2M,PT2M",
        "0s,PT0S",
        "36500d,PT876000H"
    })
    void durations_are_read(String text, Duration expected) {
        assertThat(DurationText.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10",
                "10 minutes",
                "-1s",
                "PT-1S",
                "1w",
                "1.5s",
                "10S",
                "36501d",
                "999999999999d",
                "PT876001H"
            })
    void what_is_no_duration_is_refused(String text) {
        assertThatThrownBy(() -> DurationText.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"1B,1", "64KiB,65536", "64MiB,67108864", "2 GiB,2147483648", "1TiB,1099511627776"})
    void sizes_are_read(String text, long expected) {
        assertThat(ByteSize.of(text).bytes()).isEqualTo(expected);
        assertThat(ByteSize.of(ByteSize.of(text).toString()).bytes()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "64", "64MB", "64mib", "-1MiB", "0B", "1.5GiB", "9999999999TiB"})
    void what_is_no_size_is_refused(String text) {
        assertThatThrownBy(() -> ByteSize.of(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
