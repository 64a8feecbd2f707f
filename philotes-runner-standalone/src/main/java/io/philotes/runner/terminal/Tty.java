// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.terminal;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether the process' streams are a terminal. Stateless. */
public final class Tty {

    private Tty() {}

    /** Whether a person types into standard input and watches standard output. */
    public static boolean isInteractive() {
        return System.console() != null && isTerminal() && !"dumb".equals(System.getenv("TERM"));
    }

    /** Whether standard error is a terminal as well: it may be sent elsewhere by itself. */
    public static boolean showsProgress() {
        Path stderr = Path.of("/proc/self/fd/2");
        if (!isInteractive() || !Files.isSymbolicLink(stderr)) {
            return isInteractive();
        }
        try {
            return Files.readSymbolicLink(stderr).toString().matches("/dev/(pts/|tty).*");
        } catch (IOException e) {
            return false;
        }
    }

    /** From Java 22 on there is a console without a terminal, too, which can be asked. */
    private static boolean isTerminal() {
        try {
            return (Boolean) java.io.Console.class.getMethod("isTerminal").invoke(System.console());
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            return false;
        }
    }
}
