// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import io.philotes.model.BigEndian;
import io.philotes.model.ChangeBatch;
import io.philotes.model.ChangeCursor;
import io.philotes.model.Column;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableFacts;
import io.philotes.model.TableNotice;
import io.philotes.model.TupleView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Batches and rows as short lines of text, the same for binary and text form. */
final class ChangeLines {

    private ChangeLines() {}

    /** Everything but begin and commit. */
    static List<String> changes(List<ChangeBatch> batches) {
        List<String> lines = new ArrayList<>();
        for (ChangeBatch batch : batches) {
            ChangeCursor cursor = batch.cursor();
            while (cursor.next()) {
                if (cursor.kind() != ChangeCursor.Kind.BEGIN && cursor.kind() != ChangeCursor.Kind.COMMIT) {
                    lines.add(line(cursor));
                }
            }
        }
        return lines;
    }

    /** Everything, each change and notice with its place and its columns' numbers; the same however batches were cut. */
    static List<String> placed(List<ChangeBatch> batches) {
        List<String> lines = new ArrayList<>();
        for (ChangeBatch batch : batches) {
            ChangeCursor cursor = batch.cursor();
            while (cursor.next()) {
                String place = cursor.commitLsn() + " " + cursor.xid() + " " + cursor.commitMicros() + " ";
                if (cursor.kind() == ChangeCursor.Kind.COMMIT) {
                    lines.add(place + "COMMIT " + cursor.endLsn());
                } else if (cursor.kind() == ChangeCursor.Kind.TRUNCATE) {
                    lines.add(place + cursor.ordinal() + " " + line(cursor));
                } else if (cursor.kind() != ChangeCursor.Kind.BEGIN) {
                    lines.add(place + cursor.ordinal() + " " + line(cursor) + " " + numbers(cursor.relation()));
                }
            }
        }
        return lines;
    }

    private static String line(ChangeCursor cursor) {
        if (cursor.kind() == ChangeCursor.Kind.TRUNCATE) {
            return "TRUNCATE "
                    + cursor.truncated().stream().map(r -> r.table().name()).collect(Collectors.joining(" "));
        }
        RelationSchema relation = cursor.relation();
        if (cursor.kind() == ChangeCursor.Kind.NOTICE) {
            return notice(relation, cursor.notice());
        }
        String line = cursor.kind() + " " + relation.table().name();
        if (cursor.hasOldTuple()) {
            line += (cursor.oldTupleIsFull() ? " old" : " key") + row(relation, cursor.oldTuple());
        }
        return cursor.kind() == ChangeCursor.Kind.DELETE ? line : line + " " + row(relation, cursor.newTuple());
    }

    /** {@code PICTURE t(id=1,note=3)}, {@code LEAF t s.leaf}, {@code GONE t why}, {@code UNDECODABLE t why}. */
    private static String notice(RelationSchema relation, TableNotice notice) {
        if (notice instanceof TableNotice.Picture) {
            return "PICTURE " + relation.table().name() + numbers(relation);
        }
        if (notice instanceof TableNotice.Leaf leaf) {
            return "LEAF " + relation.table().name() + " " + leaf.name();
        }
        return notice instanceof TableNotice.Gone gone
                ? "GONE " + relation.table().name() + " " + gone.reason()
                : "UNDECODABLE " + relation.table().name() + " " + ((TableNotice.Undecodable) notice).reason();
    }

    /** Columns with their attribute numbers. */
    static String numbers(RelationSchema relation) {
        return relation.columns().stream()
                .map(column -> column.name() + "=" + column.attnum())
                .collect(Collectors.joining(",", "(", ")"));
    }

    /** The newest facts that the batches tell of a table. */
    static TableFacts facts(List<ChangeBatch> batches, String table) {
        TableFacts facts = TableFacts.NONE;
        for (ChangeBatch batch : batches) {
            ChangeCursor cursor = batch.cursor();
            while (cursor.next()) {
                if (cursor.kind() == ChangeCursor.Kind.NOTICE
                        && cursor.relation().table().name().equals(table)
                        && cursor.notice() instanceof TableNotice.Picture picture) {
                    facts = picture.facts();
                }
            }
        }
        return facts;
    }

    /** Like {@link #changes}, rows with the attribute numbers of their columns. */
    static List<String> numbered(List<ChangeBatch> batches) {
        List<String> lines = new ArrayList<>();
        for (ChangeBatch batch : batches) {
            ChangeCursor cursor = batch.cursor();
            while (cursor.next()) {
                if (cursor.kind() == ChangeCursor.Kind.INSERT) {
                    lines.add(line(cursor) + " " + numbers(cursor.relation()));
                } else if (cursor.kind() != ChangeCursor.Kind.BEGIN && cursor.kind() != ChangeCursor.Kind.COMMIT) {
                    lines.add(line(cursor));
                }
            }
        }
        return lines;
    }

    static String row(RelationSchema relation, TupleView tuple) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < tuple.columnCount(); i++) {
            values.add(value(relation.columns().get(i), tuple, i));
        }
        return values.stream().collect(Collectors.joining(",", "(", ")"));
    }

    private static String value(Column column, TupleView tuple, int i) {
        return switch (tuple.kind(i)) {
            case TupleView.NULL -> "null";
            case TupleView.UNCHANGED -> "unchanged";
            case TupleView.TEXT -> shortened(text(tuple, i));
            default -> binary(column, tuple, i);
        };
    }

    private static String binary(Column column, TupleView tuple, int i) {
        return switch (column.type().name()) {
            case "int4" -> Integer.toString(BigEndian.getInt(tuple.bytes(), tuple.offset(i)));
            case "int8" -> Long.toString(BigEndian.getLong(tuple.bytes(), tuple.offset(i)));
            default -> shortened(text(tuple, i));
        };
    }

    private static String text(TupleView tuple, int i) {
        return new String(tuple.bytes(), tuple.offset(i), tuple.length(i), StandardCharsets.UTF_8);
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 3) + "…" + text.length();
    }
}
