// SPDX-License-Identifier: Apache-2.0
package io.philotes.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.model.Lsn;
import io.philotes.model.SourceMark;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class CheckpointJsonTest {

    private static final String BEFORE_MARKS = "{\"pipelineId\":\"b5e1f0aa\",\"epoch\":7,\"systemId\":\"7301\","
            + "\"slot\":\"\",\"coveredUpTo\":\"0/10\",\"tables\":[]%s}";

    private static Checkpoint decode(String body) {
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        String checksum = HexFormat.of().toHexDigits((int) crc.getValue());
        return CheckpointJson.decode("{\"format\":1,\"crc32c\":\"" + checksum + "\",\"checkpoint\":" + body + "}");
    }

    @Test
    void one_that_was_written_before_there_were_marks_is_read() {
        Checkpoint expected = new Checkpoint("b5e1f0aa", 7, "7301", "", new Lsn(16), Map.of());
        Checkpoint decoded = decode(BEFORE_MARKS.formatted(""));
        assertThat(decoded).isEqualTo(expected);
        assertThat(decoded.source()).isEqualTo(SourceMark.ofSystem("7301"));
        assertThat(CheckpointJson.decode(CheckpointJson.encode(decoded))).isEqualTo(decoded);
    }

    /** As an older version reads what this one writes. */
    @Test
    void fields_that_are_not_known_are_passed_over() {
        assertThat(decode(BEFORE_MARKS.formatted(",\"later\":{\"a\":[1]},\"source\":{\"database\":5,\"later\":1}"))
                        .source()
                        .database())
                .isEqualTo(5);
    }
}
