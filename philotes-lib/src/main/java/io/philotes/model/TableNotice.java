// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * What the stream says of a table besides its rows, at the place where it is true. Immutable.
 *
 * <pre>
 * bytes   int8 kind | UTF-8 text
 * 'P'     the text of {@link TableFacts}
 * 'L'     its oid, a blank, its name
 * 'U'     why
 * 'G'     what became of it
 * </pre>
 */
public sealed interface TableNotice {

    /**
     * The catalog's picture: the record's relation version holds from here on, and these facts.
     *
     * @param facts never null
     */
    record Picture(TableFacts facts) implements TableNotice {

        public Picture {
            Objects.requireNonNull(facts, "facts");
        }
    }

    /**
     * From here on rows of this partition are among the table's, which no picture has shown yet. One may never do: a partition
     * may be dropped before the next.
     *
     * @param oid of the partition
     * @param name its name
     */
    record Leaf(long oid, String name) implements TableNotice {

        public Leaf {
            Objects.requireNonNull(name, "name");
        }
    }

    /**
     * Changes of the table could not be understood and are left out: it must be copied again, from a place behind this one.
     *
     * @param reason why, for people
     */
    record Undecodable(String reason) implements TableNotice {

        public Undecodable {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * The table is not there any more: dropped, or another one has its name.
     *
     * @param reason what became of it, for people
     */
    record Gone(String reason) implements TableNotice {

        public Gone {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** As bytes, in the form drawn above. */
    default byte[] bytes() {
        if (this instanceof Picture picture) {
            return bytes('P', picture.facts().text());
        }
        if (this instanceof Leaf leaf) {
            return bytes('L', leaf.oid() + " " + leaf.name());
        }
        return this instanceof Undecodable undecodable
                ? bytes('U', undecodable.reason())
                : bytes('G', ((Gone) this).reason());
    }

    private static byte[] bytes(char kind, String text) {
        return (kind + text).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what {@link #bytes} wrote.
     *
     * @throws MalformedBatchException for anything else
     */
    static TableNotice parse(byte[] bytes, int offset, int length) {
        String all = new String(bytes, offset, length, StandardCharsets.UTF_8);
        String text = all.isEmpty() ? "" : all.substring(1);
        try {
            return switch (all.isEmpty() ? 0 : all.charAt(0)) {
                case 'P' -> new Picture(TableFacts.parse(text));
                case 'L' -> leaf(text);
                case 'U' -> new Undecodable(text);
                case 'G' -> new Gone(text);
                default -> throw new MalformedBatchException("batch is malformed at its table notice");
            };
        } catch (IllegalArgumentException e) {
            throw new MalformedBatchException("batch is malformed at its table notice (" + e.getMessage() + ")");
        }
    }

    private static Leaf leaf(String text) {
        int blank = text.indexOf(' ');
        if (blank < 0) {
            throw new IllegalArgumentException("this is no partition: " + text);
        }
        return new Leaf(Long.parseLong(text.substring(0, blank)), text.substring(blank + 1));
    }
}
