// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.encryption.EncryptionManager;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/** A catalog in memory whose next commits go as scripted; without a script they just work. */
final class ScriptedCatalog extends InMemoryCatalog {

    /** What happens to one commit. */
    interface Step {
        void commit(Runnable real);
    }

    private final Deque<Step> script = new ArrayDeque<>();

    ScriptedCatalog() {
        initialize("scripted", Map.of());
    }

    ScriptedCatalog next(Step step) {
        script.add(step);
        return this;
    }

    /** The commit is made, but the caller sees a broken connection. */
    static void replyIsLost(Runnable real) {
        real.run();
        throw new IllegalStateException("connection reset");
    }

    /** The commit is not made, and the caller cannot tell. */
    static void requestIsLost(Runnable real) {
        throw new IllegalStateException("connection refused");
    }

    boolean isPlayed() {
        return script.isEmpty();
    }

    @Override
    protected TableOperations newTableOps(TableIdentifier name) {
        return new Scripted(super.newTableOps(name));
    }

    private final class Scripted implements TableOperations {

        private final TableOperations real;

        Scripted(TableOperations real) {
            this.real = real;
        }

        @Override
        public void commit(TableMetadata base, TableMetadata metadata) {
            Step step = script.poll();
            if (step == null) {
                real.commit(base, metadata);
            } else {
                step.commit(() -> real.commit(base, metadata));
            }
        }

        @Override
        public TableMetadata current() {
            return real.current();
        }

        @Override
        public TableMetadata refresh() {
            return real.refresh();
        }

        @Override
        public FileIO io() {
            return real.io();
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
            return real.temp(uncommitted);
        }

        @Override
        public long newSnapshotId() {
            return real.newSnapshotId();
        }
    }
}
