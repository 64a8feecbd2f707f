// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What the source's catalog says of a table at one place of the stream, besides its {@link RelationSchema}: marks that move
 * when something happens to the rows that no change in the stream tells. Values mean something only in comparison with
 * those of another moment. Immutable.
 *
 * @param rules what is left out, masked or filtered of the table, as text
 * @param logged whether changes reach the WAL ({@code pg_class.relpersistence})
 * @param file the file of its own rows ({@code pg_class.relfilenode}); moves with TRUNCATE and with every rewrite
 * @param highestAttnum the highest attnum that any column ever had; a column above it is new
 * @param columns attnum to the version of its {@code pg_attribute} row ({@code xmin}), dropped columns included; moves with
 *     every change of the column's definition
 * @param leaves partitions that hold rows, by oid; empty for a plain table
 * @param types types whose text depends on the catalog (enum labels, attributes of composites), by name, as a fingerprint
 */
public record TableFacts(
        String rules,
        boolean logged,
        String file,
        int highestAttnum,
        Map<Integer, Long> columns,
        Map<Long, Leaf> leaves,
        Map<String, String> types) {

    /** Nothing is known; differs from everything that is. */
    public static final TableFacts NONE = new TableFacts("", true, "", 0, Map.of(), Map.of(), Map.of());

    /**
     * A partition that holds rows.
     *
     * @param name its name
     * @param file its file
     * @param xid the transaction that last changed its {@code pg_class} row
     */
    public record Leaf(String name, String file, long xid) {

        public Leaf {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(file, "file");
        }
    }

    public TableFacts {
        Objects.requireNonNull(rules, "rules");
        Objects.requireNonNull(file, "file");
        columns = Collections.unmodifiableMap(new TreeMap<>(columns));
        leaves = Collections.unmodifiableMap(new TreeMap<>(leaves));
        types = Collections.unmodifiableMap(new TreeMap<>(types));
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
                join(leaves, leaf -> encode(leaf.name()) + "," + encode(leaf.file()) + "," + leaf.xid()),
                join(types, TableFacts::encode));
    }

    private static <K, V> String join(Map<K, V> map, Function<V, String> value) {
        StringBuilder text = new StringBuilder("{");
        map.forEach((key, v) -> text.append(text.length() == 1 ? "" : ";")
                .append(encode(key.toString()))
                .append('=')
                .append(value.apply(v)));
        return text.append('}').toString();
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
        String[] parts = text.split(" ", -1);
        if (parts.length != 8 || !parts[0].equals("1")) {
            throw new IllegalArgumentException("these are no table facts of format 1");
        }
        return new TableFacts(
                decode(parts[1]),
                parts[2].equals("logged"),
                decode(parts[3]),
                Integer.parseInt(parts[4]),
                split(parts[5], Integer::valueOf, Long::valueOf),
                split(parts[6], Long::valueOf, TableFacts::leaf),
                split(parts[7], key -> key, TableFacts::decode));
    }

    private static Leaf leaf(String text) {
        String[] parts = text.split(",", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("this is no partition: " + text);
        }
        return new Leaf(decode(parts[0]), decode(parts[1]), Long.parseLong(parts[2]));
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
            map.put(key.apply(decode(entry.substring(0, equals))), value.apply(entry.substring(equals + 1)));
        }
        return map;
    }
}
