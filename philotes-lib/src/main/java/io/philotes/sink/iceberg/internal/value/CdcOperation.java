// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.value;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What a row says happened: the text of {@link CdcColumns#OPERATION} is the name in lower case. */
public enum CdcOperation {
    INSERT,
    UPDATE,
    DELETE,
    TRUNCATE;

    private final byte[] text = name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);

    byte[] text() {
        return text;
    }
}
