// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.servers;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import javax.net.ssl.KeyManagerFactory;

/** Netty with the JDK's TLS. */
class NettyJdkTest extends HttpsContract {

  @Override
  Running start(String alias, boolean demanding) throws Exception {
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(identities().keyStore(alias), null);
    return NettyServer.start(
        SslContextBuilder.forServer(factory)
            .sslProvider(SslProvider.JDK)
            .trustManager(identities().trust())
            .clientAuth(demanding ? ClientAuth.REQUIRE : ClientAuth.NONE)
            .build());
  }
}
