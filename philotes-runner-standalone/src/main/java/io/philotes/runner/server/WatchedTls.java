// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.config.TlsConfig;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS with the certificate that the files hold at the time. Each new connection looks at their bytes, for times of files have
 * gaps; what does not fit together is told once, and the certificate of before stays. Thread-safe.
 */
final class WatchedTls extends SslContextFactory.Server {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedTls.class);

    private final TlsConfig tls;
    /** A word for the life of the object: the store never leaves the memory. */
    private final String password = UUID.randomUUID().toString();
    /** Guarded by this, as is what follows from it. */
    private byte[] seen;

    private KeyStore used;

    /** @throws PhilotesException INVALID_CONFIGURATION for files that are not there, or not what they should be */
    WatchedTls(TlsConfig tls) {
        this.tls = tls;
        this.seen = digest();
        this.used = PemFiles.store(tls, password);
        setKeyStore(used);
        setKeyStorePassword(password);
    }

    @Override
    public SSLEngine newSSLEngine(InetSocketAddress caller) {
        refresh();
        return super.newSSLEngine(caller);
    }

    private synchronized void refresh() {
        byte[] now = digest();
        if (!Arrays.equals(now, seen)) {
            seen = now;
            try {
                exchange(PemFiles.store(tls, password));
                LOG.info("Another certificate is in use from now on: {}", tls.certificate());
            } catch (PhilotesException e) {
                LOG.error("{}; the certificate of before stays in use until these files change again", e.getMessage());
            }
        }
    }

    private void exchange(KeyStore fresh) {
        try {
            reload(context -> context.setKeyStore(fresh));
            used = fresh;
        } catch (Exception e) {
            restore(e);
            throw new PhilotesException(
                    ErrorCode.INVALID_CONFIGURATION, "Cannot serve TLS with " + tls.certificate() + ": " + e, e);
        }
    }

    private void restore(Exception failure) {
        try {
            reload(context -> context.setKeyStore(used));
        } catch (Exception e) {
            failure.addSuppressed(e);
        }
    }

    /** Of what is in both files; of one that cannot be read, of why. */
    private byte[] digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : List.of(tls.certificate(), tls.key())) {
                digest.update(bytes(file));
                digest.update((byte) 0);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            return e.toString().getBytes(StandardCharsets.UTF_8);
        }
    }
}
