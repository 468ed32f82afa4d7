// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Place;
import dev.strongroom.kms.audit.TrailFolders;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The settings of a KMS: which HSM, which store, which account. Immutable; holds no secret, only
 * where one is.
 *
 * <p>They come from a properties file: {@code -Dstrongroom.config=FILE}, or {@code
 * strongroom.properties} in the home, which is {@code -Dstrongroom.home}, or {@code
 * STRONGROOM_HOME}, or {@code ~/.strongroom}. Without a file everything has its default.
 */
public final class KmsConfig {
  private static final String FILE_NAME = "strongroom.properties";

  /** What settings begin with that say where another region is. */
  private static final String OTHER_REGION = "region.";

  private final Path home;
  private final Map<Setting, String> values;
  private final Map<String, String> regions;
  private final boolean temporary;

  private KmsConfig(Path home, Properties properties) {
    this(home, settings(properties), regions(properties), false);
  }

  private KmsConfig(
      Path home, Map<Setting, String> values, Map<String, String> regions, boolean temporary) {
    this.home = home;
    this.regions = Map.copyOf(regions);
    this.values = new EnumMap<>(Setting.class);
    this.values.putAll(values);
    this.temporary = temporary;
  }

  /**
   * Returns the settings that the system properties and the environment lead to.
   *
   * @throws KmsException.Configuration if the file cannot be read or has a setting that is not one
   */
  public static KmsConfig fromDefaults() {
    String file = System.getProperty("strongroom.config");
    return file == null ? inHome(defaultHome()) : fromFile(path("strongroom.config", file));
  }

  private static Path defaultHome() {
    String property = System.getProperty("strongroom.home", System.getenv("STRONGROOM_HOME"));
    return property == null || property.isEmpty()
        ? Path.of(System.getProperty("user.home"), ".strongroom")
        : path("strongroom.home", property);
  }

  /** Returns the settings of a home folder, with or without a file in it. */
  public static KmsConfig inHome(Path home) {
    Path file = home.resolve(FILE_NAME);
    return Files.exists(file)
        ? new KmsConfig(home.toAbsolutePath().normalize(), read(file))
        : new KmsConfig(home.toAbsolutePath().normalize(), new Properties());
  }

  /** Returns the settings of a file, whose folder is the home. */
  public static KmsConfig fromFile(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    Path folder = Optional.ofNullable(absolute.getParent()).orElse(absolute);
    return new KmsConfig(folder, read(absolute));
  }

  /** Makes a home of its own for a KMS that is gone, with the home, when it is closed. */
  public static KmsConfig temporary() {
    return temporary(TemporaryHome.create());
  }

  /** Returns the settings of a KMS that is gone when it is closed; {@code home} too. */
  static KmsConfig temporary(Path home) {
    return new KmsConfig(home, Map.of(Setting.STORE, "jdbc:sqlite::memory:"), Map.of(), true);
  }

  private static Properties read(Path file) {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(in);
    } catch (IOException | IllegalArgumentException e) {
      throw new KmsException.Configuration(
          "The settings file "
              + file
              + " cannot be read. Check that it exists, is text in UTF-8 and readable by this user.",
          e);
    }
    return properties;
  }

  private static Map<Setting, String> settings(Properties properties) {
    Map<Setting, String> values = new EnumMap<>(Setting.class);
    for (String name : properties.stringPropertyNames()) {
      if (!name.startsWith(OTHER_REGION)) {
        values.put(Setting.of(name), properties.getProperty(name).strip());
      }
    }
    return values;
  }

  private static Map<String, String> regions(Properties properties) {
    Map<String, String> regions = new HashMap<>();
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith(OTHER_REGION)) {
        regions.put(name.substring(OTHER_REGION.length()), properties.getProperty(name).strip());
      }
    }
    return regions;
  }

  /**
   * Returns the settings of another region; empty where these do not say where it is.
   *
   * @throws KmsException.Configuration if they cannot be read
   */
  Optional<KmsConfig> region(String name) {
    String text = regions.get(name);
    if (text == null) {
      return Optional.empty();
    }
    Path place = home.resolve(path(OTHER_REGION + name, text.replace("${home}", home.toString())));
    return Optional.of(Files.isDirectory(place) ? inHome(place) : fromFile(place));
  }

  private static Path path(String what, String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new KmsException.Configuration(
          what + " is not a path: \"" + text + "\". Name a file or folder.", e);
    }
  }

  String value(Setting setting) {
    String text = values.getOrDefault(setting, setting.defaultValue());
    return text.replace("${home}", home.toString());
  }

  boolean isDefault(Setting setting) {
    return !values.containsKey(setting);
  }

  public Path home() {
    return home;
  }

  /** Returns the name of the instance; empty for the one that is just called Strongroom. */
  public String name() {
    return value(Setting.NAME);
  }

  /** Returns what the instance is called where there may be others beside it. */
  public String shownName() {
    return name().isEmpty() ? "Strongroom" : "Strongroom-" + name();
  }

  /** Returns the JDBC URL of the store. */
  public String store() {
    return value(Setting.STORE);
  }

  /** Returns the URI of the HSM. */
  public String hsm() {
    return value(Setting.HSM);
  }

  /** Returns the folder of the audit journals. */
  public Path audit() {
    return path(Setting.AUDIT.key(), value(Setting.AUDIT));
  }

  /** Returns the folder that has the journals once more; empty if none has. */
  public Optional<Path> secondAudit() {
    String text = value(Setting.AUDIT_SECOND);
    return text.isEmpty() ? Optional.empty() : Optional.of(path(Setting.AUDIT_SECOND.key(), text));
  }

  /** Returns where the journals are. */
  TrailFolders trailFolders() {
    try {
      return new TrailFolders(audit(), secondAudit());
    } catch (IllegalArgumentException e) {
      throw new KmsException.Configuration("The setting audit.second: " + e.getMessage(), e);
    }
  }

  /** Returns the folder that backups are written to. */
  public Path backupFolder() {
    return path(Setting.BACKUP_FOLDER.key(), value(Setting.BACKUP_FOLDER));
  }

  /**
   * @throws KmsException.Configuration if one of the settings of backups is out of its bounds
   */
  void requireBackupSettings() {
    backupInterval();
    backupRetention();
    backupsKept();
  }

  /** Returns how old the newest backup may become; empty where none is made by itself. */
  Optional<Duration> backupInterval() {
    return value(Setting.BACKUP_INTERVAL).isEmpty()
        ? Optional.empty()
        : Optional.of(Duration.ofHours(number(Setting.BACKUP_INTERVAL, 1, 24 * 31)));
  }

  /** Returns how long backups are kept: AWS CloudHSM's bounds. */
  Duration backupRetention() {
    return Duration.ofDays(number(Setting.BACKUP_RETENTION, 7, 379));
  }

  /** Returns how many backups are kept, however old they are. */
  int backupsKept() {
    return number(Setting.BACKUP_KEEP, 1, 1000);
  }

  private int number(Setting setting, int least, int most) {
    String text = value(setting);
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // refused as every other text
    }
    throw oneOf(setting, text, "a number from " + least + " to " + most);
  }

  /** Returns who can restore a backup, and the embedded domain key with it, without its file. */
  List<PublicKey> backupRecipients() {
    return Stream.of(value(Setting.BACKUP_RECIPIENTS).split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .map(name -> PemKeys.publicKey(home.resolve(path(Setting.BACKUP_RECIPIENTS.key(), name))))
        .toList();
  }

  /** Returns the region and account of new keys. */
  public Place place() {
    try {
      return new Place(value(Setting.REGION), value(Setting.ACCOUNT));
    } catch (IllegalArgumentException e) {
      throw new KmsException.Configuration(String.valueOf(e.getMessage()), e);
    }
  }

  /** Returns the weaknesses of a module that are put up with, by name. */
  Set<String> acceptedWeaknesses() {
    return Stream.of(value(Setting.HSM_ACCEPT).split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Returns how many tokens have to have the domain key before keys are made, 1 to 16. */
  int minDomainKeyCopies() {
    String text = value(Setting.MIN_DOMAIN_KEY_COPIES);
    if (text.matches("[1-9]|1[0-6]")) {
      return Integer.parseInt(text);
    }
    throw oneOf(Setting.MIN_DOMAIN_KEY_COPIES, text, "a number from 1 to 16");
  }

  WrapPolicy wrapPolicy() {
    String text = value(Setting.WRAP_POLICY);
    try {
      return WrapPolicy.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw oneOf(Setting.WRAP_POLICY, text, "open, strict or trusted");
    }
  }

  /** Returns who keeps copies of the checkpoints of the audit trail. */
  Witness witness() {
    String text = value(Setting.AUDIT_WITNESS);
    if (text.isEmpty()) {
      return Witness.NONE;
    }
    String command = "command:";
    return text.startsWith(command)
        ? Witness.command(path(Setting.AUDIT_WITNESS.key(), text.substring(command.length())))
        : Witness.folder(path(Setting.AUDIT_WITNESS.key(), text));
  }

  /** Returns whether each audit record goes to disk before its call returns. */
  boolean syncsAlways() {
    String text = value(Setting.AUDIT_SYNC);
    return switch (text) {
      case "batch" -> false;
      case "always" -> true;
      default -> throw oneOf(Setting.AUDIT_SYNC, text, "batch or always");
    };
  }

  /** Returns whether data keys are drawn from the HSM and not from the operating system. */
  boolean drawsFromHsm() {
    String text = value(Setting.RANDOM);
    return switch (text) {
      case "system" -> false;
      case "hsm" -> true;
      default -> throw oneOf(Setting.RANDOM, text, "system or hsm");
    };
  }

  /**
   * Returns whether every data key and IV is drawn from the system when it is needed, for platforms
   * that copy a running process without telling it.
   */
  boolean isSnapshotSafe() {
    return isTrue(Setting.SNAPSHOT_SAFE);
  }

  /** Returns whether JMX shows what the KMS counts. */
  boolean isShownByJmx() {
    return isTrue(Setting.JMX);
  }

  private boolean isTrue(Setting setting) {
    String text = value(setting);
    return switch (text) {
      case "false" -> false;
      case "true" -> true;
      default -> throw oneOf(setting, text, "true or false");
    };
  }

  /** Returns whether keys that were made elsewhere may be brought in. */
  boolean allowsImport() {
    String text = value(Setting.IMPORT);
    return switch (text) {
      case "deny" -> false;
      case "allow" -> true;
      default -> throw oneOf(Setting.IMPORT, text, "deny or allow");
    };
  }

  private static KmsException oneOf(Setting setting, String text, String allowed) {
    return new KmsException.Configuration(
        "The setting " + setting.key() + " is \"" + text + "\"; it can be " + allowed + ".", null);
  }

  /** Returns whether the KMS goes with the process. */
  boolean isTemporary() {
    return temporary;
  }

  /**
   * Returns whether a KMS that is not there yet is made at its first use: the default that needs
   * nothing installed. With a store or an HSM of one's own {@code init} has to be run, so that a
   * wrong setting is an error and not a second KMS.
   */
  boolean isMadeAtFirstUse() {
    return temporary || (isDefault(Setting.STORE) && isDefault(Setting.HSM));
  }

  /** Returns the file that {@code init} writes the root access key to. */
  public Path credentialsFile() {
    return home.resolve("credentials");
  }

  /**
   * Reads the access key of the settings, the environment or the credentials file, in this order.
   * The caller closes it.
   */
  public Optional<Credentials> credentials() {
    return CredentialSources.read(this);
  }

  /** Two are equal when they lead to the same KMS. */
  @Override
  public boolean equals(Object other) {
    return other instanceof KmsConfig config
        && home.equals(config.home)
        && values.equals(config.values)
        && regions.equals(config.regions);
  }

  @Override
  public int hashCode() {
    return 31 * home.hashCode() + values.hashCode();
  }

  @Override
  public String toString() {
    return "KmsConfig[" + home + "]";
  }
}
