// SPDX-License-Identifier: Apache-2.0
package io.philotes.sink.iceberg;

import io.philotes.testkit.Fault;
import io.philotes.testkit.FaultyCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.TableCommit;

/**
 * A catalog in memory that changes several tables at once, as a REST server does: it holds each part against what the part
 * requires, and then makes all of them. Its next requests go as scripted.
 */
final class CommonCatalog extends FaultyCatalog implements CommonCommit {

    private final ConcurrentLinkedQueue<Script> scripts = new ConcurrentLinkedQueue<>();
    private final List<List<TableCommit>> requests = new CopyOnWriteArrayList<>();

    /** What happens to a request, of which perhaps only the first part is made. */
    private record Script(Fault fault, boolean isHalf) {}

    CommonCatalog() {
        super(TestLake.memoryCatalog());
    }

    /** What happens to the next request that has no fault yet. */
    CommonCatalog nextRequest(Fault fault) {
        scripts.add(new Script(fault, false));
        return this;
    }

    /** The same with a server that keeps its promise badly: only the first part is made. */
    CommonCatalog nextHalfRequest(Fault fault) {
        scripts.add(new Script(fault, true));
        return this;
    }

    /** How many tables each request so far was about, refused ones too. */
    List<Integer> requests() {
        return requests.stream().map(List::size).toList();
    }

    /** What was asked for one table so far, refused requests too. */
    List<TableCommit> partsOf(String table) {
        return requests.stream()
                .flatMap(List::stream)
                .filter(part -> part.identifier().name().equals(table))
                .toList();
    }

    @Override
    public void commit(List<TableCommit> parts) {
        requests.add(parts);
        Script script = scripts.poll();
        if (script == null) {
            make(parts);
        } else {
            script.fault().pass(() -> make(script.isHalf() ? parts.subList(0, 1) : parts));
        }
    }

    /** All of them, or none when one is refused. */
    synchronized void make(List<TableCommit> parts) {
        List<Runnable> changes = new ArrayList<>();
        for (TableCommit part : parts) {
            TableOperations operations = ((HasTableOperations) real().loadTable(part.identifier())).operations();
            TableMetadata base = operations.current();
            part.requirements().forEach(requirement -> requirement.validate(base));
            TableMetadata.Builder changed = TableMetadata.buildFrom(base);
            part.updates().forEach(update -> update.applyTo(changed));
            changes.add(() -> operations.commit(base, changed.build()));
        }
        changes.forEach(Runnable::run);
    }
}
