// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** The JDK's HTTP client; as a known client its key is a CMK. */
final class JavaClient {
  private final SSLContext context;

  private JavaClient(SSLContext context) {
    this.context = context;
  }

  static JavaClient stranger(Identities identities) throws GeneralSecurityException, IOException {
    return new JavaClient(context(identities, new KeyManager[0]));
  }

  static JavaClient known(Identities identities) throws GeneralSecurityException, IOException {
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(identities.keyStore(Identities.CLIENT), null);
    return new JavaClient(context(identities, factory.getKeyManagers()));
  }

  private static SSLContext context(Identities identities, KeyManager[] keys)
      throws GeneralSecurityException, IOException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, identities.trust().getTrustManagers(), null);
    return context;
  }

  /** Returns the page; a client of its own for each, so that no session is resumed. */
  String get(String url) throws IOException, InterruptedException {
    HttpClient client = HttpClient.newBuilder().sslContext(context).build();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(30)).build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    assertEquals(200, response.statusCode(), response.body());
    return response.body().strip();
  }
}
