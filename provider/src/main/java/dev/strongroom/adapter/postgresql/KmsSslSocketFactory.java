// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.adapter.postgresql;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/**
 * The driver's {@code sslfactory} for client certificates whose keys are KMS keys.
 *
 * <pre>
 * jdbc:postgresql://db/app?sslmode=verify-full&amp;sslrootcert=/etc/app/root.crt
 *   &amp;sslfactory=dev.strongroom.adapter.postgresql.KmsSslSocketFactory&amp;sslfactoryarg=alias/app-db
 * </pre>
 *
 * <p>The provider must be installed in the JVM. {@code sslfactoryarg} is one of these:
 *
 * <ul>
 *   <li>an alias, with or without {@code alias/}, a key id or an ARN: that key, whose KeyStore
 *       entry must have a certificate chain;
 *   <li>the absolute path of a KeyStore descriptor: of its entries the first whose certificate the
 *       server accepts;
 *   <li>nothing: of all entries the first whose certificate the server accepts.
 * </ul>
 *
 * <p>{@code sslrootcert} is a file of certificates in PEM that are trusted to issue the server's;
 * without it the JVM's own trust decides. The chain is checked whatever {@code sslmode} is; {@code
 * verify-full} checks the host name, too. The driver makes a factory for each connection, so that a
 * renewed certificate is in use from the next one on. Immutable.
 */
public final class KmsSslSocketFactory extends SSLSocketFactory {
  private final SSLSocketFactory factory;

  /**
   * Makes a factory for one connection; the driver calls this.
   *
   * @param connection the properties of the connection
   * @throws IOException if the KeyStore or {@code sslrootcert} cannot be read
   * @throws GeneralSecurityException if there is no such key, or it has no certificate
   */
  public KmsSslSocketFactory(Properties connection) throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS", "SunJSSE");
    context.init(
        ClientKeys.of(connection.getProperty("sslfactoryarg", "")),
        ServerTrust.of(connection.getProperty("sslrootcert", "")),
        null);
    factory = context.getSocketFactory();
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return factory.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return factory.getSupportedCipherSuites();
  }

  @Override
  public Socket createSocket() throws IOException {
    return factory.createSocket();
  }

  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    return factory.createSocket(socket, host, port, autoClose);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return factory.createSocket(host, port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return factory.createSocket(host, port, local, localPort);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return factory.createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return factory.createSocket(host, port, local, localPort);
  }
}
