// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import java.io.IOException;

/** Signals that Java cannot send. */
final class Signals {

    private Signals() {}

    /** @param name such as {@code STOP} */
    static void send(String name, long pid) throws IOException, InterruptedException {
        int result = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .inheritIO()
                .start()
                .waitFor();
        if (result != 0) {
            throw new IOException("kill -" + name + " " + pid + " answered " + result);
        }
    }
}
