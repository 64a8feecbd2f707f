// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.sink.iceberg.internal.call.Worker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.GenericManifestFile;
import org.apache.iceberg.InternalData;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileIO;

/** Reads which manifests and files a table snapshot uses, from its manifest list on. Confined to one thread. */
final class ManifestFinder {

    private static final Schema NEEDED = new Schema(
            ManifestFile.PATH,
            ManifestFile.LENGTH,
            ManifestFile.SPEC_ID,
            ManifestFile.MANIFEST_CONTENT,
            ManifestFile.SNAPSHOT_ID);

    private final FileIO io;

    ManifestFinder(FileIO io) {
        this.io = io;
    }

    /** Adds the manifests of a list; throws when it cannot be read. */
    void addManifests(String manifestList, Map<String, ManifestFile> to) {
        Worker.step();
        try (CloseableIterable<ManifestFile> manifests = InternalData.read(
                        FileFormat.AVRO, io.newInputFile(manifestList))
                .setRootType(GenericManifestFile.class)
                .project(NEEDED)
                .build()) {
            manifests.forEach(manifest -> to.putIfAbsent(manifest.path(), manifest));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + manifestList, e);
        }
    }

    /** The same; false when there is no such list any more. */
    boolean addManifestsIfThere(String manifestList, Map<String, ManifestFile> to) {
        try {
            addManifests(manifestList, to);
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    /**
     * Tells the data or delete files that are live in a manifest. Of partitions nothing is read, so any spec will do, and the
     * manifest's own may be in the table no more: others remove those that no table snapshot uses.
     */
    void files(ManifestFile manifest, Consumer<String> to) {
        Worker.step();
        Map<Integer, PartitionSpec> any = Map.of(manifest.partitionSpecId(), PartitionSpec.unpartitioned());
        try (CloseableIterable<String> paths = ManifestFiles.readPaths(manifest, io, any)) {
            paths.forEach(to);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + manifest.path(), e);
        }
    }
}
