// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublicationLossTest {

    @ParameterizedTest
    @CsvSource({
        "14.17, true",
        "14.18, false",
        "15.0, true",
        "16.9, false",
        "17.4, true",
        "17.11, false",
        "18.0, false",
        "18beta1, false",
        "17devel, true"
    })
    void releases_before_the_repair_are_known(String version, boolean loses) {
        assertThat(PublicationLoss.isIn(version)).isEqualTo(loses);
    }
}
