// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.export;

import io.philotes.dlq.DeadLetter;
import io.philotes.dlq.DeadLetterFilter;
import io.philotes.dlq.DeadLetterRequests;
import io.philotes.dlq.ReadableChange;
import io.philotes.dlq.ValueText;
import io.philotes.model.MalformedBatchException;
import io.philotes.model.RelationSchema;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;

/**
 * Writes dead letters, with their changes, into an Avro container file, which most tools for data read. It is the customer's
 * data. Holds one letter at a time. Stateless.
 */
public final class DeadLetterExport {

    private static final int PAGE = 200;

    private DeadLetterExport() {}

    /**
     * Writes the letters that the filter names, in the queue's order. Letters that are added meanwhile may be in it or not.
     *
     * @param text prints values; where it cannot, their bytes stand in the file
     * @param out stays open
     * @return how many letters
     * @throws IOException of {@code out}
     */
    public static long write(DeadLetterRequests letters, DeadLetterFilter filter, ValueText text, OutputStream out)
            throws IOException {
        long written = 0;
        try (DataFileWriter<GenericRecord> file = new DataFileWriter<>(new GenericDatumWriter<>(LetterSchema.LETTER))) {
            file.setCodec(CodecFactory.deflateCodec(CodecFactory.DEFAULT_DEFLATE_LEVEL));
            file.create(LetterSchema.LETTER, new StayingOpen(out));
            List<DeadLetter> page = letters.list(filter, Optional.empty(), PAGE);
            while (!page.isEmpty()) {
                for (DeadLetter letter : page) {
                    Optional<byte[]> change = letters.change(letter.id());
                    if (change.isPresent()) {
                        file.append(letter(letter, change.get(), text));
                        written++;
                    }
                }
                page = letters.list(
                        filter, Optional.of(page.get(page.size() - 1).id()), PAGE);
            }
        }
        return written;
    }

    private static GenericRecord letter(DeadLetter letter, byte[] change, ValueText text) {
        GenericRecord row = new GenericData.Record(LetterSchema.LETTER);
        row.put("pipeline", letter.id().pipeline());
        row.put("sink", letter.id().sink());
        row.put("schema", letter.id().table().schema());
        row.put("table", letter.id().table().name());
        row.put("commit_lsn", letter.id().at().commitLsn().toString());
        row.put("ordinal", letter.id().at().ordinal());
        row.put("keys", new ArrayList<>(letter.keys()));
        row.put("code", letter.code());
        row.put("reason", letter.reason());
        row.put("parked_at", micros(letter.parkedAt()));
        row.put("attempts", letter.attempts());
        row.put("state", letter.state().name());
        row.put("state_since", micros(letter.stateSince()));
        row.put("replay", letter.replay());
        row.put("change", ByteBuffer.wrap(change));
        try {
            putChange(row, ReadableChange.of(change, text));
        } catch (MalformedBatchException unreadable) {
            // Its bytes are there, for a version that can read them.
        }
        return row;
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    private static void putChange(GenericRecord row, ReadableChange change) {
        row.put("operation", change.operation().name().toLowerCase(Locale.ROOT));
        row.put("commit_time", change.commitMicros());
        row.put("relation", relation(change.relation()));
        row.put("old_row", change.oldRow().isEmpty() ? null : fields(change.oldRow()));
        row.put("new_row", change.newRow().isEmpty() ? null : fields(change.newRow()));
    }

    private static GenericRecord relation(RelationSchema relation) {
        List<GenericRecord> columns = new ArrayList<>();
        for (int i = 0; i < relation.columns().size(); i++) {
            GenericRecord column = new GenericData.Record(LetterSchema.COLUMN);
            column.put("name", relation.columns().get(i).name());
            column.put("type", relation.columns().get(i).type().name());
            column.put("key", relation.keyColumns().contains(i));
            columns.add(column);
        }
        GenericRecord version = new GenericData.Record(LetterSchema.RELATION);
        version.put("schema", relation.table().schema());
        version.put("table", relation.table().name());
        version.put("columns", columns);
        return version;
    }

    private static List<GenericRecord> fields(List<ReadableChange.Field> row) {
        List<GenericRecord> fields = new ArrayList<>();
        for (ReadableChange.Field field : row) {
            GenericRecord one = new GenericData.Record(LetterSchema.FIELD);
            one.put("column", field.column());
            one.put(
                    "kind",
                    new GenericData.EnumSymbol(
                            LetterSchema.KIND, field.kind().name().toLowerCase(Locale.ROOT)));
            one.put("text", field.text().orElse(null));
            boolean asBytes = field.kind() == ReadableChange.FieldKind.VALUE
                    && field.text().isEmpty();
            one.put("bytes", asBytes ? ByteBuffer.wrap(field.bytes()) : null);
            fields.add(one);
        }
        return fields;
    }
}
