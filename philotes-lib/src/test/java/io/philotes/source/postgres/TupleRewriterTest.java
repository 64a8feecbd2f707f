// SPDX-License-Identifier: Apache-2.0
package io.philotes.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Column;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableId;
import io.philotes.model.TupleView;
import io.philotes.source.postgres.internal.pgoutput.WireWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random tuples, against the same thing said in a slower way: a list of values. jqwik prints the seed of a failure. */
class TupleRewriterTest {

    private static final PgType TEXT = PgType.base(25, "text");

    /** A column's value on the wire. */
    private record Value(byte kind, String text) {}

    private static RuledRelation relation(List<ColumnRule> rules, PgType type) {
        List<Column> columns = new ArrayList<>();
        Map<Integer, ColumnRule> byAttnum = new HashMap<>();
        for (int i = 0; i < rules.size(); i++) {
            columns.add(Column.of("c" + i, i + 1, type));
            byAttnum.put(i + 1, rules.get(i));
        }
        RelationSchema wire = new RelationSchema(1, TableId.parse("t"), ReplicaIdentity.DEFAULT, columns, List.of());
        return RuledRelation.of(wire, byAttnum, Map.of(), Optional.empty());
    }

    private static byte[] wire(List<Value> values) {
        WireWriter out = new WireWriter().int16(values.size());
        for (Value value : values) {
            out.int8(value.kind());
            if (value.text() != null) {
                byte[] bytes = value.text().getBytes(StandardCharsets.UTF_8);
                out.int32(bytes.length).raw(bytes);
            }
        }
        return out.bytes();
    }

    private static List<Value> expected(List<ColumnRule> rules, List<Value> values) {
        List<Value> kept = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            Value value = values.get(i);
            switch (rules.get(i)) {
                case EXCLUDE -> {}
                case KEEP -> kept.add(value);
                case NULL -> kept.add(new Value(TupleView.NULL, null));
                default ->
                    kept.add(
                            value.text() == null
                                    ? value
                                    : new Value(TupleView.TEXT, masked(rules.get(i), value.text())));
            }
        }
        return kept;
    }

    private static String masked(ColumnRule rule, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new String(new Masker().masked(rule, bytes, 0, bytes.length), StandardCharsets.UTF_8);
    }

    private static Value randomValue(Random random) {
        byte kind = (byte) "nutb".charAt(random.nextInt(4));
        boolean none = kind == TupleView.NULL || kind == TupleView.UNCHANGED;
        int[] characters = random.ints(random.nextInt(random.nextInt(20) == 0 ? 3000 : 8), 32, 0x2000)
                .toArray();
        return new Value(kind, none ? null : new String(characters, 0, characters.length));
    }

    @Property(tries = 1000)
    void tuples_come_out_as_the_rules_say(@ForAll long seed) {
        Random random = new Random(seed);
        List<ColumnRule> rules = new ArrayList<>();
        int columns = random.nextInt(12);
        for (int i = 0; i < columns; i++) {
            rules.add(ColumnRule.values()[random.nextInt(ColumnRule.values().length)]);
        }
        RuledRelation relation = relation(rules, TEXT);
        TupleRewriter rewriter = new TupleRewriter();
        WireWriter expected = new WireWriter();
        for (int tuple = random.nextInt(3); tuple >= 0; tuple--) {
            List<Value> values = rules.stream().map(rule -> randomValue(random)).toList();
            byte[] message =
                    new WireWriter().int64(seed).raw(wire(values)).int64(seed).bytes();
            rewriter.append(relation, message, 8, message.length - 16);
            expected.raw(wire(expected(rules, values)));
        }
        assertThat(Arrays.copyOf(rewriter.bytes(), rewriter.length())).isEqualTo(expected.bytes());
        rewriter.clear();
        assertThat(rewriter.length()).isZero();
    }

    @Example
    void what_did_not_come_as_text_is_never_hashed() {
        RuledRelation relation = relation(List.of(ColumnRule.SHA256), PgType.base(23, "int4"));
        byte[] tuple = wire(List.of(new Value(TupleView.BINARY, "1234")));
        assertThatThrownBy(() -> new TupleRewriter().append(relation, tuple, 0, tuple.length))
                .isInstanceOfSatisfying(
                        PhilotesException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEFECT));
    }
}
