// SPDX-License-Identifier: Apache-2.0
package io.philotes.faults;

import io.philotes.model.TableId;
import io.philotes.testkit.Mirror;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Finds the verdict: lets the pipeline come to rest, and compares without asking it whether all is well. */
final class Judge {

    private static final Predicate<String> CAUGHT_UP_OR_NOT =
            line -> line.startsWith(FaultChild.CAUGHT_UP) || line.startsWith(FaultChild.NOT_CAUGHT_UP);
    private static final Predicate<String> RUNNING_OR_ENDED =
            line -> line.equals(FaultChild.STATE + "RUNNING") || line.startsWith(FaultChild.ENDED);

    private final Stage stage;
    private final ChildOptions options;
    private final List<TableId> mirrored;

    Judge(Stage stage, ChildOptions options, List<TableId> mirrored) {
        this.stage = stage;
        this.options = options;
        this.mirrored = mirrored;
    }

    /** For the tables of {@link MixedLoad}. */
    static Judge of(Stage stage, ChildOptions options) {
        return new Judge(stage, options, MixedLoad.MIRRORED);
    }

    /** Starts the pipeline once more, and judges. */
    Finding afterAll() throws Exception {
        try (Child child = stage.start(options)) {
            Optional<String> line = child.await(0, RUNNING_OR_ENDED, Stage.PATIENCE);
            return line.isEmpty() && !child.isEnding()
                    ? stuck("never ran; " + child.last(FaultChild.STATE).orElse("said nothing"))
                    : of(child);
        }
    }

    /** Judges what runs, and ends it. */
    Finding of(Child child) throws Exception {
        int mark = child.mark();
        child.tell(FaultChild.CATCH_UP + Stage.PATIENCE.toSeconds());
        Optional<String> line = child.await(mark, CAUGHT_UP_OR_NOT, Stage.PATIENCE.plusSeconds(30));
        if (line.isEmpty()) {
            return child.isEnding() ? ended(child) : stuck("no answer");
        }
        Optional<String> status = child.status(Duration.ofSeconds(30));
        if (status.isEmpty()) {
            return child.isEnding() ? ended(child) : stuck("no status");
        }
        boolean tells = tells(status.get());
        boolean isThere = line.get().startsWith(FaultChild.CAUGHT_UP);
        Finding finding = isThere || tells ? Finding.OK : stuck(line.get());
        child.signal("TERM");
        if (!child.endsWithin(Duration.ofSeconds(40))) {
            return finding.and(stuck("does not end"));
        }
        return finding.and(tells ? new Finding(Verdict.LOUD, status.get()) : compared(isThere));
    }

    private static boolean tells(String status) {
        return status.contains("state=FAILED")
                || status.contains(":HELD")
                || status.contains(":NEEDS_RESYNC")
                || status.contains(":DIVERGED");
    }

    /** A process that ended by itself: with a code of the catalogue it tells, without one it crashed. */
    static Finding ended(Child child) {
        Optional<String> words = child.lastWords();
        boolean isKnown =
                words.map(w -> w.contains("PHI-") && !w.contains("PHI-9002")).orElse(false);
        return new Finding(
                isKnown ? Verdict.LOUD : Verdict.CRASH, words.orElse("ended without a word, log " + child.log()));
    }

    static Finding stuck(String why) {
        return new Finding(Verdict.STUCK, why);
    }

    /** What nobody's word is taken for: the way there in any case, and the end if it is said to be reached. */
    private Finding compared(boolean isThere) throws Exception {
        Finding finding = Finding.OK;
        for (ChildTargets.Target each : ChildTargets.of(options)) {
            try (ChildTargets.Target target = each;
                    Connection source = stage.postgres().connect(stage.database())) {
                int snapshots = history(target);
                if (isThere) {
                    requireEqual(source, target);
                }
                finding = snapshots == 0 ? finding : finding.and(snapshots + " snapshots");
            } catch (AssertionError e) {
                finding = finding.and(new Finding(Verdict.SILENT, e.getMessage()));
            }
        }
        return finding;
    }

    private int history(ChildTargets.Target target) {
        mirrored.forEach(id -> Markers.check(target.table(id)));
        if (!mirrored.contains(Ledger.TABLE)) {
            return 0;
        }
        Markers.check(target.table(MixedLoad.JOURNAL));
        return LedgerHistory.check(target.table(Ledger.TABLE));
    }

    private void requireEqual(Connection source, ChildTargets.Target target) throws SQLException {
        for (TableId id : mirrored) {
            Mirror.assertEqual(source, id, target.table(id));
        }
        if (mirrored.contains(Ledger.TABLE)) {
            List<List<String>> rows = Mirror.rows(source, MixedLoad.JOURNAL, List.of("n", "note"));
            JournalHistory.check(target.table(MixedLoad.JOURNAL), rows);
        }
    }
}
