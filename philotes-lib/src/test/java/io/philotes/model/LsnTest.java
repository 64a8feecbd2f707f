// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LsnTest {

    @Test
    void reads_and_writes_as_postgres_does() {
        assertThat(Lsn.parse("0/16B3748")).isEqualTo(new Lsn(0x16B3748));
        assertThat(Lsn.parse("ffffffff/ffffffff")).isEqualTo(Lsn.MAX);
        assertThat(Lsn.parse("00000001/00000000").value()).isEqualTo(1L << 32);
        assertThat(Lsn.MAX).hasToString("FFFFFFFF/FFFFFFFF");
        assertThat(Lsn.ZERO).hasToString("0/0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "0",
                "0/",
                "/0",
                "123456789/0",
                "0/123456789",
                "+1/0",
                "-1/0",
                "0/+1",
                "0/-1",
                "0x1/0",
                "0/g",
                " 0/0",
                "0/0 ",
                "0//0",
                "0/0/0",
                "１/０"
            })
    void anything_else_is_refused(String text) {
        assertThatThrownBy(() -> Lsn.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void text_round_trips(@ForAll long value) {
        assertThat(Lsn.parse(new Lsn(value).toString())).isEqualTo(new Lsn(value));
    }

    @Property
    void order_is_unsigned(@ForAll long a, @ForAll long b) {
        BigInteger left = new BigInteger(Long.toUnsignedString(a));
        BigInteger right = new BigInteger(Long.toUnsignedString(b));
        Lsn one = new Lsn(a);
        Lsn two = new Lsn(b);
        assertThat(Integer.signum(one.compareTo(two))).isEqualTo(left.compareTo(right));
        assertThat(one.isAfter(two)).isEqualTo(left.compareTo(right) > 0);
        assertThat(one.isBefore(two)).isEqualTo(left.compareTo(right) < 0);
        assertThat(Lsn.max(one, two)).isEqualTo(left.compareTo(right) >= 0 ? one : two);
        assertThat(Lsn.min(one, two)).isEqualTo(left.compareTo(right) <= 0 ? one : two);
    }
}
