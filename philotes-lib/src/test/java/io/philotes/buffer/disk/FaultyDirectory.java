// SPDX-License-Identifier: Apache-2.0
package io.philotes.buffer.disk;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A directory in memory that knows what was forced, fails on demand, and can lose power: of what was not forced, each write
 * then is there, in part or not at all.
 */
final class FaultyDirectory implements BufferDirectory {

    /** What a write, a force or a deletion does. */
    enum Fault {
        NONE,
        FAIL,
        FULL,
        SHORT_AND_FULL,
        SHORT_AND_FAIL
    }

    private static final class Content {
        private byte[] now = {};
        private byte[] forced = {};
        private final List<Change> pending = new ArrayList<>();
    }

    /** A write; or a truncation when {@code bytes} is null. */
    private record Change(long offset, byte[] bytes) {}

    private Map<String, Content> entries = new TreeMap<>();
    private Map<String, Content> forcedEntries = new TreeMap<>();
    private boolean locked;
    private Fault nextWrite = Fault.NONE;
    private Fault nextForce = Fault.NONE;
    private int operationsLeft = Integer.MAX_VALUE;
    private Fault nextChange = Fault.NONE;
    private int changesBeforeFault;
    private long capacity = Long.MAX_VALUE;

    void nextWrite(Fault fault) {
        nextWrite = fault;
    }

    void nextForce(Fault fault) {
        nextForce = fault;
    }

    /** After so many more changes of any kind (a creation and a deletion among them) one does this. */
    void nextChange(int after, Fault fault) {
        changesBeforeFault = after;
        nextChange = fault;
    }

    /** From now on the disk has so many bytes, what stands there included: it grows no further, and can be written over. */
    void capacity(long bytes) {
        capacity = bytes;
    }

    long used() {
        return entries.values().stream()
                .mapToLong(content -> content.now.length)
                .sum();
    }

    /** After so many more changes every change fails. */
    void cutPowerAfter(int operations) {
        operationsLeft = operations;
    }

    /** What is found when the power is back. */
    FaultyDirectory afterPowerCut(Random random) {
        FaultyDirectory found = new FaultyDirectory();
        Set<String> names = new HashSet<>(entries.keySet());
        names.addAll(forcedEntries.keySet());
        for (String name : new java.util.TreeSet<>(names)) {
            Content content = random.nextBoolean() ? entries.get(name) : forcedEntries.get(name);
            if (content != null) {
                Content survived = new Content();
                survived.now = survived(content, random);
                survived.forced = survived.now.clone();
                found.entries.put(name, survived);
            }
        }
        found.forcedEntries = new TreeMap<>(found.entries);
        return found;
    }

    private static byte[] survived(Content content, Random random) {
        byte[] bytes = content.forced.clone();
        for (Change change : content.pending) {
            int fate = random.nextInt(3);
            if (fate == 0) {
                continue;
            }
            if (change.bytes() == null) {
                bytes = Arrays.copyOf(bytes, (int) change.offset());
            } else {
                int count = fate == 1 ? change.bytes().length : random.nextInt(change.bytes().length + 1);
                bytes = written(bytes, change.offset(), change.bytes(), 0, count);
            }
        }
        return bytes;
    }

    private static byte[] written(byte[] bytes, long offset, byte[] source, int from, int count) {
        byte[] grown = Arrays.copyOf(bytes, Math.max(bytes.length, (int) offset + count));
        System.arraycopy(source, from, grown, (int) offset, count);
        return grown;
    }

    /** The content of the last segment may be changed through it. */
    void shortenLastSegment(Random random) {
        String last = entries.keySet().stream()
                .filter(name -> SegmentHeader.number(name) > 0)
                .reduce((a, b) -> b)
                .orElseThrow();
        Content content = entries.get(last);
        content.now = Arrays.copyOf(content.now, random.nextInt(content.now.length + 1));
        content.forced = content.now.clone();
    }

    /** Changes something of one file, forced or not, as a failing disk does; says what. */
    String damage(Random random) {
        List<String> names = List.copyOf(entries.keySet());
        String name = names.get(random.nextInt(names.size()));
        Content content = entries.get(name);
        if (content.now.length == 0) {
            return "nothing";
        }
        int at = random.nextInt(content.now.length);
        String what;
        switch (random.nextInt(4)) {
            case 0 -> {
                content.now = Arrays.copyOf(content.now, at);
                what = "cut";
            }
            case 1 -> {
                Arrays.fill(content.now, at, content.now.length, (byte) 0);
                what = "zeros";
            }
            default -> {
                content.now[at] ^= (byte) (1 << random.nextInt(8));
                what = "flip";
            }
        }
        content.forced = content.now.clone();
        return what + " in " + name + " at " + at;
    }

    private void change() throws IOException {
        if (operationsLeft-- <= 0) {
            operationsLeft = 0;
            throw new IOException("the power is gone");
        }
        if (nextChange != Fault.NONE && changesBeforeFault-- <= 0) {
            Fault fault = nextChange;
            nextChange = Fault.NONE;
            throw new IOException(fault == Fault.FULL ? "disk full" : "scripted");
        }
    }

    @Override
    public void lock() {
        if (locked) {
            throw new PhilotesException(ErrorCode.BUFFER_IN_USE, "Cannot lock: locked");
        }
        locked = true;
    }

    @Override
    public void unlock() {
        locked = false;
    }

    @Override
    public List<String> names() {
        return List.copyOf(entries.keySet());
    }

    @Override
    public BufferFile open(String name) throws IOException {
        if (!entries.containsKey(name)) {
            change();
            if (freeBytes() == 0) {
                throw new IOException("disk full");
            }
            entries.put(name, new Content());
        }
        return new OpenFile(entries.get(name));
    }

    @Override
    public BufferFile openForReading(String name) throws IOException {
        if (!entries.containsKey(name)) {
            throw new NoSuchFileException(name);
        }
        return new OpenFile(entries.get(name));
    }

    @Override
    public void delete(String name) throws IOException {
        change();
        entries.remove(name);
    }

    @Override
    public void force() throws IOException {
        change();
        forcedEntries = new TreeMap<>(entries);
    }

    @Override
    public boolean isFull(IOException failure, long needed) {
        return String.valueOf(failure.getMessage()).contains("full");
    }

    @Override
    public long freeBytes() {
        return capacity == Long.MAX_VALUE ? capacity : Math.max(0, capacity - used());
    }

    @Override
    public long totalBytes() {
        return Long.MAX_VALUE;
    }

    @Override
    public Optional<String> whyNotWritable() {
        return Optional.empty();
    }

    @Override
    public String describe(String name) {
        return name;
    }

    private final class OpenFile implements BufferFile {

        private final Content content;

        private OpenFile(Content content) {
            this.content = content;
        }

        @Override
        public long length() {
            return content.now.length;
        }

        @Override
        public void read(long offset, byte[] into, int from, int length) throws IOException {
            if (offset + length > content.now.length) {
                throw new EOFException();
            }
            System.arraycopy(content.now, (int) offset, into, from, length);
        }

        @Override
        public void write(long offset, byte[] bytes, int from, int length) throws IOException {
            change();
            requireRoom(offset, bytes, from, length);
            Fault fault = nextWrite;
            nextWrite = Fault.NONE;
            switch (fault) {
                case NONE -> put(offset, bytes, from, length);
                case FAIL -> throw new IOException("scripted");
                case FULL -> throw new IOException("disk full");
                case SHORT_AND_FULL -> {
                    put(offset, bytes, from, length / 2);
                    throw new IOException("disk full");
                }
                case SHORT_AND_FAIL -> {
                    put(offset, bytes, from, length / 2);
                    throw new IOException("scripted");
                }
            }
        }

        private void requireRoom(long offset, byte[] bytes, int from, int length) throws IOException {
            long grows = offset + length - content.now.length;
            if (grows > freeBytes()) {
                put(offset, bytes, from, (int) Math.max(0, length - (grows - freeBytes())));
                throw new IOException("disk full");
            }
        }

        private void put(long offset, byte[] bytes, int from, int length) {
            content.now = written(content.now, offset, bytes, from, length);
            content.pending.add(new Change(offset, Arrays.copyOfRange(bytes, from, from + length)));
        }

        @Override
        public void force() throws IOException {
            change();
            Fault fault = nextForce;
            nextForce = Fault.NONE;
            if (fault != Fault.NONE) {
                // The system takes the pages for clean now: forcing again would not write them.
                content.pending.clear();
                throw new IOException("scripted");
            }
            for (Change change : content.pending) {
                content.forced = change.bytes() == null
                        ? Arrays.copyOf(content.forced, (int) change.offset())
                        : written(content.forced, change.offset(), change.bytes(), 0, change.bytes().length);
            }
            content.pending.clear();
        }

        @Override
        public void truncate(long length) throws IOException {
            change();
            content.now = Arrays.copyOf(content.now, (int) length);
            content.pending.add(new Change(length, null));
        }

        @Override
        public void close() {}
    }
}
