// SPDX-License-Identifier: Apache-2.0
package io.philotes.scale;

/** Whether the huge tests run as they are meant, {@code -Dphilotes.long=true}, or in a form that fits every build. */
final class LongForm {

    private LongForm() {}

    static boolean isWanted() {
        return Boolean.getBoolean("philotes.long");
    }

    static int choose(int everyBuild, int longForm) {
        return isWanted() ? longForm : everyBuild;
    }
}
