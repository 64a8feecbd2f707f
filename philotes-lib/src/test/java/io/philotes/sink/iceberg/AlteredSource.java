// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import static io.philotes.sink.iceberg.Relations.INT4;
import static io.philotes.sink.iceberg.Relations.INT8;
import static io.philotes.sink.iceberg.Relations.TEXT;
import static io.philotes.sink.iceberg.Tuples.UNCHANGED;

import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableFacts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A source table that is altered between changes, and what a reader must see in the end: its rows, or its history. */
final class AlteredSource {

    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");

    private final Random random;
    private final boolean keyed;
    private final boolean images;
    private final boolean defaults;
    private final Map<Long, Map<Integer, String>> rows = new TreeMap<>();
    private final List<Change> history = new ArrayList<>();
    private List<Column> columns = List.of(Column.of("id", 1, INT8), Column.of("a", 2, TEXT));
    private int highestAttnum = 2;
    private long version = 5;
    private long nextId;

    /** One change as a history keeps it, with the values that were sent, by attnum. */
    private record Change(String operation, Map<Integer, String> values) {}

    /** By a key, by the whole old rows, or by both; columns with a default are only added if there may be such. */
    AlteredSource(Random random, boolean keyed, boolean images, boolean defaults) {
        this.random = random;
        this.keyed = keyed;
        this.images = images;
        this.defaults = defaults;
    }

    RelationSchema relation() {
        return Relations.orders(
                images ? ReplicaIdentity.FULL : ReplicaIdentity.DEFAULT,
                keyed ? List.of(0) : List.of(),
                columns.toArray(Column[]::new));
    }

    TableFacts facts() {
        return new TableFacts("", true, "100", highestAttnum, Map.of(1, version), Map.of(), Map.of());
    }

    /** One transaction: changes, and alterations of which a picture comes at once, later or with the next one. */
    void transact(ChangeFeed feed) {
        feed.begin();
        for (int i = random.nextInt(6); i >= 0; i--) {
            if (random.nextInt(3) == 0) {
                alter();
            } else {
                change(feed);
            }
            if (random.nextInt(4) == 0) {
                feed.picture(relation(), facts());
            }
        }
        feed.commit();
    }

    private void alter() {
        List<Column> altered = new ArrayList<>(columns);
        int at = 1 + random.nextInt(Math.max(1, altered.size() - 1));
        boolean none = altered.size() == 1;
        switch (none ? 0 : random.nextInt(4)) {
            case 0 -> add(altered);
            case 1 -> altered.remove(at);
            case 2 -> rename(altered, at);
            default -> widen(altered, at);
        }
        columns = altered;
        version++;
    }

    private void add(List<Column> altered) {
        List<String> free = new ArrayList<>(NAMES);
        altered.forEach(column -> free.remove(column.name()));
        if (free.isEmpty()) {
            return;
        }
        String name = free.get(random.nextInt(free.size()));
        boolean text = random.nextBoolean();
        Optional<String> missing = defaults && random.nextBoolean()
                ? Optional.of(text ? "dflt " + version : "" + version)
                : Optional.empty();
        Column column = new Column(name, ++highestAttnum, text ? TEXT : INT4, -1, false, missing);
        altered.add(column);
        rows.values().forEach(row -> row.put(column.attnum(), missing.orElse(null)));
    }

    private void rename(List<Column> altered, int at) {
        int other = random.nextInt(altered.size());
        String name = altered.get(other).name();
        altered.set(other, named(altered.get(other), altered.get(at).name()));
        altered.set(at, named(altered.get(at), other == at ? "renamed" + version : name));
    }

    private static Column named(Column column, String name) {
        return new Column(name, column.attnum(), column.type(), -1, false, column.missingValue());
    }

    private static void widen(List<Column> altered, int at) {
        Column column = altered.get(at);
        if (column.type().equals(INT4)) {
            altered.set(at, new Column(column.name(), column.attnum(), INT8, -1, false, column.missingValue()));
        }
    }

    private void change(ChangeFeed feed) {
        List<Long> ids = List.copyOf(rows.keySet());
        int kind = ids.isEmpty() ? 0 : random.nextInt(30);
        if (kind == 29) {
            rows.clear();
            history.add(new Change("truncate", Map.of()));
            feed.truncate(relation());
        } else if (kind < 12) {
            insert(feed, free());
        } else if (kind < 22) {
            update(feed, ids.get(random.nextInt(ids.size())));
        } else {
            delete(feed, ids.get(random.nextInt(ids.size())));
        }
    }

    /** Mostly a new id, sometimes one that was deleted. */
    private long free() {
        long old = nextId == 0 ? 0 : 1 + random.nextInt((int) nextId);
        return old == 0 || rows.containsKey(old) || random.nextBoolean() ? ++nextId : old;
    }

    private void insert(ChangeFeed feed, long id) {
        Map<Integer, String> row = new LinkedHashMap<>();
        columns.forEach(column -> row.put(column.attnum(), value(column)));
        row.put(1, Long.toString(id));
        rows.put(id, row);
        keep("insert", tuple(row));
        feed.insert(relation(), tuple(row).toArray());
    }

    private void delete(ChangeFeed feed, long id) {
        List<Object> whole = tuple(rows.remove(id));
        List<Object> old = images ? whole : keyOf(whole);
        keep("delete", old);
        feed.delete(relation(), images ? 'O' : 'K', old.toArray());
    }

    /** What is not sent, a history does not know. */
    private void keep(String operation, List<Object> sent) {
        Map<Integer, String> values = new LinkedHashMap<>();
        for (int i = 0; i < sent.size(); i++) {
            values.put(columns.get(i).attnum(), sent.get(i) == UNCHANGED ? null : (String) sent.get(i));
        }
        history.add(new Change(operation, values));
    }

    private static List<Object> keyOf(List<Object> old) {
        List<Object> key = new ArrayList<>(Collections.nCopies(old.size(), null));
        key.set(0, old.get(0));
        return key;
    }

    private void update(ChangeFeed feed, long id) {
        Map<Integer, String> row = rows.get(id);
        List<Object> old = tuple(row);
        boolean moves = random.nextInt(4) == 0;
        if (moves) {
            rows.remove(id);
            long to = free();
            row.put(1, Long.toString(to));
            rows.put(to, row);
        }
        List<Object> sent = new ArrayList<>();
        for (Column column : columns) {
            boolean kept = column.attnum() == 1 || random.nextBoolean();
            if (!kept) {
                row.put(column.attnum(), value(column));
            }
            String now = row.get(column.attnum());
            sent.add(kept && now != null && column.type().equals(TEXT) ? UNCHANGED : now);
        }
        if (keyed && !row.get(1).equals(old.get(0))) {
            keep("delete", images ? old : keyOf(old));
        }
        keep("update", images ? tuple(row) : sent);
        if (images) {
            feed.update(relation(), 'O', old, sent);
        } else if (moves) {
            feed.update(relation(), 'K', keyOf(old), sent);
        } else {
            feed.update(relation(), sent.toArray());
        }
    }

    private String value(Column column) {
        if (random.nextInt(4) == 0) {
            return null;
        }
        return column.type().equals(TEXT) ? "v" + random.nextInt(100) : Integer.toString(random.nextInt(100));
    }

    private List<Object> tuple(Map<Integer, String> row) {
        List<Object> tuple = new ArrayList<>();
        columns.forEach(column -> tuple.add(row.get(column.attnum())));
        return tuple;
    }

    /** The rows, values in the order of these columns. */
    List<String> rows(List<String> names) {
        return rows.values().stream().map(row -> text(row, names)).sorted().toList();
    }

    /** Every change in the same form, with what it was. */
    List<String> history(List<String> names) {
        return history.stream()
                .map(change -> text(change.values(), names) + "|" + change.operation())
                .sorted()
                .toList();
    }

    private String text(Map<Integer, String> row, List<String> names) {
        Map<String, Integer> attnums = new LinkedHashMap<>();
        columns.forEach(column -> attnums.put(column.name(), column.attnum()));
        return names.stream()
                .map(name -> String.valueOf(row.get(attnums.get(name))))
                .collect(Collectors.joining("|"));
    }

    List<String> names() {
        return columns.stream().map(Column::name).toList();
    }
}
