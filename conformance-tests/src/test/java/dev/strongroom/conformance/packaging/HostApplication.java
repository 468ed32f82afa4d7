// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.packaging;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.crypto.Cipher;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Somebody's application, with a Bouncy Castle, a JNA and database drivers of its own, that starts
 * to use Strongroom. Prints what it sees, a line each; {@code HostApplicationTest} compares.
 */
final class HostApplication {

  /** A function of the C library, by the application's own JNA. */
  interface CLibrary extends Library {
    int getpid();
  }

  private HostApplication() {}

  public static void main(String[] args) throws Exception {
    print("drivers.before", drivers());
    print("providers.before", providers());

    useStrongroom();

    print("drivers.after", drivers());
    print("providers.after", providers());
    useOwnLibraries();
  }

  private static void useStrongroom() throws Exception {
    Provider strongroom =
        ServiceLoader.load(Provider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(provider -> provider.getName().equals("Strongroom"))
            .findFirst()
            .orElseThrow();
    KeyStore kms = KeyStore.getInstance("KMS", strongroom);
    kms.load(null, null);
    print("aliases", String.valueOf(kms.size()));
    Cipher cipher = Cipher.getInstance("Kms", strongroom);
    cipher.init(Cipher.ENCRYPT_MODE, kms.getKey("app", null));
    byte[] blob = cipher.doFinal("secret".getBytes(StandardCharsets.UTF_8));
    cipher.init(Cipher.DECRYPT_MODE, kms.getKey("app", null));
    print("decrypted", new String(cipher.doFinal(blob), StandardCharsets.UTF_8));
    print("strongroom", strongroom.getClass().getProtectionDomain().getCodeSource().getLocation());
  }

  private static void useOwnLibraries() throws Exception {
    BouncyCastleProvider bouncyCastle = new BouncyCastleProvider();
    print("bouncycastle", bouncyCastle.getVersionStr());
    Cipher cipher = Cipher.getInstance("AES/EAX/NoPadding", bouncyCastle);
    cipher.init(
        Cipher.ENCRYPT_MODE,
        javax.crypto.KeyGenerator.getInstance("AES").generateKey(),
        new SecureRandom());
    print("bouncycastle.eax", cipher.doFinal(new byte[3]).length);

    boolean same = Native.load("c", CLibrary.class).getpid() == ProcessHandle.current().pid();
    print("jna", Native.class.getProtectionDomain().getCodeSource().getLocation());
    print("jna.works", same);

    try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement statement = sqlite.createStatement();
        ResultSet row = statement.executeQuery("SELECT sqlite_version()")) {
      print("sqlite", row.getString(1));
    }
    Driver postgres = DriverManager.getDriver("jdbc:postgresql://localhost/none");
    print("postgresql", postgres.getClass().getName() + " " + version(postgres));
  }

  private static String version(Driver driver) throws SQLException {
    return driver.getMajorVersion() + "." + driver.getMinorVersion();
  }

  private static String drivers() {
    return DriverManager.drivers()
        .map(driver -> driver.getClass().getName())
        .collect(Collectors.toCollection(TreeSet::new))
        .toString();
  }

  private static String providers() {
    return Arrays.stream(Security.getProviders()).map(Provider::getName).toList().toString();
  }

  private static void print(String name, Object value) {
    System.out.println(name + "=" + value);
  }
}
