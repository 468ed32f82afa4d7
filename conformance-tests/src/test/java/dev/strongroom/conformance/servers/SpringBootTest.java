// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.servers;

import jakarta.servlet.http.HttpServletRequest;
import java.security.cert.X509Certificate;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A web application of Spring Boot, with an SSL bundle. */
class SpringBootTest extends HttpsContract {

  @Override
  Running start(String alias, boolean demanding) throws Exception {
    SpringApplication application = new SpringApplication(Application.class);
    application.setDefaultProperties(
        Map.ofEntries(
            Map.entry("spring.ssl.bundle.jks.web.keystore.type", "KMS"),
            Map.entry(
                "spring.ssl.bundle.jks.web.keystore.location",
                identities().descriptor(alias).toUri().toString()),
            Map.entry("spring.ssl.bundle.jks.web.key.alias", alias),
            Map.entry("spring.ssl.bundle.jks.web.truststore.type", "PKCS12"),
            Map.entry(
                "spring.ssl.bundle.jks.web.truststore.location",
                identities().trustStore().toUri().toString()),
            Map.entry(
                "spring.ssl.bundle.jks.web.truststore.password", Identities.TRUST_STORE_PASSWORD),
            Map.entry("server.ssl.bundle", "web"),
            Map.entry("server.ssl.client-auth", demanding ? "need" : "none"),
            Map.entry("server.address", "127.0.0.1"),
            Map.entry("server.port", "0"),
            Map.entry("spring.main.banner-mode", "off")));
    ConfigurableApplicationContext running = application.run();
    int port = running.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    return new Running(port, running);
  }

  @SpringBootConfiguration
  @EnableAutoConfiguration
  @Import(Page.class)
  static class Application {}

  /** Answers with the name in the client's certificate. */
  @RestController
  static class Page {
    @GetMapping(path = "/", produces = "text/html")
    String answer(HttpServletRequest request) {
      X509Certificate @Nullable [] chain =
          (X509Certificate[]) request.getAttribute("jakarta.servlet.request.X509Certificate");
      return page(chain == null ? STRANGER : chain[0].getSubjectX500Principal().getName());
    }
  }
}
