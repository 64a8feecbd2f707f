// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.philotes.metrics.PipelineMetrics;
import io.philotes.metrics.micrometer.MicrometerMetrics;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What a pipeline named {@code shop} told. Thread-safe. */
public final class Meters {

    private final MeterRegistry registry = new SimpleMeterRegistry();

    /** Tells what happens here. */
    public PipelineMetrics metrics() {
        return MicrometerMetrics.of(registry, "shop");
    }

    public MeterRegistry registry() {
        return registry;
    }

    /** Sum over all meters with these tags, names and values in turn: counts, or the values of gauges. Fails without any. */
    public double value(String name, String... tags) {
        return sum(name, Statistic.COUNT, tags) + sum(name, Statistic.VALUE, tags);
    }

    /** The same of what timers and summaries added up, in seconds for timers. */
    public double total(String name, String... tags) {
        return sum(name, Statistic.TOTAL, tags) + sum(name, Statistic.TOTAL_TIME, tags);
    }

    /** Whether there is such a meter. */
    public boolean has(String name, String... tags) {
        return !registry.find(name).tags(tags).meters().isEmpty();
    }

    private double sum(String name, Statistic statistic, String... tags) {
        assertThat(has(name, tags)).as("%s %s", name, List.of(tags)).isTrue();
        return registry.find(name).tags(tags).meters().stream()
                .flatMap(meter -> values(meter, statistic))
                .mapToDouble(Double::doubleValue)
                .sum();
    }

    private static Stream<Double> values(Meter meter, Statistic statistic) {
        return StreamSupport.stream(meter.measure().spliterator(), false)
                .filter(one -> one.getStatistic() == statistic)
                .map(one -> one.getValue());
    }
}
