// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.call;

import java.io.UncheckedIOException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.iceberg.exceptions.RESTException;

/** Tells what went wrong outside, in a storage or a catalog and on the way there, from what is wrong in here. */
final class Outside {

    /** Of the AWS SDK, which may not be there. */
    private static final String OF_S3 = "software.amazon.awssdk.core.exception.SdkException";

    private Outside() {}

    /** Whether it may pass by itself; anything else is a defect. */
    static boolean isToBlame(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UncheckedIOException
                    || cause instanceof RESTException
                    || cause instanceof NotAuthorizedException
                    || cause instanceof ForbiddenException
                    || isOfS3(cause.getClass())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOfS3(Class<?> type) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            if (each.getName().equals(OF_S3)) {
                return true;
            }
        }
        return false;
    }
}
