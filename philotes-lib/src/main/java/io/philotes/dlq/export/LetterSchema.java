// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.export;

import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/** The schema of an exported letter. Fields may be added to it, each with a default; none is changed or taken away. */
final class LetterSchema {

    static final Schema COLUMN = SchemaBuilder.record("Column")
            .namespace("io.philotes.dlq")
            .fields()
            .requiredString("name")
            .requiredString("type")
            .requiredBoolean("key")
            .endRecord();

    static final Schema KIND = SchemaBuilder.enumeration("FieldKind")
            .namespace("io.philotes.dlq")
            .symbols("value", "null", "unchanged", "not_sent");

    static final Schema FIELD = SchemaBuilder.record("Field")
            .namespace("io.philotes.dlq")
            .fields()
            .requiredString("column")
            .name("kind")
            .type(KIND)
            .noDefault()
            .optionalString("text")
            .optionalBytes("bytes")
            .endRecord();

    static final Schema RELATION = SchemaBuilder.record("Relation")
            .namespace("io.philotes.dlq")
            .fields()
            .requiredString("schema")
            .requiredString("table")
            .name("columns")
            .type(Schema.createArray(COLUMN))
            .noDefault()
            .endRecord();

    static final Schema LETTER = SchemaBuilder.record("DeadLetter")
            .namespace("io.philotes.dlq")
            .fields()
            .requiredString("pipeline")
            .requiredString("sink")
            .requiredString("schema")
            .requiredString("table")
            .requiredString("commit_lsn")
            .requiredLong("ordinal")
            .name("keys")
            .type(Schema.createArray(Schema.create(Schema.Type.STRING)))
            .noDefault()
            .requiredString("code")
            .requiredString("reason")
            .name("parked_at")
            .type(time())
            .noDefault()
            .requiredInt("attempts")
            .requiredString("state")
            .name("state_since")
            .type(time())
            .noDefault()
            .requiredString("replay")
            .name("operation")
            .type(optional(Schema.create(Schema.Type.STRING)))
            .withDefault(null)
            .name("commit_time")
            .type(optional(time()))
            .withDefault(null)
            .name("relation")
            .type(optional(RELATION))
            .withDefault(null)
            .name("old_row")
            .type(optional(Schema.createArray(FIELD)))
            .withDefault(null)
            .name("new_row")
            .type(optional(Schema.createArray(FIELD)))
            .withDefault(null)
            .requiredBytes("change")
            .endRecord();

    private LetterSchema() {}

    private static Schema time() {
        return LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
    }

    private static Schema optional(Schema schema) {
        return Schema.createUnion(List.of(Schema.create(Schema.Type.NULL), schema));
    }
}
