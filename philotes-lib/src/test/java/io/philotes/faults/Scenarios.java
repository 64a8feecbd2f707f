// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import java.util.List;

/** Everything that the suite does to a pipeline. */
final class Scenarios {

    private Scenarios() {}

    static List<Scenario> all() {
        return List.of(
                Scenario.survives("kill-memory", KillLoop.with(ChildOptions.MEMORY, 2, 0)),
                Scenario.survives("kill-disk", KillLoop.with(ChildOptions.DISK, 3, 0)),
                Scenario.survives("kill-postgres", KillLoop.with(ChildOptions.POSTGRES, 3, 0)),
                Scenario.survives("kill-copies", KillLoop.with(ChildOptions.MEMORY, 3, 3))
                        .onRequest(),
                Scenario.survives("kill-first-copy", CopyKill::run),
                Scenario.survives("source-crash-disk", SourceFaults.crashes(ChildOptions.DISK)),
                Scenario.survives("source-crash-memory", SourceFaults.crashes(ChildOptions.MEMORY))
                        .onRequest(),
                Scenario.survives("same-lsn", SameLsn::run),
                Scenario.survives("source-stop-memory", SourceFaults.isStopped(ChildOptions.MEMORY)),
                Scenario.survives("source-stop-disk", SourceFaults.isStopped(ChildOptions.DISK))
                        .onRequest(),
                Scenario.survives("network", NetworkFaults::run),
                Scenario.survives("zombie", Zombie::run),
                Scenario.survives("catalog-outage", CatalogFaults.outage(ChildOptions.DISK)),
                Scenario.survives("buffer-outage", BufferOutage::run).onRequest(),
                Scenario.survivesOrTells("read-only-warehouse", CatalogFaults.readOnly(ChildOptions.MEMORY))
                        .onRequest(),
                Scenario.survives("three-sinks", DeadSink::run),
                Scenario.survives("parked-rows", ParkedRows::run),
                Scenario.survives("replayed-rows", ReplayedRows::run),
                Scenario.survives("told-changes", ToldChanges::run),
                Scenario.survivesOrTells("damaged-tail", DamagedBuffer.by(DamagedBuffer::cutTail))
                        .onRequest(),
                Scenario.survivesOrTells("damaged-middle", DamagedBuffer.by(DamagedBuffer::flipBit)),
                Scenario.survivesOrTells("damaged-checkpoint", DamagedBuffer.by(DamagedBuffer::spoilCheckpoint)),
                Scenario.survives("orderly-stop", OrderlyStops::run));
    }
}
