// SPDX-License-Identifier: Apache-2.0
package io.philotes.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.health.Finding;
import io.philotes.sink.Sink;
import io.philotes.sink.Sinks;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeferredSinkTest {

    @Test
    void it_leaves_no_question_to_a_default_of_the_contract() {
        List<String> own = Arrays.stream(DeferredSink.class.getDeclaredMethods())
                .map(Method::getName)
                .toList();
        assertThat(Arrays.stream(Sink.class.getMethods())
                        .filter(method -> !Modifier.isStatic(method.getModifiers()))
                        .map(Method::getName))
                .allMatch(own::contains);
    }

    @Test
    void a_catalog_that_does_not_answer_is_a_finding_and_is_tried_again() {
        AtomicInteger tries = new AtomicInteger();
        DeferredSink sink = new DeferredSink("replica", () -> {
            if (tries.incrementAndGet() < 3) {
                throw new PhilotesException(ErrorCode.CATALOG_UNREACHABLE, "Cannot reach the catalog: scripted");
            }
            return Sinks.forEach(change -> {});
        });
        assertThat(sink.check("shop", List.of())).extracting(Finding::severity).containsExactly(Finding.Severity.ERROR);
        assertThatThrownBy(() -> sink.plan("shop", List.of())).isInstanceOf(PhilotesException.class);
        assertThat(sink.check("shop", List.of())).isEmpty();
        assertThat(tries).hasValue(3);
        sink.close();
    }
}
