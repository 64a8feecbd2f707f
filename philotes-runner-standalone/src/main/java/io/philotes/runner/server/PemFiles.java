// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import io.philotes.config.TlsConfig;
import io.philotes.error.ErrorCode;
import io.philotes.error.PhilotesException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Reads certificate and key as servers elsewhere have them. Stateless. */
public final class PemFiles {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    /** By the kind of the key. */
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    private PemFiles() {}

    /**
     * What a server shows its callers, in memory.
     *
     * @param password for the key in it
     * @throws PhilotesException INVALID_CONFIGURATION for files that are not there, not what they should be, or not of each other
     */
    static KeyStore store(TlsConfig tls, String password) {
        try {
            Certificate[] chain = certificates(tls.certificate());
            PrivateKey key = key(tls.key(), chain[0].getPublicKey());
            if (!belongs(key, chain[0].getPublicKey())) {
                throw unusable(tls.certificate() + " and " + tls.key(), "the key is not that of the certificate", null);
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", key, password.toCharArray(), chain);
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw unusable(tls.certificate() + " and " + tls.key(), e.toString(), e);
        }
    }

    /** Whether what one signs the other knows; of kinds that are not tried, yes. */
    private static boolean belongs(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        String algorithm = SIGNATURES.get(certified.getAlgorithm());
        if (algorithm == null) {
            return true;
        }
        byte[] text = "philotes".getBytes(StandardCharsets.US_ASCII);
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(text);
        try {
            return signature.verify(signed);
        } catch (SignatureException e) {
            // Of another length.
            return false;
        }
    }

    /**
     * For a caller who has the server's own certificate, and trusts it under any name; besides, what is signed by it or
     * by an authority that this Java trusts, under its name.
     *
     * @throws PhilotesException INVALID_CONFIGURATION for a file that is not there, or not what it should be
     */
    public static SSLContext trusting(TlsConfig tls) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            Certificate[] chain = certificates(tls.certificate());
            for (int i = 0; i < chain.length; i++) {
                store.setCertificateEntry("certificate" + i, chain[i]);
            }
            TrustManager trust = new OwnCertificate((X509Certificate) chain[0], List.of(trust(store), trust(null)));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust}, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw unusable(tls.certificate().toString(), e.toString(), e);
        }
    }

    /** @param store null for Java's own */
    private static X509ExtendedTrustManager trust(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }

    private static Certificate[] certificates(Path file) throws IOException, GeneralSecurityException {
        Certificate[] chain = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))
                .toArray(Certificate[]::new);
        if (chain.length == 0) {
            throw unusable(file.toString(), "it holds no certificate", null);
        }
        return chain;
    }

    private static PrivateKey key(Path file, PublicKey certified) throws IOException, GeneralSecurityException {
        Matcher pem = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
        if (!pem.find()) {
            throw unusable(
                    file.toString(),
                    "it holds no PRIVATE KEY in PKCS#8 form without a passphrase; openssl pkcs8 -topk8 -nocrypt makes one",
                    null);
        }
        byte[] bytes = decoded(file, pem.group(1));
        return KeyFactory.getInstance(certified.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(bytes));
    }

    private static byte[] decoded(Path file, String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw unusable(file.toString(), "its key is not whole", e);
        }
    }

    private static PhilotesException unusable(String what, String why, Exception cause) {
        return new PhilotesException(
                        ErrorCode.INVALID_CONFIGURATION, "Cannot serve TLS with " + what + ": " + why, cause)
                .hinting("see server.tls in docs/reference/configuration.md");
    }
}
