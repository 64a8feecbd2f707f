// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.encryption.EncryptionManager;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/**
 * A catalog whose next calls on tables go as scripted; without a script they just work, and so does the creation of tables.
 * Thread-safe as the real one.
 */
public class FaultyCatalog implements Catalog, SupportsNamespaces {

    private final Catalog real;
    private final ConcurrentLinkedQueue<Fault> commits = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Fault> refreshes = new ConcurrentLinkedQueue<>();

    public FaultyCatalog(Catalog real) {
        this.real = real;
    }

    public static FaultyCatalog inMemory() {
        InMemoryCatalog memory = new InMemoryCatalog();
        memory.initialize("memory", Map.of());
        return new FaultyCatalog(memory);
    }

    /** What happens to the next commit that has no fault yet. */
    public FaultyCatalog next(Fault fault) {
        commits.add(fault);
        return this;
    }

    /** What happens to the next look at a table's metadata that has no fault yet. */
    public FaultyCatalog nextRefresh(Fault fault) {
        refreshes.add(fault);
        return this;
    }

    /** The next look at a table's metadata finds it as it was at the last one, as where a cache or a replica answers. */
    public FaultyCatalog nextOldLook() {
        return nextRefresh(look -> {});
    }

    /** Whether every fault has happened. */
    public boolean isPlayed() {
        return commits.isEmpty() && refreshes.isEmpty();
    }

    /** What others use. */
    public Catalog real() {
        return real;
    }

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public List<TableIdentifier> listTables(Namespace namespace) {
        return real.listTables(namespace);
    }

    @Override
    public boolean dropTable(TableIdentifier name, boolean purge) {
        return real.dropTable(name, purge);
    }

    @Override
    public void renameTable(TableIdentifier from, TableIdentifier to) {
        real.renameTable(from, to);
    }

    @Override
    public Table loadTable(TableIdentifier name) {
        TableOperations operations = ((HasTableOperations) real.loadTable(name)).operations();
        return new BaseTable(new Faulty(operations), name.toString());
    }

    @Override
    public TableBuilder buildTable(TableIdentifier name, Schema schema) {
        return real.buildTable(name, schema);
    }

    @Override
    public Transaction newCreateTableTransaction(
            TableIdentifier name, Schema schema, PartitionSpec spec, Map<String, String> properties) {
        return real.newCreateTableTransaction(name, schema, spec, properties);
    }

    @Override
    public void createNamespace(Namespace namespace, Map<String, String> metadata) {
        ((SupportsNamespaces) real).createNamespace(namespace, metadata);
    }

    @Override
    public List<Namespace> listNamespaces(Namespace namespace) {
        return ((SupportsNamespaces) real).listNamespaces(namespace);
    }

    @Override
    public Map<String, String> loadNamespaceMetadata(Namespace namespace) {
        return ((SupportsNamespaces) real).loadNamespaceMetadata(namespace);
    }

    @Override
    public boolean dropNamespace(Namespace namespace) {
        return ((SupportsNamespaces) real).dropNamespace(namespace);
    }

    @Override
    public boolean setProperties(Namespace namespace, Map<String, String> properties) {
        return ((SupportsNamespaces) real).setProperties(namespace, properties);
    }

    @Override
    public boolean removeProperties(Namespace namespace, Set<String> properties) {
        return ((SupportsNamespaces) real).removeProperties(namespace, properties);
    }

    private static void pass(ConcurrentLinkedQueue<Fault> script, Runnable call) {
        Fault fault = script.poll();
        if (fault == null) {
            call.run();
        } else {
            fault.pass(call);
        }
    }

    private final class Faulty implements TableOperations {

        private final TableOperations operations;
        private volatile TableMetadata known;

        Faulty(TableOperations operations) {
            this.operations = operations;
            this.known = operations.current();
        }

        @Override
        public void commit(TableMetadata base, TableMetadata metadata) {
            pass(commits, () -> operations.commit(base, metadata));
            known = operations.current();
        }

        @Override
        public TableMetadata refresh() {
            pass(refreshes, () -> known = operations.refresh());
            return known;
        }

        @Override
        public TableMetadata current() {
            return known;
        }

        @Override
        public FileIO io() {
            return operations.io();
        }

        @Override
        public EncryptionManager encryption() {
            return operations.encryption();
        }

        @Override
        public String metadataFileLocation(String fileName) {
            return operations.metadataFileLocation(fileName);
        }

        @Override
        public LocationProvider locationProvider() {
            return operations.locationProvider();
        }

        @Override
        public TableOperations temp(TableMetadata uncommitted) {
            return new Faulty(operations.temp(uncommitted));
        }

        @Override
        public long newSnapshotId() {
            return operations.newSnapshotId();
        }

        @Override
        public boolean requireStrictCleanup() {
            return operations.requireStrictCleanup();
        }
    }
}
