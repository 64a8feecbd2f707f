// SPDX-License-Identifier: Apache-2.0
package io.philotes.file.internal;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.nio.charset.StandardCharsets;

/** A pipeline's name as every file system takes it, upper and lower case apart. Stateless. */
public final class PipelineFileName {

    /** A file system takes 255 bytes; an ending comes behind it. */
    private static final int MAX_LENGTH = 240;

    private PipelineFileName() {}

    /**
     * The name of a pipeline's file, without an ending.
     *
     * @param what completes "Cannot name …"
     * @throws PhilotesException INVALID_CONFIGURATION when the pipeline's name is empty or too long
     */
    public static String of(String pipeline, String what) {
        StringBuilder name = new StringBuilder();
        for (byte b : pipeline.getBytes(StandardCharsets.UTF_8)) {
            if ((b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '-' || b == '_') {
                name.append((char) b);
            } else {
                name.append('%').append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
            }
        }
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            throw new PhilotesException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Cannot name " + what + ": the pipeline's name is empty or too long");
        }
        return name.toString();
    }
}
