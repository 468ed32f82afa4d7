// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.servers;

import java.security.cert.X509Certificate;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Jetty. */
class JettyTest extends HttpsContract {

  @Override
  Running start(String alias, boolean demanding) throws Exception {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setKeyStoreType("KMS");
    tls.setKeyStorePath(identities().descriptor(alias).toString());
    tls.setCertAlias(alias);
    tls.setTrustStoreType("PKCS12");
    tls.setTrustStorePath(identities().trustStore().toString());
    tls.setTrustStorePassword(Identities.TRUST_STORE_PASSWORD);
    tls.setNeedClientAuth(demanding);

    HttpConfiguration http = new HttpConfiguration();
    http.addCustomizer(new SecureRequestCustomizer());
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server, tls, new HttpConnectionFactory(http));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new Page());
    server.start();
    return new Running(connector.getLocalPort(), server::stop);
  }

  /** Answers with the name in the client's certificate. */
  private static final class Page extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      EndPoint.SslSessionData session =
          (EndPoint.SslSessionData) request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE);
      X509Certificate[] chain = session.peerCertificates();
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/html");
      String client =
          chain == null || chain.length == 0
              ? STRANGER
              : chain[0].getSubjectX500Principal().getName();
      Content.Sink.write(response, true, page(client), callback);
      return true;
    }
  }
}
