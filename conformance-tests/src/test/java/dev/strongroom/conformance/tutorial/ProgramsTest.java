// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.tutorial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.strongroom.conformance.databases.PostgresServer;
import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.fixture.TestCa;
import dev.strongroom.conformance.packaging.Launched;
import dev.strongroom.kms.CmkSpec;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's programs do what it says of them. */
@Tag("jar")
@SuppressWarnings("NullAway.Init") // JUnit calls what is marked @BeforeAll first
class ProgramsTest {
  private static final Set<String> NAMES =
      Set.of("TLS server", "PostgreSQL", "JWT", "files", "fields", "jars");

  @TempDir private static Path shared;
  private static TestCa ca;
  private static KmsHome home;

  private final Path folder;

  ProgramsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeAll
  static void makeKeys() throws Exception {
    ca = TestCa.ec();
    home = KmsHome.in(shared.resolve("home"));
    home.create(CmkSpec.SYMMETRIC_DEFAULT, "app");
    home.certified(CmkSpec.ECC_NIST_P256, "web", ca, "localhost", "127.0.0.1");
    home.certified(CmkSpec.ECC_NIST_P256, "client", ca, "app");
    home.create(CmkSpec.ECC_NIST_P256, "sign");
    home.put("sign", ca.issueForCode(home.privateKey("sign").publicKey(), "CN=Signer"));
  }

  @AfterAll
  static void close() {
    if (home != null) {
      home.close();
    }
  }

  private static Tutorial named(String name) throws IOException {
    return programs().stream()
        .filter(program -> program.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("The README has no program \"" + name + "\""));
  }

  private static List<Tutorial> programs() throws IOException {
    return Tutorial.of(Files.readString(Path.of("..", "README.md"))).stream()
        .filter(tutorial -> !tutorial.name().startsWith("block "))
        .toList();
  }

  private String run(Program program, Object... arguments) throws Exception {
    List<String> words = new ArrayList<>();
    for (Object argument : arguments) {
      words.add(argument.toString());
    }
    Launched run = Launched.run(folder, Map.of(), program.command(home.jvmOptions(), words));
    assertEquals(0, run.exitCode(), run.printed());
    return run.printed();
  }

  @Test
  void everyProgramIsTried() throws Exception {
    Set<String> found = new TreeSet<>();
    programs().forEach(program -> found.add(program.name()));

    assertEquals(new TreeSet<>(NAMES), found);
  }

  @Test
  void theTlsServerAnswers() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Program program = Program.compile(named("TLS server"), folder);
    Process server =
        new ProcessBuilder(program.command(home.jvmOptions(), List.of(Integer.toString(port))))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("server.log").toFile())
            .start();
    try {
      assertEquals("Hello\n", get(server, URI.create("https://127.0.0.1:" + port + "/")));
    } finally {
      server.destroyForcibly().waitFor();
    }
  }

  private String get(Process server, URI page) throws Exception {
    HttpClient client = HttpClient.newBuilder().sslContext(trustingTheCa()).build();
    long end = System.nanoTime() + 60_000_000_000L;
    while (true) {
      try {
        return client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString()).body();
      } catch (ConnectException notYet) {
        assertTrue(server.isAlive(), () -> log());
        assertTrue(System.nanoTime() < end, () -> log());
        Thread.sleep(50);
      }
    }
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("server.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static SSLContext trustingTheCa() throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("root", ca.root());
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, factory.getTrustManagers(), null);
    return tls;
  }

  @Test
  void postgresqlKnowsTheClientByItsCertificate() throws Exception {
    Program program = Program.compile(named("PostgreSQL"), folder, "postgresql-");
    try (PostgresServer server = PostgresServer.start(ca)) {
      assertEquals("connected as app", run(program, server.url(), server.root()));
    }
  }

  @Test
  void theTokenVerifies() throws Exception {
    Program program = Program.compile(named("JWT"), folder, "nimbus-jose-jwt-");

    SignedJWT token = SignedJWT.parse(run(program));

    ECPublicKey publicKey = (ECPublicKey) home.privateKey("sign").publicKey();
    assertTrue(token.verify(new ECDSAVerifier(publicKey)));
    assertEquals("alice", token.getJWTClaimsSet().getSubject());
  }

  @Test
  void theFileComesBack() throws Exception {
    byte[] content = "a long report ".repeat(100_000).getBytes(StandardCharsets.UTF_8);
    Path plain = Files.write(folder.resolve("plain"), content);
    Path encrypted = folder.resolve("encrypted");
    Path copy = folder.resolve("copy");

    run(Program.compile(named("files"), folder), plain, encrypted, copy);

    assertArrayEquals(content, Files.readAllBytes(copy));
    assertFalse(
        new String(Files.readAllBytes(encrypted), StandardCharsets.ISO_8859_1).contains("report"));
  }

  @Test
  void theFieldComesBack() throws Exception {
    String printed = run(Program.compile(named("fields"), folder));

    assertTrue(printed.endsWith(" characters hold 4111 1111 1111 1111"), printed);
  }

  @Test
  void theJarIsSigned() throws Exception {
    Path plain = folder.resolve("plain.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(plain))) {
      out.putNextEntry(new JarEntry("a.txt"));
      out.write(1);
      out.closeEntry();
    }
    Path signed = folder.resolve("signed.jar");

    run(Program.compile(named("jars"), folder), plain, signed);

    try (JarFile jar = new JarFile(signed.toFile(), true)) {
      JarEntry entry = jar.getJarEntry("a.txt");
      jar.getInputStream(entry).readAllBytes();
      assertEquals(1, entry.getCodeSigners().length);
    }
  }
}
