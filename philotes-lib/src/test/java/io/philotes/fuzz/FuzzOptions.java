// SPDX-License-Identifier: Apache-2.0
package io.philotes.fuzz;

import java.util.Random;

/** What is different from run to run. */
record FuzzOptions(boolean disk, int formatVersion, boolean streaming, boolean softDelete, boolean compacts) {

    static FuzzOptions any(Random random) {
        return new FuzzOptions(
                random.nextBoolean(),
                random.nextInt(4) == 0 ? 2 : 3,
                random.nextInt(3) == 0,
                random.nextInt(3) == 0,
                random.nextBoolean());
    }

    static FuzzOptions parse(String text) {
        String[] parts = text.split(",");
        return new FuzzOptions(
                Boolean.parseBoolean(parts[0]),
                Integer.parseInt(parts[1]),
                Boolean.parseBoolean(parts[2]),
                Boolean.parseBoolean(parts[3]),
                Boolean.parseBoolean(parts[4]));
    }

    String asText() {
        return disk + "," + formatVersion + "," + streaming + "," + softDelete + "," + compacts;
    }
}
