// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.philotes.config.TlsConfig;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;

/** Makes a certificate that signs itself, with the JDK's own tool. */
public final class Certificates {

    private static final String PASSWORD = "changeit";

    private Certificates() {}

    /** For this machine, as PEM files in the directory. @param algorithm RSA or EC */
    public static TlsConfig make(Path directory, String algorithm) throws Exception {
        return make(directory, algorithm, "dns:localhost,ip:127.0.0.1");
    }

    /** @param names of the server, as keytool takes them */
    public static TlsConfig make(Path directory, String algorithm, String names) throws Exception {
        Path store = directory.resolve(algorithm + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        algorithm,
                        "-dname",
                        "CN=philotes",
                        "-ext",
                        "SAN=" + names,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            loaded.load(in, PASSWORD.toCharArray());
        }
        return new TlsConfig(
                pem(
                        directory.resolve(algorithm + ".crt"),
                        "CERTIFICATE",
                        loaded.getCertificate("server").getEncoded()),
                pem(
                        directory.resolve(algorithm + ".key"),
                        "PRIVATE KEY",
                        loaded.getKey("server", PASSWORD.toCharArray()).getEncoded()));
    }

    private static Path pem(Path file, String what, byte[] bytes) throws Exception {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return Files.writeString(file, "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n");
    }
}
