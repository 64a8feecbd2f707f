// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the source's catalog says of a table at one place of the stream, besides its {@link RelationSchema}: marks that move
 * when something happens to the rows that no change in the stream tells. Values mean something only in comparison with
 * those of another moment; {@link UntoldChanges} compares. Immutable.
 *
 * @param rules what is left out, masked or filtered of the table, as text
 * @param logged whether every change reaches the WAL ({@code pg_class.relpersistence}), those of all leaves included
 * @param file the file of its own rows ({@code pg_class.relfilenode}); moves with TRUNCATE and with every rewrite
 * @param highestAttnum the highest attnum that any column ever had; a column above it is new
 * @param columns attnum to the version of its {@code pg_attribute} row ({@code xmin} and {@code ctid}), of every column that
 *     is there now, published or not; moves with every change of the column's definition
 * @param leaves partitions that hold rows, by oid; empty for a plain table
 * @param types types whose text depends on the catalog, by oid: enums and composites that values of the columns contain,
 *     however deep
 * @param tracking which event trigger told of every change of a definition at that moment: while it stays the same, none was
 *     missed; empty when nobody did
 */
public record TableFacts(
        String rules,
        boolean logged,
        String file,
        int highestAttnum,
        Map<Integer, Long> columns,
        Map<Long, Leaf> leaves,
        Map<Long, DefinedType> types,
        String tracking) {

    /** A line of {@link #rules}: what stands behind it was seen since the content was made, by the rules in front of it. */
    private static final String CHANGED = "changed";

    /** Nothing is known; differs from everything that is. */
    public static final TableFacts NONE = new TableFacts("", true, "", 0, Map.of(), Map.of(), Map.of());

    /**
     * A partition that holds rows.
     *
     * @param name its name
     * @param file its file
     * @param xid the transaction that last changed its {@code pg_class} row, as 32 bits without sign
     * @param born whether it, and every partition between it and the root, was made as a partition ({@code CREATE TABLE …
     *     PARTITION OF}): then none of its rows is older than its place in the tree, and all of them were told
     * @param links versions of the {@code pg_inherits} rows that tie it to the root; move when it is detached and attached
     *     again
     */
    public record Leaf(String name, String file, long xid, boolean born, String links) {

        public Leaf {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(file, "file");
            Objects.requireNonNull(links, "links");
        }

        /** One of which the stream has rows, and no picture was taken. */
        static Leaf seen(String name) {
            return new Leaf(name, "", 0, false, "");
        }

        /** Whether it is known by its rows in the stream alone. */
        boolean isOnlySeen() {
            return links.isEmpty();
        }
    }

    /**
     * A type whose values print by what the catalog says now.
     *
     * @param name its name
     * @param open whether it may get more parts without a change to older values: an enum
     * @param parts an enum's labels by the oid of {@code pg_enum}, or of a composite, by attnum, anything that moves with the
     *     attribute's type
     */
    public record DefinedType(String name, boolean open, Map<Long, String> parts) {

        public DefinedType {
            Objects.requireNonNull(name, "name");
            parts = Collections.unmodifiableMap(new TreeMap<>(parts));
        }
    }

    public TableFacts {
        Objects.requireNonNull(rules, "rules");
        Objects.requireNonNull(file, "file");
        columns = Collections.unmodifiableMap(new TreeMap<>(columns));
        leaves = Collections.unmodifiableMap(new TreeMap<>(leaves));
        types = Collections.unmodifiableMap(new TreeMap<>(types));
        Objects.requireNonNull(tracking, "tracking");
    }

    /** Facts of a table whose changes of definition nobody tells. */
    public TableFacts(
            String rules,
            boolean logged,
            String file,
            int highestAttnum,
            Map<Integer, Long> columns,
            Map<Long, Leaf> leaves,
            Map<Long, DefinedType> types) {
        this(rules, logged, file, highestAttnum, columns, leaves, types, "");
    }

    /** The same with other rules. */
    public TableFacts withRules(String others) {
        return new TableFacts(others, logged, file, highestAttnum, columns, leaves, types, tracking);
    }

    /**
     * The same, of content that was made by other rules: with those in front, and behind them every line that is not among
     * them. So nothing that either knew is lost, and the whole differs from whatever a source says.
     */
    public TableFacts ofContentBy(String others) {
        Set<String> lines = new LinkedHashSet<>(List.of(others.split("\n")));
        lines.add(CHANGED);
        lines.addAll(List.of(rules.split("\n")));
        lines.remove("");
        return withRules(String.join("\n", lines));
    }

    /** What {@link #ofContentBy} was given first, or the rules as they are. */
    public static String rulesOfContent(String rules) {
        return Stream.of(rules.split("\n"))
                .takeWhile(line -> !line.equals(CHANGED))
                .collect(Collectors.joining("\n"));
    }

    /** The same, and rows of a partition were seen; what was known of it already stays, and of nothing nothing more is known. */
    public TableFacts withSeenLeaf(long oid, String name) {
        if (equals(NONE) || leaves.containsKey(oid)) {
            return this;
        }
        Map<Long, Leaf> more = new HashMap<>(leaves);
        more.put(oid, Leaf.seen(name));
        return new TableFacts(rules, logged, file, highestAttnum, columns, more, types, tracking);
    }

    /** The same, with another word about who tells of changes. */
    public TableFacts withTracking(String other) {
        return new TableFacts(rules, logged, file, highestAttnum, columns, leaves, types, other);
    }

    /** As one line of text, for {@link #parse}. */
    public String text() {
        return String.join(
                " ",
                "1",
                encode(rules),
                logged ? "logged" : "unlogged",
                encode(file),
                Integer.toString(highestAttnum),
                join(columns, String::valueOf),
                join(leaves, TableFacts::text),
                join(types, TableFacts::text),
                encode(tracking));
    }

    private static String text(Leaf leaf) {
        return String.join(
                ",",
                encode(leaf.name()),
                encode(leaf.file()),
                Long.toString(leaf.xid()),
                leaf.born() ? "born" : "",
                encode(leaf.links()));
    }

    private static String text(DefinedType type) {
        return String.join(
                ",", encode(type.name()), type.open() ? "open" : "", encode(join(type.parts(), TableFacts::encode)));
    }

    private static <K, V> String join(Map<K, V> map, Function<V, String> value) {
        return map.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + value.apply(entry.getValue()))
                .collect(Collectors.joining(";", "{", "}"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static TableFacts parse(String text) {
        String[] parts = parts(text, " ", 9);
        if (!parts[0].equals("1")) {
            throw new IllegalArgumentException("these are no table facts of format 1");
        }
        return new TableFacts(
                decode(parts[1]),
                parts[2].equals("logged"),
                decode(parts[3]),
                Integer.parseInt(parts[4]),
                split(parts[5], Integer::valueOf, Long::valueOf),
                split(parts[6], Long::valueOf, TableFacts::leaf),
                split(parts[7], Long::valueOf, TableFacts::type),
                decode(parts[8]));
    }

    private static Leaf leaf(String text) {
        String[] parts = parts(text, ",", 5);
        return new Leaf(
                decode(parts[0]),
                decode(parts[1]),
                Long.parseLong(parts[2]),
                parts[3].equals("born"),
                decode(parts[4]));
    }

    private static DefinedType type(String text) {
        String[] parts = parts(text, ",", 3);
        return new DefinedType(
                decode(parts[0]), parts[1].equals("open"), split(decode(parts[2]), Long::valueOf, TableFacts::decode));
    }

    private static String[] parts(String text, String separator, int count) {
        String[] parts = text.split(separator, -1);
        if (parts.length != count) {
            throw new IllegalArgumentException("these are not " + count + " parts: " + text);
        }
        return parts;
    }

    private static <K, V> Map<K, V> split(String text, Function<String, K> key, Function<String, V> value) {
        if (!text.startsWith("{") || !text.endsWith("}")) {
            throw new IllegalArgumentException("this is no map: " + text);
        }
        Map<K, V> map = new HashMap<>();
        String inner = text.substring(1, text.length() - 1);
        for (String entry : inner.isEmpty() ? new String[0] : inner.split(";", -1)) {
            int equals = entry.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("this is no entry: " + entry);
            }
            map.put(key.apply(entry.substring(0, equals)), value.apply(entry.substring(equals + 1)));
        }
        return map;
    }
}
