// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import java.io.IOException;

/** A server's no that is none of the catalogue's; the cause of what is told of it. Immutable. */
final class StatusException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int status;

    StatusException(int status) {
        super("HTTP status " + status);
        this.status = status;
    }

    /** What it means for whoever started the process. */
    int exitCode() {
        return switch (status) {
            case 401, 403 -> ExitCode.NO_PERMISSION;
            case 409, 503 -> ExitCode.TEMPORARY;
            default -> ExitCode.CONFIGURATION;
        };
    }
}
