// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.dlq.DeadLetterQueue;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.pipeline.PipelineSettings;
import io.philotes.pipeline.RowPolicy;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start that is refused leaves nothing open behind it. */
class RefusedStartTest {

    @TempDir
    private Path directory;

    @Test
    void the_buffer_is_free_again_when_the_dead_letters_cannot_be_opened() {
        assertThatThrownBy(() -> RunningPipeline.start(parts()))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEAD_LETTERS_FAILED));
        try (DiskBuffer next = DiskBuffer.at(directory)) {
            next.open("refused");
        }
    }

    private PipelineParts parts() {
        PipelineSettings settings = TestSettings.of("refused").made();
        return new PipelineParts(
                settings,
                new ScriptedSource(),
                DiskBuffer.at(directory),
                Optional.of(new HeldCheckpoints()),
                List.of(new SinkPart("sink", new CountingSink())),
                new RowHandling(
                        RowPolicy.DEAD_LETTER,
                        Optional.of(refusing()),
                        RowHandling.DEFAULT_MAX_DEAD_LETTERS,
                        RowHandling.DEFAULT.retention()));
    }

    /** A queue that cannot be opened, and says nothing else. */
    private static DeadLetterQueue refusing() {
        return (DeadLetterQueue) Proxy.newProxyInstance(
                DeadLetterQueue.class.getClassLoader(),
                new Class<?>[] {DeadLetterQueue.class},
                (queue, method, args) -> {
                    if (method.getName().equals("open")) {
                        throw new PhilotesException(ErrorCode.DEAD_LETTERS_FAILED, "Cannot open: scripted");
                    }
                    return method.getReturnType() == Optional.class ? Optional.empty() : null;
                });
    }
}
