// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.testkit.Gate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.encryption.EncryptionManager;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.LocationProvider;
import org.apache.iceberg.io.OutputFile;

/** A catalog in memory whose calls of chosen kinds hang, deaf to interrupts, until they are released; or fail. */
final class HoldingCatalog extends InMemoryCatalog {

    /** A kind of call. */
    enum Call {
        LOAD,
        REFRESH,
        COMMIT,
        NAMESPACE,
        READ_FILE,
        /** A data file or deletes, nothing of the metadata. */
        READ_DATA,
        WRITE_FILE,
        DELETE_FILE
    }

    private final Set<Call> held = ConcurrentHashMap.newKeySet();
    private final Gate gate = new Gate();
    private volatile Runnable afterCommit = () -> {};
    private volatile String refused;

    HoldingCatalog() {
        initialize("holding", Map.of());
    }

    void hold(Call first, Call... others) {
        held.addAll(EnumSet.of(first, others));
    }

    /** Does this once, behind the next commit. */
    void afterNextCommit(Runnable action) {
        afterCommit = () -> {
            afterCommit = () -> {};
            action.run();
        };
    }

    /** New files whose names have this in them cannot be written; null for none. */
    void refuseFiles(String part) {
        refused = part;
    }

    /** Until a call hangs. */
    void awaitHeld() throws InterruptedException {
        gate.awaitArrival();
    }

    /** Lets new calls through; those that hang go on hanging. */
    void holdNoMore() {
        held.clear();
    }

    /** Lets everything go. */
    void release() {
        holdNoMore();
        gate.open();
    }

    private void pass(Call call) {
        if (held.contains(call)) {
            gate.stand();
        }
    }

    @Override
    public org.apache.iceberg.Table loadTable(TableIdentifier name) {
        pass(Call.LOAD);
        return super.loadTable(name);
    }

    @Override
    public boolean namespaceExists(Namespace namespace) {
        pass(Call.NAMESPACE);
        return super.namespaceExists(namespace);
    }

    @Override
    protected TableOperations newTableOps(TableIdentifier name) {
        return new Holding(super.newTableOps(name));
    }

    private final class Holding implements TableOperations {

        private final TableOperations real;

        Holding(TableOperations real) {
            this.real = real;
        }

        @Override
        public void commit(TableMetadata base, TableMetadata metadata) {
            pass(Call.COMMIT);
            real.commit(base, metadata);
            afterCommit.run();
        }

        @Override
        public TableMetadata current() {
            return real.current();
        }

        @Override
        public TableMetadata refresh() {
            pass(Call.REFRESH);
            return real.refresh();
        }

        @Override
        public FileIO io() {
            return new HoldingFiles(real.io());
        }

        @Override
        public EncryptionManager encryption() {
            return real.encryption();
        }

        @Override
        public String metadataFileLocation(String fileName) {
            return real.metadataFileLocation(fileName);
        }

        @Override
        public LocationProvider locationProvider() {
            return LocationProviders.locationsFor(
                    current().location(), current().properties());
        }

        @Override
        public TableOperations temp(TableMetadata uncommitted) {
            return new Holding(real.temp(uncommitted));
        }

        @Override
        public long newSnapshotId() {
            return real.newSnapshotId();
        }
    }

    private final class HoldingFiles implements FileIO {

        private static final long serialVersionUID = 1L;

        private final transient FileIO real;

        HoldingFiles(FileIO real) {
            this.real = real;
        }

        @Override
        public InputFile newInputFile(String path) {
            pass(Call.READ_FILE);
            if (path.contains("/data/")) {
                pass(Call.READ_DATA);
            }
            return real.newInputFile(path);
        }

        @Override
        public OutputFile newOutputFile(String path) {
            pass(Call.WRITE_FILE);
            if (refused != null && path.contains(refused)) {
                throw new UncheckedIOException(new IOException("no space left for " + path));
            }
            return real.newOutputFile(path);
        }

        @Override
        public void deleteFile(String path) {
            pass(Call.DELETE_FILE);
            real.deleteFile(path);
        }
    }
}
