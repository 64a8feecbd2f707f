// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.BulkDeletionFailureException;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SeekableInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFileIOTest {

    private final LocalFileIO io = new LocalFileIO();

    @TempDir
    Path directory;

    private String location(String name) {
        return directory.resolve(name).toString();
    }

    private void write(String location, String content) throws IOException {
        try (PositionOutputStream out = io.newOutputFile(location).create()) {
            out.write(content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    @Test
    void a_file_reads_back_from_any_position() throws IOException {
        String location = location("new/deep/a b%20c");
        OutputFile file = io.newOutputFile(location);
        try (PositionOutputStream out = file.create()) {
            assertThat(out.getPos()).isZero();
            out.write('0');
            out.write(new byte[] {'1', '2', '3', '4'}, 1, 3);
            assertThat(out.getPos()).isEqualTo(4);
            assertThat(out.storedLength()).isEqualTo(4);
        }
        assertThat(Path.of(location)).hasContent("0234");
        assertThat(file.location()).isEqualTo(location);
        assertThat(file.toInputFile().getLength()).isEqualTo(4);
        try (SeekableInputStream in = io.newInputFile(location).newStream()) {
            in.seek(2);
            assertThat(in.read()).isEqualTo('3');
            assertThat(in.getPos()).isEqualTo(3);
            assertThat(in.read(new byte[10])).isEqualTo(1);
            assertThat(in.read()).isEqualTo(-1);
            in.seek(0);
            assertThat(in.skip(3)).isEqualTo(3);
            assertThat(in.available()).isEqualTo(1);
        }
    }

    @Test
    void create_never_overwrites() throws IOException {
        write(location("a"), "old");
        assertThatThrownBy(() -> io.newOutputFile(location("a")).create()).isInstanceOf(AlreadyExistsException.class);
        assertThat(Path.of(location("a"))).hasContent("old");
        try (PositionOutputStream out = io.newOutputFile(location("a")).createOrOverwrite()) {
            out.write('n');
        }
        assertThat(Path.of(location("a"))).hasContent("n");
    }

    @Test
    void a_closed_stream_takes_no_more() throws IOException {
        PositionOutputStream out = io.newOutputFile(location("a")).create();
        out.close();
        out.close();
        assertThatThrownBy(() -> out.write(1)).isInstanceOf(IOException.class);
    }

    @Test
    void an_interrupted_thread_still_writes_and_reads() throws IOException {
        Thread.currentThread().interrupt();
        try {
            write(location("a"), "abc");
            try (SeekableInputStream in = io.newInputFile(location("a")).newStream()) {
                assertThat(in.read()).isEqualTo('a');
            }
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(Path.of(location("a"))).hasContent("abc");
    }

    @Test
    void file_locations_are_paths() throws IOException {
        write("file:" + location("a"), "1");
        write("file://" + location("b"), "2");
        assertThat(Path.of(location("a"))).hasContent("1");
        assertThat(Path.of(location("b"))).hasContent("2");
        assertThat(io.newInputFile("file:" + location("a")).location()).isEqualTo("file:" + location("a"));
        assertThatThrownBy(() -> io.newInputFile("relative/path")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> io.newInputFile("s3://bucket/key")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> io.newInputFile("file://host/path")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void what_is_missing_is_said_so() {
        assertThat(io.newInputFile(location("none")).exists()).isFalse();
        assertThatThrownBy(() -> io.newInputFile(location("none")).getLength()).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> io.newInputFile(location("none")).newStream()).isInstanceOf(NotFoundException.class);
        io.deleteFile(location("none"));
    }

    /** Who takes what is there for missing deletes what it tells of. */
    @Test
    void what_is_there_and_cannot_be_read_is_not_called_missing() throws IOException {
        Files.createDirectory(directory.resolve("unreadable"));
        assertThatThrownBy(() -> io.newInputFile(location("unreadable")).newStream())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("unreadable");
    }

    @Test
    void prefixes_are_listed_and_deleted_in_their_own_form() throws IOException {
        write(location("p/a"), "1");
        write(location("p/q/b"), "22");
        write(location("pq"), "3");
        for (String prefix : List.of(location("p"), location("p") + "/", "file:" + location("p"))) {
            String base = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
            assertThat(StreamSupport.stream(io.listPrefix(prefix).spliterator(), false)
                            .map(FileInfo::location))
                    .containsExactlyInAnyOrder(base + "/a", base + "/q/b");
        }
        assertThat(io.listPrefix(location("none"))).isEmpty();
        io.deletePrefix(location("p"));
        io.deletePrefix(location("none"));
        assertThat(Path.of(location("p"))).doesNotExist();
        assertThat(Path.of(location("pq"))).exists();
    }

    @Test
    void bulk_deletion_goes_on_and_counts_failures() throws IOException {
        write(location("full/a"), "1");
        write(location("b"), "2");
        assertThatThrownBy(() -> io.deleteFiles(List.of(location("full"), location("b"))))
                .isInstanceOfSatisfying(
                        BulkDeletionFailureException.class,
                        e -> assertThat(e.numberFailedObjects()).isEqualTo(1));
        assertThat(Files.exists(Path.of(location("b")))).isFalse();
    }

    @Test
    void iceberg_loads_it_by_name_and_it_travels() throws Exception {
        LocalFileIO loaded = (LocalFileIO) CatalogUtil.loadFileIO(LocalFileIO.class.getName(), Map.of("a", "b"), null);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(loaded);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(((LocalFileIO) in.readObject()).properties()).containsEntry("a", "b");
        }
    }
}
