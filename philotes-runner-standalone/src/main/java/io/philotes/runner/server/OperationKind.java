// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

/** Orders that take longer than a request should. */
enum OperationKind {
    START,
    STOP,
    RESTART,
    VERIFY
}
