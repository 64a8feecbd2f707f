// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.cli;

import io.philotes.config.PhilotesConfig;
import io.philotes.config.PipelineFactory;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import io.philotes.runner.server.SourceJson;
import io.philotes.source.SlotWal;
import io.philotes.source.WalStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code philotes wal}: what replication costs the source's disk, whether a pipeline runs or not. */
@Command(
        name = "wal",
        description =
                "Shows what the replication slots keep on the source's disk, how much more is safe, and until when.")
final class WalCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Option(names = "--only", paramLabel = "PIPELINE", description = "Only this pipeline; may be repeated.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "2",
            description = "How long to look for the forecast; 0 for none. Default 2; more tells more.")
    private int seconds;

    @Override
    public Integer call() throws InterruptedException {
        PhilotesConfig config = root.config();
        Map<String, SourceJson> seen = new LinkedHashMap<>();
        try (PipelineFactory factory = new PipelineFactory(config)) {
            List<String> names = Selection.of(config, only);
            Map<String, WalStatus> before = looks(factory, names);
            Thread.sleep(Math.max(0, seconds) * 1000L);
            Map<String, WalStatus> after = seconds > 0 ? looks(factory, names) : before;
            names.forEach(name -> seen.put(
                    name,
                    forecast(
                            before.get(name),
                            after.get(name),
                            factory.walGuard(name).maxRetainedBytes())));
        }
        if (root.json()) {
            root.terminal().out().println(Json.line(seen));
        } else {
            seen.forEach(new WalText(root.terminal().out(), root.paint())::print);
        }
        boolean lost = seen.values().stream()
                .anyMatch(s -> s.slot() != null && s.slot().walStatus().equals("lost"));
        return lost ? ExitCode.NEGATIVE : ExitCode.OK;
    }

    private static Map<String, WalStatus> looks(PipelineFactory factory, List<String> names) {
        Map<String, WalStatus> looks = new LinkedHashMap<>();
        names.forEach(name -> looks.put(
                name,
                factory.wal(name)
                        .orElseThrow(() -> new PhilotesException(
                                ErrorCode.UNSUPPORTED_SOURCE, "Cannot look at the WAL: the source has none"))));
        return looks;
    }

    private SourceJson forecast(WalStatus before, WalStatus now, long guard) {
        long kept = now.slot().map(SlotWal::retainedBytes).orElse(0L);
        long grown = kept - before.slot().map(SlotWal::retainedBytes).orElse(kept);
        long growth = seconds > 0 ? Math.max(0, grown) / seconds : 0;
        long limit = now.keepLimitBytes() < 0 ? guard : Math.min(guard, now.keepLimitBytes());
        long safe =
                now.slot().map(SlotWal::safeBytes).filter(bytes -> bytes >= 0).orElse(Long.MAX_VALUE);
        Long fullIn = growth > 0 ? Math.max(0, Math.min(safe, limit - kept)) / growth : null;
        return SourceJson.of(now, limit, growth, fullIn, List.of());
    }
}
