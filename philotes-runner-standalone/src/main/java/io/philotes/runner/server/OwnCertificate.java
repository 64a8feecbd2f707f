// SPDX-License-Identifier: Apache-2.0
package io.philotes.runner.server;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts a server that shows one certain certificate, under whatever name it was called: only the owner of its key can.
 * Any other must be what one of the others trusts, under its name. Immutable.
 */
final class OwnCertificate extends X509ExtendedTrustManager {

    private final X509Certificate own;
    private final List<X509ExtendedTrustManager> others;

    /** @param others at least one, asked in this order */
    OwnCertificate(X509Certificate own, List<X509ExtendedTrustManager> others) {
        this.own = own;
        this.others = List.copyOf(others);
    }

    @FunctionalInterface
    private interface Check {
        void by(X509ExtendedTrustManager manager) throws CertificateException;
    }

    private void check(X509Certificate[] chain, Check check) throws CertificateException {
        if (chain.length > 0 && chain[0].equals(own)) {
            return;
        }
        CertificateException last = null;
        for (X509ExtendedTrustManager other : others) {
            try {
                check.by(other);
                return;
            } catch (CertificateException e) {
                last = e;
            }
        }
        throw last;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, other -> other.checkServerTrusted(chain, authType, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, other -> other.checkServerTrusted(chain, authType, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, other -> {
            throw new CertificateException("nobody knows which name was called");
        });
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw noServer();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw noServer();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw noServer();
    }

    private static CertificateException noServer() {
        return new CertificateException("this is a client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
