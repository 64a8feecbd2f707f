// SPDX-License-Identifier: Apache-2.0
package io.philotes.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/** A certificate that signs itself, made anew with the JDK's own tool. Immutable. */
public final class ServerCertificate {

    private static final String PASSWORD = "only-for-a-test";

    private final Path certificate;
    private final Path key;

    private ServerCertificate(Path certificate, Path key) {
        this.certificate = certificate;
        this.key = key;
    }

    public static ServerCertificate createIn(Path directory) {
        try {
            Path store = directory.resolve("store.p12");
            generate(store);
            KeyStore opened = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                opened.load(in, PASSWORD.toCharArray());
            }
            Path certificate = directory.resolve("server.crt");
            Path key = directory.resolve("server.key");
            writePem(certificate, "CERTIFICATE", opened.getCertificate("server").getEncoded());
            writePem(
                    key,
                    "PRIVATE KEY",
                    opened.getKey("server", PASSWORD.toCharArray()).getEncoded());
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
            return new ServerCertificate(certificate, key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void generate(Path store) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "RSA",
                        "-dname",
                        "CN=localhost",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException("keytool failed");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void writePem(Path file, String what, byte[] bytes) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }

    /** The certificate, which is its own authority. */
    public Path file() {
        return certificate;
    }

    /** Lines that let a server speak TLS with it. */
    public String[] settings() {
        return new String[] {"ssl = on", "ssl_cert_file = '" + certificate + "'", "ssl_key_file = '" + key + "'"};
    }
}
