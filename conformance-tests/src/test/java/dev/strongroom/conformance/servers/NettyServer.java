// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.servers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;

/** An HTTPS server of Netty; what its tests differ in is the SslContext. */
final class NettyServer {
  private NettyServer() {}

  static HttpsContract.Running start(SslContext tls) throws InterruptedException {
    EventLoopGroup threads = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    Channel channel =
        new ServerBootstrap()
            .group(threads)
            .channel(NioServerSocketChannel.class)
            .childHandler(new Pipeline(tls))
            .bind("127.0.0.1", 0)
            .sync()
            .channel();
    return new HttpsContract.Running(
        ((InetSocketAddress) channel.localAddress()).getPort(),
        () -> threads.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync());
  }

  private static final class Pipeline extends ChannelInitializer<SocketChannel> {
    private final SslContext tls;

    Pipeline(SslContext tls) {
      this.tls = tls;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      channel
          .pipeline()
          .addLast(tls.newHandler(channel.alloc()), new HttpServerCodec(), new Page());
    }
  }

  /** Answers with the name in the client's certificate. */
  private static final class Page extends SimpleChannelInboundHandler<HttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpRequest request) {
      byte[] page = HttpsContract.page(client(context)).getBytes(StandardCharsets.UTF_8);
      FullHttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(page));
      response
          .headers()
          .set(HttpHeaderNames.CONTENT_TYPE, "text/html")
          .set(HttpHeaderNames.CONNECTION, "close");
      context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    /** Closes: what goes wrong here is a client that was refused. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the end
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }

    private static String client(ChannelHandlerContext context) {
      SslHandler tls = context.pipeline().get(SslHandler.class);
      try {
        X509Certificate own = (X509Certificate) tls.engine().getSession().getPeerCertificates()[0];
        return own.getSubjectX500Principal().getName();
      } catch (SSLPeerUnverifiedException e) {
        return HttpsContract.STRANGER;
      }
    }
  }
}
