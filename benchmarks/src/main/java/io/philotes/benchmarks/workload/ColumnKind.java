// SPDX-License-Identifier: Apache-2.0
package io.philotes.benchmarks.workload;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** How a value becomes a number, in the source by SQL and in the lake by Java, so that sums of both can be compared. Stateless. */
public enum ColumnKind {
    INTEGER("%s::numeric") {
        @Override
        BigDecimal number(Object value) {
            return BigDecimal.valueOf(((Number) value).longValue());
        }
    },
    DECIMAL("%s") {
        @Override
        BigDecimal number(Object value) {
            return (BigDecimal) value;
        }
    },
    /** The workloads' doubles are multiples of a quarter, whose sum is exact. */
    DOUBLE("%s::numeric") {
        @Override
        BigDecimal number(Object value) {
            return new BigDecimal(((Number) value).doubleValue());
        }
    },
    BOOLEAN("%s::int::numeric") {
        @Override
        BigDecimal number(Object value) {
            return (Boolean) value ? BigDecimal.ONE : BigDecimal.ZERO;
        }
    },
    TIMESTAMP_WITH_ZONE("(extract(epoch from %s) * 1000000)") {
        @Override
        BigDecimal number(Object value) {
            return micros((OffsetDateTime) value);
        }
    },
    TIMESTAMP("(extract(epoch from %s) * 1000000)") {
        @Override
        BigDecimal number(Object value) {
            return micros(((LocalDateTime) value).atOffset(ZoneOffset.UTC));
        }
    },
    UUID_TEXT("('x' || left(md5(%s::text), 15))::bit(60)::bigint::numeric") {
        @Override
        BigDecimal number(Object value) {
            return hashed(((UUID) value).toString());
        }
    },
    TEXT("('x' || left(md5(%s::text), 15))::bit(60)::bigint::numeric") {
        @Override
        BigDecimal number(Object value) {
            return hashed(value.toString());
        }
    };

    private static final OffsetDateTime EPOCH = OffsetDateTime.of(1970, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);
    private static final int HASH_DIGITS = 15;

    private final String sql;

    ColumnKind(String sql) {
        this.sql = sql;
    }

    /** The number of the column's value as SQL, of type numeric. */
    String sql(String column) {
        return String.format(sql, column);
    }

    /** The number of a value as Iceberg's generic reader gives it. */
    abstract BigDecimal number(Object value);

    private static BigDecimal micros(OffsetDateTime time) {
        return BigDecimal.valueOf(ChronoUnit.MICROS.between(EPOCH, time));
    }

    private static BigDecimal hashed(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            BigInteger all = new BigInteger(1, digest);
            return new BigDecimal(all.shiftRight(Byte.SIZE * digest.length - HASH_DIGITS * 4));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
