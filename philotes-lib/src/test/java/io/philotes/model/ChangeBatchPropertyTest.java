// SPDX-License-Identifier: Apache-2.0
package io.philotes.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ChangeBatchPropertyTest {

    /** What was written, and what must be read. */
    private static final class Script {
        private final Random random;
        private final ChangeBatchBuilder builder;
        private final List<ChangeBatch> batches = new ArrayList<>();
        private final List<String> written = new ArrayList<>();
        private final List<RelationSchema> relations = new ArrayList<>();

        private Script(Random random) {
            this.random = random;
            this.builder =
                    random.nextBoolean() ? new ChangeBatchBuilder() : new ChangeBatchBuilder(random.nextInt(60_000));
            for (int i = 0; i < 4; i++) {
                relations.add(Schemas.random(random));
            }
        }

        private void run(int transactions) throws IOException {
            long lsn = random.nextLong();
            for (int i = 0; i < transactions; i++) {
                lsn += 10;
                transaction(lsn);
                if (builder.isContinued() || random.nextInt(3) == 0) {
                    batches.add(builder.cutWhole());
                }
            }
            if (builder.hasWhole()) {
                batches.add(builder.cutWhole());
            }
        }

        private void transaction(long commitLsn) throws IOException {
            long micros = random.nextLong();
            int xid = random.nextInt();
            builder.begin(new Lsn(commitLsn), micros, xid);
            int changes = random.nextInt(10);
            for (int ordinal = 0; ordinal <= changes; ordinal++) {
                String at = new Lsn(commitLsn) + "+" + ordinal + " " + micros + " " + xid + " ";
                if (random.nextInt(6) == 0) {
                    written.add(at + notice());
                }
                if (ordinal < changes) {
                    written.add(at + change());
                }
                if (random.nextInt(8) == 0) {
                    cut();
                }
            }
            builder.commit(new Lsn(commitLsn + 5));
            written.add("end " + new Lsn(commitLsn + 5));
        }

        private void cut() {
            if (builder.hasWhole()) {
                batches.add(builder.cutWhole());
            }
            if (random.nextBoolean()) {
                batches.add(builder.cutPart());
            }
        }

        private String notice() {
            RelationSchema relation = relations.get(random.nextInt(relations.size()));
            String reason = "x".repeat(random.nextInt(5));
            TableNotice notice = List.of(
                            new TableNotice.Gone(reason),
                            new TableNotice.Undecodable(reason),
                            new TableNotice.Leaf(random.nextInt(3), reason))
                    .get(random.nextInt(3));
            builder.notice(relation, notice);
            return "NOTICE " + relation + " " + notice;
        }

        private String change() throws IOException {
            RelationSchema relation = relations.get(random.nextInt(relations.size()));
            byte[] pad = new byte[random.nextInt(3)];
            byte[] one = tuple();
            byte[] two = tuple();
            byte oldKind = (byte) "KO".charAt(random.nextInt(2));
            switch (random.nextInt(5)) {
                case 0 -> {
                    builder.insert(relation, join(pad, one, pad), pad.length, one.length);
                    return "INSERT " + relation + " " + text(one);
                }
                case 1 -> {
                    builder.update(relation, (byte) 0, join(pad, one), pad.length, one.length);
                    return "UPDATE " + relation + " " + text(one);
                }
                case 2 -> {
                    builder.update(relation, oldKind, join(pad, one, two), pad.length, one.length + two.length);
                    return "UPDATE " + relation + " old " + (char) oldKind + text(one) + " " + text(two);
                }
                case 3 -> {
                    builder.delete(relation, oldKind, join(one, pad), 0, one.length);
                    return "DELETE " + relation + " old " + (char) oldKind + text(one);
                }
                default -> {
                    List<RelationSchema> truncated = List.of(relation, relations.get(0));
                    builder.truncate(truncated, (byte) 3);
                    return "TRUNCATE " + truncated;
                }
            }
        }

        private byte[] tuple() throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            int columns = random.nextInt(random.nextInt(10) == 0 ? 40 : 4);
            out.writeShort(columns);
            for (int i = 0; i < columns; i++) {
                byte kind = (byte) "nutb".charAt(random.nextInt(4));
                out.writeByte(kind);
                if (kind == 't' || kind == 'b') {
                    byte[] value = new byte[random.nextInt(random.nextInt(20) == 0 ? 20_000 : 10)];
                    random.nextBytes(value);
                    out.writeInt(value.length);
                    out.write(value);
                }
            }
            return bytes.toByteArray();
        }

        private static byte[] join(byte[]... pieces) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (byte[] piece : pieces) {
                bytes.writeBytes(piece);
            }
            return bytes.toByteArray();
        }

        private static String text(byte[] tuple) {
            TupleView view = new TupleView();
            assertThat(view.readTupleData(tuple, 0, tuple.length)).isEqualTo(tuple.length);
            return ChangeBatchPropertyTest.text(view);
        }
    }

    private static String text(TupleView tuple) {
        StringBuilder text = new StringBuilder("(");
        for (int i = 0; i < tuple.columnCount(); i++) {
            byte[] value = Arrays.copyOfRange(tuple.bytes(), tuple.offset(i), tuple.offset(i) + tuple.length(i));
            text.append((char) tuple.kind(i)).append(value.length).append(':').append(Arrays.hashCode(value));
        }
        return text.append(')').toString();
    }

    private static void read(ChangeBatch batch, List<String> into) {
        ChangeCursor cursor = batch.cursor();
        while (cursor.next()) {
            switch (cursor.kind()) {
                case BEGIN ->
                    assertThat(cursor.commitLsnValue())
                            .isEqualTo(cursor.commitLsn().value());
                case COMMIT -> into.add("end " + cursor.endLsn());
                default -> into.add(change(cursor));
            }
        }
        assertThat(cursor.next()).isFalse();
    }

    private static String change(ChangeCursor cursor) {
        StringBuilder text = new StringBuilder()
                .append(new SequenceNumber(cursor.commitLsn(), cursor.ordinal()))
                .append(' ')
                .append(cursor.commitMicros())
                .append(' ')
                .append(cursor.xid())
                .append(' ')
                .append(cursor.kind());
        if (cursor.kind() == ChangeCursor.Kind.TRUNCATE) {
            return text.append(' ').append(cursor.truncated()).toString();
        }
        text.append(' ').append(cursor.relation());
        if (cursor.kind() == ChangeCursor.Kind.NOTICE) {
            return text.append(' ').append(cursor.notice()).toString();
        }
        if (cursor.hasOldTuple()) {
            text.append(" old ").append(cursor.oldTupleIsFull() ? 'O' : 'K').append(text(cursor.oldTuple()));
        }
        if (cursor.kind() != ChangeCursor.Kind.DELETE) {
            text.append(' ').append(text(cursor.newTuple()));
        }
        return text.toString();
    }

    @Property(tries = 150)
    void what_was_written_is_read_however_it_was_cut(@ForAll long seed) throws IOException {
        Script script = new Script(new Random(seed));
        script.run(12);
        List<String> read = new ArrayList<>();
        boolean inside = false;
        for (ChangeBatch batch : script.batches) {
            int before = read.size();
            read(batch, read);
            assertThat(batch.extent().startsInside()).isEqualTo(inside);
            inside = batch.extent().endsInside();
            List<String> added = read.subList(before, read.size());
            assertThat(batch.changeCount())
                    .isEqualTo(added.stream()
                            .filter(line -> !line.startsWith("end") && !line.contains(" NOTICE "))
                            .count());
            if (batch.endsOnBoundary()) {
                assertThat(added.get(added.size() - 1)).isEqualTo("end " + batch.endLsn());
            }
        }
        assertThat(inside).isFalse();
        assertThat(read).isEqualTo(script.written);
    }

    /** Counted by walking through it, as the builder must have counted: changes of each relation, then its transactions. */
    private static String counted(ChangeBatch batch, long[] soFar) {
        int[][] changes = new int[batch.relations().size()][4];
        long[] transactions = new long[2];
        ChangeCursor cursor = batch.cursor();
        while (cursor.next()) {
            switch (cursor.kind()) {
                case BEGIN -> soFar[0] = batch.extent().startsInside() ? soFar[0] : 0;
                case INSERT -> changes[cursor.relationIndex()][0]++;
                case UPDATE -> changes[cursor.relationIndex()][1]++;
                case DELETE -> changes[cursor.relationIndex()][2]++;
                case TRUNCATE ->
                    cursor.truncated()
                            .forEach(named -> changes[batch.relations().indexOf(named)][3]++);
                case COMMIT -> {
                    transactions[0] += soFar[0] > 0 ? 1 : 0;
                    transactions[1] = Math.max(transactions[1], soFar[0]);
                }
                case NOTICE -> {}
            }
            soFar[0] += switch (cursor.kind()) {
                case INSERT, UPDATE, DELETE, TRUNCATE -> 1;
                default -> 0;
            };
        }
        return Arrays.deepToString(changes) + Arrays.toString(transactions);
    }

    private static String told(ChangeBatch batch) {
        ChangeCounts counts = batch.counts();
        int[][] changes = new int[batch.relations().size()][];
        for (int i = 0; i < changes.length; i++) {
            changes[i] = new int[] {counts.inserts(i), counts.updates(i), counts.deletes(i), counts.truncates(i)};
        }
        return Arrays.deepToString(changes)
                + Arrays.toString(new long[] {counts.transactions(), counts.largestTransaction()});
    }

    @Property(tries = 300)
    void a_batch_knows_what_is_in_it_however_it_was_cut(@ForAll long seed) throws IOException {
        Script script = new Script(new Random(seed));
        script.run(12);
        long[] soFar = new long[1];
        for (ChangeBatch batch : script.batches) {
            assertThat(told(batch)).isEqualTo(counted(batch, soFar));
        }
    }

    @Example
    void the_rest_of_a_cut_that_has_many_relations_is_counted_with_what_comes_then() {
        ChangeBatchBuilder builder = new ChangeBatchBuilder();
        List<RelationSchema> relations = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 30; i++) {
            relations.add(Schemas.random(random));
        }
        byte[] tuple = {0, 0};
        builder.begin(new Lsn(1), 0, 1);
        relations.subList(0, 20).forEach(relation -> builder.insert(relation, tuple, 0, 2));
        builder.commit(new Lsn(2));
        builder.begin(new Lsn(3), 0, 2);
        relations.subList(10, 30).forEach(relation -> builder.delete(relation, (byte) 'K', tuple, 0, 2));
        ChangeBatch first = builder.cutWhole();
        relations.forEach(relation -> builder.update(relation, (byte) 0, tuple, 0, 2));
        builder.commit(new Lsn(4));
        ChangeBatch second = builder.cutWhole();
        long[] soFar = new long[1];
        assertThat(told(first)).isEqualTo(counted(first, soFar));
        assertThat(told(second)).isEqualTo(counted(second, soFar)).endsWith("[1, 50]");
    }

    @Property(tries = 1000)
    void damaged_batches_are_malformed_or_readable_but_nothing_else(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Script script = new Script(random);
        script.run(2);
        for (ChangeBatch batch : script.batches) {
            byte[] bytes = batch.bytes().clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            int length = random.nextInt(5) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
            try {
                read(new ChangeBatch(bytes, length, batch.relations(), batch.extent()), new ArrayList<>());
            } catch (MalformedBatchException expected) {
                assertThat(expected.getMessage()).isNotEmpty();
            }
        }
    }

    @Property
    void random_bytes_are_no_tuple_or_one_within_bounds(@ForAll byte[] bytes) {
        TupleView view = new TupleView();
        try {
            assertThat(view.readTupleData(bytes, 0, bytes.length)).isLessThanOrEqualTo(bytes.length);
        } catch (MalformedBatchException expected) {
            assertThat(expected.getMessage()).isNotEmpty();
        }
        try {
            assertThat(view.readCopyTuple(bytes, 0, bytes.length)).isLessThanOrEqualTo(bytes.length);
        } catch (MalformedBatchException expected) {
            assertThat(expected.getMessage()).isNotEmpty();
        }
    }

    @Example
    void a_copy_tuple_knows_null_from_empty_and_takes_no_other_negative_length() {
        TupleView view = new TupleView();
        byte[] tuple = {0, 3, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 1, 7};
        assertThat(view.readCopyTuple(tuple, 0, tuple.length)).isEqualTo(tuple.length);
        assertThat(view.isNull(0)).isTrue();
        assertThat(view.isNull(1)).isFalse();
        assertThat(view.length(1)).isZero();
        assertThat(view.bytes()[view.offset(2)]).isEqualTo((byte) 7);
        tuple[5] = -2;
        assertThatThrownBy(() -> view.readCopyTuple(tuple, 0, tuple.length))
                .isInstanceOf(MalformedBatchException.class);
    }

    @Example
    void a_batch_without_its_commit_is_malformed() throws IOException {
        Script script = new Script(new Random(1));
        script.run(1);
        ChangeBatch batch = script.batches.get(script.batches.size() - 1);
        ChangeBatch cut = new ChangeBatch(batch.bytes(), batch.length() - 21, batch.relations(), batch.extent());
        assertThatThrownBy(() -> read(cut, new ArrayList<>())).isInstanceOf(MalformedBatchException.class);
    }

    @Example
    void the_builder_refuses_what_is_out_of_order() {
        ChangeBatchBuilder builder = new ChangeBatchBuilder();
        assertThatThrownBy(() -> builder.commit(new Lsn(2))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(builder::cutPart).isInstanceOf(IllegalStateException.class);
        builder.begin(new Lsn(1), 0, 1);
        assertThatThrownBy(() -> builder.begin(new Lsn(1), 0, 1)).isInstanceOf(IllegalStateException.class);
        builder.cutPart();
        builder.commit(new Lsn(2));
        assertThatThrownBy(() -> builder.begin(new Lsn(3), 0, 1)).isInstanceOf(IllegalStateException.class);
        assertThat(builder.cutWhole().extent().startsInside()).isTrue();
        builder.begin(new Lsn(3), 0, 1);
    }
}
