// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/** Compares a local table's files with what its table snapshots refer to. */
public final class LakeAudit {

    private final Table table;
    private final Set<String> referenced = new TreeSet<>();

    private LakeAudit(Table table) {
        this.table = table;
        table.refresh();
        table.snapshots().forEach(this::collect);
    }

    /** Fails when a table snapshot refers to a file that is not there. */
    public static void assertComplete(Table table) {
        new LakeAudit(table).requireFiles();
    }

    /** The same, and when there is a data, delete or manifest file to which none refers. */
    public static void assertCompleteWithoutOrphans(Table table) {
        LakeAudit audit = new LakeAudit(table);
        audit.requireFiles();
        assertThat(audit.present()).as("orphans of %s", table.name()).isSubsetOf(audit.referenced);
    }

    private void collect(Snapshot snapshot) {
        referenced.add(plain(snapshot.manifestListLocation()));
        for (ManifestFile manifest : snapshot.allManifests(table.io())) {
            referenced.add(plain(manifest.path()));
            try (ManifestReader<? extends ContentFile<?>> reader = manifest.content() == ManifestContent.DATA
                    ? ManifestFiles.read(manifest, table.io(), table.specs())
                    : ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs())) {
                reader.forEach(file -> referenced.add(plain(file.location())));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void requireFiles() {
        assertThat(referenced).as("files of %s", table.name()).allMatch(file -> Files.exists(Path.of(file)));
    }

    private Set<String> present() {
        try (Stream<Path> files = Files.walk(Path.of(plain(table.location())))) {
            return files.filter(Files::isRegularFile)
                    .map(Path::toString)
                    .filter(name -> !name.endsWith(".json"))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String plain(String location) {
        return Path.of(location.replaceFirst("^file:/*", "/")).normalize().toString();
    }
}
