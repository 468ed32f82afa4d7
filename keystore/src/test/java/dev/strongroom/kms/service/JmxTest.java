// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.metrics.JmxRegistration;
import dev.strongroom.kms.metrics.KmsMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a KMS counts, asked for by JMX. */
class JmxTest {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final Path home;

  JmxTest(@TempDir Path home) {
    this.home = home;
  }

  private KmsFixture open(String folder, String settings) throws IOException {
    Path made = Files.createDirectories(home.resolve(folder));
    Files.writeString(made.resolve("strongroom.properties"), settings + "\n");
    return KmsFixture.in(made);
  }

  /** Returns the KMSs that are shown and have a name that begins like that. */
  private Set<String> shown(String name) throws JMException {
    return server.queryNames(new ObjectName("dev.strongroom:type=Kms,*"), null).stream()
        .filter(found -> ObjectName.unquote(quoted(found)).startsWith(name))
        .map(ObjectName::getCanonicalName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String quoted(ObjectName found) {
    String name = found.getKeyProperty("name");
    return name.startsWith("\"") ? name : ObjectName.quote(name);
  }

  private static void await(BooleanSupplier claim) throws InterruptedException {
    long start = System.nanoTime();
    while (!claim.getAsBoolean()) {
      assertTrue(System.nanoTime() - start < PATIENCE_NANOS, "waited in vain");
      System.gc();
      Thread.sleep(20);
    }
  }

  private int count(String name) {
    try {
      return shown(name).size();
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JmxRegistration registered(String name, KmsMXBean bean) {
    JmxRegistration registration = new JmxRegistration(name, bean, true);
    registration.open();
    return registration;
  }

  @Test
  void aKmsIsShownSoonAfterItIsOpenedAndUntilItIsClosed() throws Exception {
    try (KmsFixture fixture = open("a", "name=shown")) {
      await(() -> count("Strongroom-shown") == 1);
      fixture.kms().generateRandom(fixture.root(), 8);

      ObjectName name = new ObjectName("dev.strongroom:type=Kms,name=Strongroom-shown");
      TabularData operations = (TabularData) server.getAttribute(name, "Operations");
      CompositeData random =
          (CompositeData) operations.get(new Object[] {"GenerateRandom"}).get("value");
      assertEquals(1L, random.get("calls"));
      assertEquals(true, server.getAttribute(name, "JournalWritable"));
      assertEquals(home.resolve("a").toString(), server.getAttribute(name, "Home"));
    }

    assertEquals(Set.of(), shown("Strongroom-shown"));
  }

  @Test
  void everyAttributeCanBeRead() throws Exception {
    try (KmsFixture fixture = open("b", "name=whole")) {
      JmxRegistration registration = registered("whole", fixture.kms().metrics());
      ObjectName name = new ObjectName("dev.strongroom:type=Kms,name=whole");
      for (var attribute : server.getMBeanInfo(name).getAttributes()) {
        assertTrue(server.getAttribute(name, attribute.getName()) != null, attribute.getName());
      }
      registration.close();
    }
  }

  @Test
  void severalOfOneNameAreShownSideBySide() throws Exception {
    try (KmsFixture first = open("c", "name=same");
        KmsFixture second = open("d", "name=same")) {
      assertEquals(first.config().shownName(), second.config().shownName());
      await(() -> count("Strongroom-same") == 2);

      assertEquals(
          Set.of(
              "dev.strongroom:name=Strongroom-same,type=Kms",
              "dev.strongroom:instance=2,name=Strongroom-same,type=Kms"),
          shown("Strongroom-same"));
    }

    assertEquals(Set.of(), shown("Strongroom-same"));
  }

  @Test
  void anyNameCanBeShown() throws Exception {
    try (KmsFixture fixture = open("e", "name=x")) {
      String odd = "Strongroom-odd,name=*:\"?";
      JmxRegistration registration = registered(odd, fixture.kms().metrics());

      assertEquals(1, shown("Strongroom-odd,name=").size());
      registration.close();
      assertEquals(Set.of(), shown("Strongroom-odd"));
    }
  }

  @Test
  void whatWasClosedIsNotShownAnyMore() throws Exception {
    try (KmsFixture fixture = open("f", "name=x")) {
      JmxRegistration late = new JmxRegistration("late", fixture.kms().metrics(), true);
      late.close();
      late.open();

      assertEquals(Set.of(), shown("late"));
    }
  }

  @Test
  void aKmsThatIsForgottenUnclosedIsCollectedThoughItIsShown() throws Exception {
    KmsConfig config = KmsConfig.inHome(home.resolve("forgotten"));
    EmbeddedKms kms = KmsAssembly.open(config, () -> {});
    JmxRegistration registration = registered("forgotten", kms.metrics());
    WeakReference<EmbeddedKms> gone = new WeakReference<>(kms);
    kms = null;

    await(() -> gone.refersTo(null));
    assertEquals(1, shown("forgotten").size());
    registration.close();
  }

  @Test
  void whatIsKeptForNobodyIsNotShownAnyMore() throws Exception {
    try (KmsFixture fixture = open("k", "name=x")) {
      JmxRegistration registration = new JmxRegistration("kept", fixture.kms().metrics(), true);
      Keeper.Periods often =
          new Keeper.Periods(
              Duration.ofMillis(1),
              Duration.ofMillis(50),
              Duration.ofHours(1),
              Duration.ofHours(1));
      Keeper keeper =
          Keeper.start(new Keeper.Duties(() -> {}, () -> {}, () -> {}), often, registration);
      try {
        await(() -> count("kept") == 1);
      } finally {
        Reference.reachabilityFence(keeper);
      }
      keeper = null;

      await(() -> count("kept") == 0);
    }
  }

  @Test
  void theSettingKeepsItOutOfJmx() throws Exception {
    try (KmsFixture hidden = open("g", "name=hidden\njmx=false");
        KmsFixture later = open("h", "name=later")) {
      await(() -> count(later.config().shownName()) == 1);

      assertEquals(Set.of(), shown("Strongroom-hidden"));
      assertTrue(hidden.kms().metrics().getCalls() >= 0);
    }
  }

  @Test
  void anotherValueOfTheSettingIsRefused() {
    KmsException e = assertThrows(KmsException.Configuration.class, () -> open("i", "jmx=perhaps"));

    assertTrue(String.valueOf(e.getMessage()).contains("jmx"), e::toString);
  }
}
