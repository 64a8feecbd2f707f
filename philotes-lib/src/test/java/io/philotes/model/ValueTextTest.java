// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ValueTextTest {

    private static final PgType NUMERIC = PgType.base(1700, "numeric");

    /** 131072 digits before the point and 16383 behind it: more groups of four than a signed int16 counts. */
    @Test
    void the_longest_numeric_has_a_text() {
        int groups = 36_864;
        ByteBuffer bytes = ByteBuffer.allocate(8 + 2 * groups);
        bytes.putShort((short) groups).putShort((short) 32_767).putShort((short) 0);
        bytes.putShort((short) 16_383);
        for (int i = 1; i < groups; i++) {
            bytes.putShort((short) 9_999);
        }
        bytes.putShort((short) 9_990);
        assertThat(ValueText.binary(NUMERIC, bytes.array(), 0, bytes.capacity()))
                .isEqualTo("9".repeat(131_072) + "." + "9".repeat(16_383));
    }
}
