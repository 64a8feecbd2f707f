// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.Lsn;
import org.junit.jupiter.api.Test;

class LagSamplesTest {

    private final LagSamples lag = new LagSamples();

    @Test
    void a_commit_is_visible_when_the_lake_is_past_it() {
        lag.begin();
        lag.sourceCommitted(new Lsn(10));
        lag.lakeCommitted(new Lsn(10));
        assertThat(lag.count()).isZero();
        lag.lakeCommitted(new Lsn(11));
        assertThat(lag.count()).isEqualTo(1);
    }

    @Test
    void nothing_is_measured_before_the_beginning() {
        lag.sourceCommitted(new Lsn(10));
        lag.lakeCommitted(new Lsn(20));
        assertThat(lag.count()).isZero();
        assertThat(lag.percentile(0.5)).isZero();
    }
}
