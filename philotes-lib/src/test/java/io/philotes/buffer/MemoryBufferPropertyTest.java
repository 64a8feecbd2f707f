// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer;

import java.nio.file.Path;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class MemoryBufferPropertyTest {

    @Property(tries = 200)
    void behaves_like_the_model(@ForAll long seed) throws InterruptedException {
        Random random = new Random(seed);
        try (MemoryBuffer buffer = MemoryBuffer.bounded(5_000 + random.nextInt(50_000), Path.of("target"))) {
            buffer.open("model");
            BufferModel model = new BufferModel(random, buffer);
            for (int i = 0; i < 200; i++) {
                model.step();
            }
        }
    }
}
