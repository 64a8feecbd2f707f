// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.model.Column;
import io.philotes.model.MalformedBatchException;
import io.philotes.model.RelationCodec;
import io.philotes.model.RelationSchema;
import io.philotes.model.TableFacts;
import io.philotes.model.TablePicture;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * The source's picture of a table as properties of its target. They stand for the position of the table's newest commit, not
 * for that of a schema change that ran ahead of it: messages from that position on are understood by them. Stateless.
 */
final class SourcePicture {

    /** The relation version of the newest committed change, without missing values: {@link RelationCodec}, deflated, Base64. */
    static final String RELATION = "philotes.source-relation";

    /** The facts of the newest committed picture: {@link TableFacts#text()}. */
    static final String FACTS = "philotes.source-facts";

    private SourcePicture() {}

    /** Empty in a table that has none yet. Throws TARGET_UNUSABLE when it is damaged. */
    static Optional<TablePicture> in(Map<String, String> properties) {
        return Optional.ofNullable(properties.get(RELATION))
                .map(text -> new TablePicture(relation(text), facts(properties)));
    }

    /** {@link TableFacts#NONE} in a table that has none yet. Throws TARGET_UNUSABLE when they are damaged. */
    static TableFacts facts(Map<String, String> properties) {
        String text = properties.get(FACTS);
        try {
            return text == null ? TableFacts.NONE : TableFacts.parse(text);
        } catch (IllegalArgumentException e) {
            throw TargetProperties.damaged(FACTS, e);
        }
    }

    /** What to set. */
    static Map<String, String> properties(RelationSchema relation, TableFacts facts) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put(RELATION, text(relation));
        properties.put(FACTS, facts.text());
        return properties;
    }

    private static String text(RelationSchema relation) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes))) {
            RelationCodec.write(withoutMissingValues(relation), out);
        } catch (IOException e) {
            throw new PhilotesException(ErrorCode.DEFECT, "Cannot write a relation into memory", e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /** They may be long, and the schema says what older rows show. */
    private static RelationSchema withoutMissingValues(RelationSchema relation) {
        return new RelationSchema(
                relation.oid(),
                relation.table(),
                relation.identity(),
                relation.columns().stream()
                        .map(c -> new Column(
                                c.name(), c.attnum(), c.type(), c.typeModifier(), c.notNull(), Optional.empty()))
                        .toList(),
                relation.keyColumns());
    }

    private static RelationSchema relation(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            return RelationCodec.read(new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(bytes))));
        } catch (IOException | IllegalArgumentException | MalformedBatchException e) {
            throw TargetProperties.damaged(RELATION, e);
        }
    }
}
