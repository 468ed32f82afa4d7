// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.servers;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;

/** Netty with BoringSSL, which asks the JDK for signatures with keys that it cannot read. */
class NettyOpenSslTest extends HttpsContract {

  @Override
  Running start(String alias, boolean demanding) throws Exception {
    assumeTrue(OpenSsl.isAvailable(), () -> "skipped: " + OpenSsl.unavailabilityCause());
    KeyStore keys = identities().keyStore(alias);
    X509Certificate[] chain =
        Arrays.stream(keys.getCertificateChain(alias))
            .map(X509Certificate.class::cast)
            .toArray(X509Certificate[]::new);
    return NettyServer.start(
        SslContextBuilder.forServer((PrivateKey) keys.getKey(alias, null), chain)
            .sslProvider(SslProvider.OPENSSL)
            .trustManager(identities().trust())
            .clientAuth(demanding ? ClientAuth.REQUIRE : ClientAuth.NONE)
            .build());
  }
}
