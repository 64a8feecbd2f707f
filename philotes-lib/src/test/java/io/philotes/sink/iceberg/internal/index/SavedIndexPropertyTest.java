// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.internal.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What was saved comes back, and goes on as if nothing had been. */
class SavedIndexPropertyTest {

    private record Key(long hi, long lo) {}

    @Property(tries = 40)
    void a_saved_index_comes_back(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        int keyLongs = 1 + random.nextInt(2);
        Map<Key, Long> model = new HashMap<>();
        KeyIndex index = index(keyLongs, random);
        for (int round = 0; round < 4; round++) {
            change(random, index, model);
            KeyIndex loaded = index(keyLongs, random);
            Path file = Files.createTempFile("philotes-", ".index");
            try {
                save(index, file);
                try (IndexInput in = new IndexInput(file, () -> {})) {
                    loaded.load(in);
                }
            } finally {
                Files.delete(file);
            }
            index.release();
            index = loaded;
            verify(index, model);
        }
    }

    private static KeyIndex index(int keyLongs, Random random) {
        TableMemory memory = Indexes.table(Indexes.memory(random.nextBoolean() ? 20_000 : Long.MAX_VALUE));
        return keyLongs == 1 ? new LongKeyIndex(memory) : new HashKeyIndex(memory);
    }

    private static void change(Random random, KeyIndex index, Map<Key, Long> model) {
        int keys = random.nextInt(20_000);
        int range = 1 + random.nextInt(30_000);
        boolean isSerial = random.nextBoolean();
        for (int i = 0; i < keys; i++) {
            long lo = isSerial ? i : random.nextInt(range) * 7L;
            Key key = new Key(index.keyLongs() == 1 ? 0 : SlotTable.mix(lo), lo);
            if (random.nextInt(4) == 0) {
                assertThat(index.remove(key.hi(), key.lo())).isEqualTo(model.remove(key) != null);
            } else {
                index.put(key.hi(), key.lo(), i);
                model.put(key, (long) i);
            }
        }
    }

    private static void save(KeyIndex index, Path file) throws IOException {
        try (IndexOutput out = new IndexOutput(file, () -> {})) {
            index.save(out);
            out.end();
        }
    }

    private static void verify(KeyIndex index, Map<Key, Long> model) {
        assertThat(index.size()).isEqualTo(model.size());
        Map<Key, Long> found = new HashMap<>();
        index.forEach((hi, lo, location) -> found.put(new Key(hi, lo), location));
        assertThat(found).isEqualTo(model);
        model.forEach(
                (key, location) -> assertThat(index.find(key.hi(), key.lo())).isEqualTo(location));
    }

    /** Large enough for segments that were split. */
    @Example
    void a_large_index_comes_back() throws IOException {
        HashKeyIndex index = new HashKeyIndex(Indexes.large());
        for (long i = 0; i < 600_000; i++) {
            index.put(i, SlotTable.mix(i), i);
        }
        Path file = Files.createTempFile("philotes-", ".index");
        HashKeyIndex loaded = new HashKeyIndex(Indexes.large());
        try {
            save(index, file);
            try (IndexInput in = new IndexInput(file, () -> {})) {
                loaded.load(in);
            }
        } finally {
            Files.delete(file);
        }
        assertThat(loaded.size()).isEqualTo(600_000);
        assertThat(loaded.bytes()).isEqualTo(index.bytes());
        for (long i = 0; i < 600_000; i++) {
            loaded.put(i, SlotTable.mix(i), i + 1);
            assertThat(loaded.find(i, SlotTable.mix(i))).isEqualTo(i + 1);
        }
        assertThat(loaded.size()).isEqualTo(600_000);
    }

    @Property(tries = 50)
    void a_file_that_was_changed_anywhere_is_refused(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        LongKeyIndex index = new LongKeyIndex(Indexes.large());
        for (int i = 0; i < 100; i++) {
            index.put(0, random.nextInt(), i);
        }
        Path file = Files.createTempFile("philotes-", ".index");
        try {
            save(index, file);
            byte[] bytes = Files.readAllBytes(file);
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, bytes);
            assertThatThrownBy(() -> new IndexInput(file, () -> {})).isInstanceOf(IOException.class);
        } finally {
            Files.delete(file);
        }
    }
}
