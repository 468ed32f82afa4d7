// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.servers;

import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.xnio.Options;
import org.xnio.SslClientAuthMode;

/** Undertow, which takes an SSLContext that the application makes. */
class UndertowTest extends HttpsContract {

  @Override
  Running start(String alias, boolean demanding) throws Exception {
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(identities().keyStore(alias), null);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), identities().trust().getTrustManagers(), null);

    Undertow server =
        Undertow.builder()
            .setIoThreads(2)
            .setWorkerThreads(2)
            .setSocketOption(
                Options.SSL_CLIENT_AUTH_MODE,
                demanding ? SslClientAuthMode.REQUIRED : SslClientAuthMode.NOT_REQUESTED)
            .addHttpsListener(0, "127.0.0.1", context)
            .setHandler(UndertowTest::answer)
            .build();
    server.start();
    InetSocketAddress address = (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
    return new Running(address.getPort(), server::stop);
  }

  private static void answer(HttpServerExchange exchange) {
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/html");
    exchange.getResponseSender().send(page(client(exchange)));
  }

  private static String client(HttpServerExchange exchange) {
    try {
      SSLSession session = exchange.getConnection().getSslSession();
      X509Certificate own = (X509Certificate) session.getPeerCertificates()[0];
      return own.getSubjectX500Principal().getName();
    } catch (SSLPeerUnverifiedException e) {
      return STRANGER;
    }
  }
}
