// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** A PostgreSQL from its official image, for the profile {@code docker}. Skips the test where no Docker engine answers. */
final class ContainerServer implements TestPostgres.Server {

    private final PostgreSQLContainer container;

    private ContainerServer(PostgreSQLContainer container) {
        this.container = container;
    }

    static ContainerServer start(int majorVersion, String walLevel) {
        Assumptions.assumeTrue(
                DockerClientFactory.instance().isDockerAvailable(),
                "skipped: the profile docker is on, and no Docker engine answers");
        PostgreSQLContainer container = new PostgreSQLContainer("postgres:" + majorVersion)
                .withUsername("postgres")
                .withPassword("postgres")
                .withDatabaseName("postgres")
                .withCommand("postgres", "-c", "wal_level=" + walLevel, "-c", "max_replication_slots=20");
        container.start();
        return new ContainerServer(container);
    }

    @Override
    public String address() {
        return container.getHost() + ":" + container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT);
    }

    @Override
    public void close() {
        container.stop();
    }
}
