// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.config.ApiRole;

/**
 * Who asks. Immutable.
 *
 * @param name the key's name; never the key
 */
record Caller(String name, ApiRole role) {

    /** Somebody on this machine, where there are no keys. */
    static final Caller LOCAL = new Caller("this machine", ApiRole.ADMIN);
}
