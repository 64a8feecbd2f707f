// SPDX-License-Identifier: Apache-2.0
package io.philotes.spring.actuate;

import io.philotes.Philotes;
import io.philotes.spring.PhilotesPipelines;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/** {@code philotes} in the application's info: version, and how many pipelines there are. Thread-safe. */
public final class PhilotesInfoContributor implements InfoContributor {

    private final PhilotesPipelines pipelines;

    public PhilotesInfoContributor(PhilotesPipelines pipelines) {
        this.pipelines = pipelines;
    }

    @Override
    public void contribute(Info.Builder builder) {
        Map<String, Object> info = new LinkedHashMap<>();
        String version = Philotes.class.getPackage().getImplementationVersion();
        info.put("version", version == null ? "unpackaged" : version);
        info.put("pipelines", pipelines.names().size());
        builder.withDetail("philotes", info);
    }
}
