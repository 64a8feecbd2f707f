// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.TableId;
import io.philotes.source.TableSize;
import io.philotes.testkit.Meters;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CopyMeterTest {

    private static final TableId NUMBERS = ScriptedSource.TABLE.table();

    private final Meters meters = new Meters();
    private final CopyMeter meter = new CopyMeter(new LaneName("shop", "lake"), meters.metrics());

    private double progress() {
        return meters.value("philotes.copy.progress", "table", "public.numbers");
    }

    private static ScriptedSource source(long rows) {
        return new ScriptedSource() {
            @Override
            public Map<TableId, TableSize> estimates(Collection<TableId> tables) {
                if (rows == Long.MAX_VALUE) {
                    throw new PhilotesException(ErrorCode.SOURCE_UNREACHABLE, "Cannot estimate: scripted");
                }
                return Map.of(NUMBERS, new TableSize(rows, 1));
            }
        };
    }

    @Test
    void rows_are_a_part_of_what_the_source_thinks_there_is() {
        meter.expect(source(1000), Set.of(NUMBERS));
        meter.begun(NUMBERS);
        assertThat(progress()).isZero();
        meter.wrote(NUMBERS, 250);
        assertThat(progress()).isEqualTo(0.25);
        meter.wrote(NUMBERS, 2000);
        assertThat(progress()).as("more than it thought").isEqualTo(0.99);
        meter.done(NUMBERS);
        assertThat(progress()).isEqualTo(1);
        assertThat(meters.value("philotes.copy.rows")).isEqualTo(2250);
        meter.begun(NUMBERS);
        meter.wrote(NUMBERS, 10);
        assertThat(progress()).as("a copy that begins again").isEqualTo(0.01);
    }

    @Test
    void a_source_that_does_not_know_leaves_it_at_the_beginning_until_the_end() {
        for (long unknown : new long[] {-1, 0, Long.MAX_VALUE}) {
            meter.expect(source(unknown), Set.of(NUMBERS));
            meter.begun(NUMBERS);
            meter.wrote(NUMBERS, 250);
            assertThat(progress()).isZero();
            meter.done(NUMBERS);
            assertThat(progress()).isEqualTo(1);
        }
    }
}
