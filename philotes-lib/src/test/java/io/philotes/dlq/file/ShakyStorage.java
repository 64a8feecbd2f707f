// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.file;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A storage in memory that fails when told to. Of what was written and not forced, a crash keeps a random part, torn at random
 * places; what a failed force was about is in the cache, and never gets to the disk.
 */
final class ShakyStorage implements LetterStorage {

    /** The process ends in the middle of a call. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** What happens at the call that was chosen. */
    enum Fault {
        FAIL,
        CRASH
    }

    private final Random random;
    private Content file;
    private Content beside;
    private Fault fault;
    private int callsUntil;

    ShakyStorage(Random random) {
        this.random = random;
    }

    void breakAfter(int calls, Fault how) {
        callsUntil = calls;
        fault = how;
    }

    void mend() {
        fault = null;
    }

    private void step() throws IOException {
        if (fault == null || callsUntil-- > 0) {
            return;
        }
        if (fault == Fault.CRASH) {
            throw new Crash();
        }
        throw new IOException("No space left on device");
    }

    /** The machine comes up again, with what was on its disk. */
    void crash() {
        if (file != null) {
            file.crash();
        }
        if (beside != null) {
            beside.crash();
        }
    }

    @Override
    public boolean exists() {
        return file != null;
    }

    @Override
    public Closeable lock() {
        return () -> {};
    }

    @Override
    public Optional<StoredFile> open() throws IOException {
        step();
        return Optional.ofNullable(file);
    }

    @Override
    public Optional<StoredFile> createBeside() throws IOException {
        step();
        beside = new Content();
        return Optional.of(beside);
    }

    /** All or nothing, as the rename with its directory's force is. */
    @Override
    public void replace() throws IOException {
        step();
        file = beside;
        beside = null;
        step();
    }

    @Override
    public String describe() {
        return "memory";
    }

    /** One file: what reads see, and what the disk has. */
    private final class Content implements StoredFile {

        private byte[] cached = {};
        private byte[] durable = {};
        private final List<Write> pending = new ArrayList<>();

        private record Write(long offset, byte[] bytes, long truncatedTo) {

            byte[] on(byte[] before) {
                if (truncatedTo >= 0) {
                    return Arrays.copyOf(before, (int) truncatedTo);
                }
                byte[] after = Arrays.copyOf(before, (int) Math.max(before.length, offset + bytes.length));
                System.arraycopy(bytes, 0, after, (int) offset, bytes.length);
                return after;
            }
        }

        @Override
        public long length() {
            return cached.length;
        }

        @Override
        public void read(long offset, byte[] into, int length) throws IOException {
            if (offset + length > cached.length) {
                throw new EOFException();
            }
            System.arraycopy(cached, (int) offset, into, 0, length);
        }

        @Override
        public void write(long offset, byte[] bytes) throws IOException {
            try {
                step();
            } catch (IOException | Crash e) {
                change(new Write(offset, Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)), -1));
                throw e;
            }
            change(new Write(offset, bytes.clone(), -1));
        }

        @Override
        public void truncate(long length) throws IOException {
            step();
            change(new Write(0, new byte[0], length));
        }

        private void change(Write write) {
            cached = write.on(cached);
            pending.add(write);
        }

        @Override
        public void force() throws IOException {
            try {
                step();
            } catch (IOException e) {
                // The kernel says it once, and takes the pages for clean from then on.
                pending.clear();
                throw e;
            }
            durable = cached.clone();
            pending.clear();
        }

        void crash() {
            for (Write write : pending) {
                int kept = write.truncatedTo() >= 0 ? 0 : random.nextInt(write.bytes().length + 1);
                switch (random.nextInt(3)) {
                    case 0 -> durable = write.on(durable);
                    case 1 ->
                        durable = write.truncatedTo() >= 0
                                ? durable
                                : new Write(write.offset(), Arrays.copyOf(write.bytes(), kept), -1).on(durable);
                    default -> {
                        // Never got there.
                    }
                }
            }
            pending.clear();
            cached = durable.clone();
        }

        @Override
        public void close() {
            // Nothing to let go.
        }
    }
}
