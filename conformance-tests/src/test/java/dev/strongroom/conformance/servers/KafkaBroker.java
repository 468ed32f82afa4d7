// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.servers;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import kafka.Kafka;
import kafka.tools.StorageTool;

/** A Kafka broker, its own controller, in a JVM of its own that lists our provider last. */
final class KafkaBroker implements AutoCloseable {
  private final Process process;
  private final Path log;
  private final int port;

  private KafkaBroker(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /** The program of that JVM: formats the broker's storage, and starts it. */
  public static void main(String[] arguments) {
    String settings = arguments[0];
    String[] format = {"format", "--cluster-id", "Strongroom-test-cluster", "--config", settings};
    if (StorageTool.execute(format, System.out) != 0) {
      throw new IllegalStateException("The storage cannot be formatted");
    }
    Kafka.main(new String[] {settings});
  }

  /** Starts a broker with that key, which demands certificates. */
  static KafkaBroker start(Path folder, Identities identities, String alias)
      throws IOException, InterruptedException {
    int port = freePort();
    int controller = freePort();
    Path settings =
        Files.write(
            folder.resolve("server.properties"),
            List.of(
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.voters=1@127.0.0.1:" + controller,
                "controller.listener.names=CONTROLLER",
                "inter.broker.listener.name=SSL",
                "listeners=SSL://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller,
                "advertised.listeners=SSL://localhost:" + port,
                "listener.security.protocol.map=SSL:SSL,CONTROLLER:PLAINTEXT",
                "log.dirs=" + folder.resolve("log"),
                "offsets.topic.replication.factor=1",
                "ssl.client.auth=required",
                "ssl.keystore.type=KMS",
                "ssl.keystore.location=" + identities.descriptor(alias),
                "ssl.keystore.password=",
                "ssl.truststore.type=PKCS12",
                "ssl.truststore.location=" + identities.trustStore(),
                "ssl.truststore.password=" + Identities.TRUST_STORE_PASSWORD));
    Path log = folder.resolve("broker.log");
    Process process =
        new ProcessBuilder(command(folder, settings))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    KafkaBroker broker = new KafkaBroker(process, log, port);
    broker.awaitPort();
    return broker;
  }

  private static List<String> command(Path folder, Path settings) throws IOException {
    int last = 1;
    while (Security.getProperty("security.provider." + last) != null) {
      last++;
    }
    Path security =
        Files.writeString(
            folder.resolve("java.security"), "security.provider." + last + "=Strongroom\n");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1"));
    command.add("-Djava.security.properties=" + security);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(KafkaBroker.class.getName(), settings.toString()));
    return command;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitPort() throws IOException, InterruptedException {
    for (int i = 0; i < 600 && process.isAlive(); i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (ConnectException e) {
        Thread.sleep(100);
      }
    }
    process.destroyForcibly();
    throw new AssertionError("The broker does not start: " + printed());
  }

  String address() {
    return "localhost:" + port;
  }

  private String printed() throws IOException {
    return Files.readString(log, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      assertTrue(process.waitFor(10, TimeUnit.SECONDS), "The broker does not end");
    }
  }
}
