// SPDX-License-Identifier: Apache-2.0
package io.philotes.pipeline.internal;

import io.philotes.pipeline.Alert;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which alerts are raised: each is told once when it is crossed and once when it is over, and not in between. Owned by one
 * thread.
 */
final class AlertBoard {

    private static final Logger LOG = LoggerFactory.getLogger(AlertBoard.class);

    /** What was raised is over only clearly below the threshold, so that what swings around it is told once. */
    private static final double OVER_BELOW = 0.9;

    private final String pipeline;
    private final Listeners listeners;
    private final Map<String, Alert> raised = new TreeMap<>();

    AlertBoard(String pipeline, Listeners listeners) {
        this.pipeline = pipeline;
        this.listeners = listeners;
    }

    /**
     * What is seen of one thing now.
     *
     * @param value how much of it there is
     * @param threshold from where on it is an alert
     */
    void see(Alert.Kind kind, Alert.Severity severity, double value, double threshold, String message, String hint) {
        String key = kind + " " + severity;
        Alert before = raised.get(key);
        boolean above = before == null ? value >= threshold : value >= threshold * OVER_BELOW;
        if (above) {
            Alert now = new Alert(kind, severity, true, message, hint);
            raised.put(key, now);
            if (before == null) {
                tell(now);
            }
        } else if (before != null) {
            raised.remove(key);
            tell(new Alert(kind, severity, false, message, hint));
        }
    }

    private void tell(Alert alert) {
        if (alert.raised()) {
            LOG.warn(
                    "Pipeline {}: {} {}: {} -- {}",
                    pipeline,
                    alert.severity(),
                    alert.kind(),
                    alert.message(),
                    alert.hint());
        } else {
            LOG.info("Pipeline {}: {} {} is over: {}", pipeline, alert.severity(), alert.kind(), alert.message());
        }
        listeners.tell(listener -> listener.alert(pipeline, alert));
    }

    List<Alert> raised() {
        return new ArrayList<>(raised.values());
    }
}
