// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.buffer.ChangeBuffer;
import io.philotes.buffer.disk.DiskBuffer;
import io.philotes.model.ChangeBatchBuilder;
import io.philotes.model.Column;
import io.philotes.model.Lsn;
import io.philotes.model.PgType;
import io.philotes.model.RelationSchema;
import io.philotes.model.ReplicaIdentity;
import io.philotes.model.TableFacts;
import io.philotes.model.TableId;
import io.philotes.model.TableNotice;
import io.philotes.model.TablePicture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an earlier process held of pictures is told to the source of the next one. */
class HeldPicturesTest {

    @TempDir
    Path directory;

    @Test
    void pictures_behind_the_place_are_told_in_their_order() throws InterruptedException {
        try (ChangeBuffer earlier = DiskBuffer.at(directory)) {
            earlier.open("shop");
            earlier.startAt(new Lsn(100));
            append(earlier, 200, "first");
            append(earlier, 300, "second");
            append(earlier, 400, "third");
        }
        try (ChangeBuffer buffer = DiskBuffer.at(directory)) {
            buffer.open("shop");
            assertThat(told(buffer, new Lsn(100))).containsExactly("first", "second", "third");
            assertThat(told(buffer, new Lsn(310))).endsWith("third");
            assertThat(told(buffer, new Lsn(410))).isEmpty();
        }
    }

    private static List<String> told(ChangeBuffer buffer, Lsn after) throws InterruptedException {
        List<String> rules = new ArrayList<>();
        HeldPictures.tell(buffer, after, picture -> {
            assertThat(picture.relation()).isEqualTo(relation());
            rules.add(picture.facts().rules());
        });
        return rules;
    }

    private static void append(ChangeBuffer buffer, long commitLsn, String rules) throws InterruptedException {
        ChangeBatchBuilder builder = new ChangeBatchBuilder();
        builder.begin(new Lsn(commitLsn), 1, 7);
        TableFacts facts = new TableFacts(rules, true, "1", 1, Map.of(1, 5L), Map.of(), Map.of());
        builder.notice(relation(), new TableNotice.Picture(facts));
        builder.commit(new Lsn(commitLsn + 10));
        assertThat(buffer.append(builder.cutWhole(), Duration.ofSeconds(10))).isTrue();
    }

    private static RelationSchema relation() {
        return new RelationSchema(
                9,
                new TableId("public", "t"),
                ReplicaIdentity.DEFAULT,
                List.of(Column.of("id", 1, PgType.base(23, "int4"))),
                List.of(0));
    }

    @Test
    void an_empty_buffer_tells_nothing() throws InterruptedException {
        List<TablePicture> told = new ArrayList<>();
        try (ChangeBuffer buffer = DiskBuffer.at(directory)) {
            buffer.open("shop");
            buffer.startAt(new Lsn(100));
            HeldPictures.tell(buffer, new Lsn(100), told::add);
        }
        assertThat(told).isEmpty();
    }
}
