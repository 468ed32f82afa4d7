// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.servers;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.strongroom.conformance.fixture.TestCa;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tomcat with its JSSE connector. */
class TomcatTest extends HttpsContract {
  @TempDir private Path folder;

  @Override
  Running start(String alias, boolean demanding) throws Exception {
    SSLHostConfig host = new SSLHostConfig();
    SSLHostConfigCertificate certificate =
        new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.UNDEFINED);
    certificate.setCertificateKeystoreType("KMS");
    certificate.setCertificateKeystoreFile(identities().descriptor(alias).toString());
    certificate.setCertificateKeystorePassword("");
    certificate.setCertificateKeyAlias(alias);
    host.addCertificate(certificate);
    host.setTruststoreType("PKCS12"); // the default is the type of the other file
    host.setTruststoreFile(identities().trustStore().toString());
    host.setTruststorePassword(Identities.TRUST_STORE_PASSWORD);
    host.setCertificateVerification(demanding ? "required" : "none");

    Connector connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");
    connector.setThrowOnFailure(true);
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    connector.setProperty("SSLEnabled", "true");
    connector.setScheme("https");
    connector.setSecure(true);
    connector.addSslHostConfig(host);

    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(folder.toString());
    tomcat.setConnector(connector);
    Context application = tomcat.addContext("", null);
    Tomcat.addServlet(application, "page", new Page()).addMapping("/");
    tomcat.start();
    return new Running(
        connector.getLocalPort(),
        () -> {
          tomcat.stop();
          tomcat.destroy();
        });
  }

  @Test
  void chromiumRefusesACertificateThatItDoesNotTrust() throws Exception {
    Path home = Files.createDirectory(folder.resolve("wary"));
    Browser browser =
        Browser.in(home, TestCa.pem(home.resolve("other.pem"), List.of(TestCa.ec().root())));
    try (Running running = start(Identities.EC, false)) {
      String document = browser.open(running.url());

      assertFalse(document.contains("Hello"), document);
    }
  }

  /** Answers with the name in the client's certificate. */
  private static final class Page extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      X509Certificate[] chain =
          (X509Certificate[]) request.getAttribute("jakarta.servlet.request.X509Certificate");
      response.setContentType("text/html");
      response
          .getWriter()
          .println(page(chain == null ? STRANGER : chain[0].getSubjectX500Principal().getName()));
    }
  }
}
