// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.embedded;

import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.HsmInfo;
import dev.strongroom.hsm.HsmUri;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.transport.DomainKeyCarrier;
import dev.strongroom.hsm.transport.DomainKeyReceiver;
import dev.strongroom.hsm.transport.DomainKeyShipment;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The default without an HSM: domain keys in a PKCS#12 file, sealed by a passphrase.
 *
 * <p>Without a source for the passphrase one is generated into a file beside it. That protects
 * copies of the database, not copies of the folder. Thread-safe; several JVMs may share the file.
 */
public final class EmbeddedHsm implements DomainKeyCarrier {
  private static final int MAX_RANDOM = 65_536;

  private final @Nullable Pkcs12File file;
  private final @Nullable Passphrase passphrase;
  private final SecureRandom random = new SecureRandom();
  private final Map<DomainKeyId, EmbeddedDomainKey> keys = new ConcurrentHashMap<>();
  private volatile boolean closed;

  private EmbeddedHsm(@Nullable Pkcs12File file, @Nullable Passphrase passphrase) {
    this.file = file;
    this.passphrase = passphrase;
  }

  /** Opens the file, which is made with the first domain key. */
  public static EmbeddedHsm open(HsmUri.Embedded uri) {
    Passphrase passphrase = Passphrase.of(uri);
    Pkcs12File file = new Pkcs12File(uri.path(), new SecureRandom());
    return new EmbeddedHsm(file, passphrase);
  }

  /** Returns one whose domain keys are in memory only and gone when it is closed: for tests. */
  public static EmbeddedHsm inMemory() {
    return new EmbeddedHsm(null, null);
  }

  @Override
  public HsmInfo info() {
    Set<BackingKeySpec> secrets = EnumSet.allOf(BackingKeySpec.class);
    secrets.removeIf(spec -> !spec.isSecret());
    return new HsmInfo(
        false,
        "Strongroom",
        "embedded domain key",
        "-",
        file == null ? "in memory" : file.toString(),
        "Java " + Runtime.version().feature(),
        secrets,
        Set.of(WrapPolicy.OPEN),
        Set.of(),
        List.of());
  }

  @Override
  public DomainKey createDomainKey(DomainKeyId id, WrapPolicy policy) {
    requireOpen();
    requireKept(policy);
    return add(id, DomainSecrets.generate(random));
  }

  private static void requireKept(WrapPolicy policy) {
    if (policy != WrapPolicy.OPEN) {
      throw new HsmException.Unsupported(
          "The embedded domain key cannot keep the wrap policy "
              + policy
              + ": a file has no attributes that bind. Use wrap-policy=open, or a PKCS#11 token.");
    }
  }

  /** Takes ownership of {@code secrets}. */
  private DomainKey add(DomainKeyId id, DomainSecrets secrets) {
    if (keys.containsKey(id)) {
      throw new HsmException.AlreadyExists("Domain key " + id + " is there already.");
    }
    byte[] content = secrets.encode(id);
    try {
      return keep(id, secrets, content);
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  @Override
  public DomainKeyShipment createForTransport(
      DomainKeyId id, WrapPolicy policy, List<byte[]> receivers) {
    requireOpen();
    requireKept(policy);
    DomainSecrets secrets = DomainSecrets.generate(random);
    try {
      return EmbeddedTransport.send(id, secrets, receivers, random);
    } finally {
      secrets.wipe();
    }
  }

  @Override
  public DomainKeyShipment export(DomainKeyId id, List<byte[]> receivers) {
    if (findDomainKey(id).isEmpty()) {
      throw new HsmException.Unavailable(
          "There is no domain key " + id + " in " + file + ".", null);
    }
    EmbeddedDomainKey found = Objects.requireNonNull(keys.get(id));
    return EmbeddedTransport.send(id, found.open(), receivers, random);
  }

  @Override
  public List<DomainKeyReceiver> openReceivers(DomainKeyId id) {
    return findDomainKey(id).isPresent()
        ? List.of()
        : List.of(new EmbeddedTransport(info().label(), this::add, this::destroyDomainKey));
  }

  @Override
  public Optional<DomainKey> findDomainKey(DomainKeyId id) {
    requireOpen();
    EmbeddedDomainKey known = keys.get(id);
    if (known != null || file == null || passphrase == null || !file.exists()) {
      return Optional.ofNullable(known);
    }
    char[] chars = passphrase.read();
    try {
      return file.read(id, chars).map(content -> keep(id, content));
    } finally {
      Arrays.fill(chars, '\0');
    }
  }

  private DomainKey keep(DomainKeyId id, byte[] content) {
    try {
      DomainSecrets secrets = DomainSecrets.decode(id, content);
      EmbeddedDomainKey made = new EmbeddedDomainKey(id, secrets, random);
      EmbeddedDomainKey other = keys.putIfAbsent(id, made);
      if (other != null) {
        made.close();
      }
      return other == null ? made : other;
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  /**
   * Returns one version of a domain key in clear, for a backup that recipients alone can open. The
   * caller zeroes it.
   *
   * @throws HsmException.Unavailable if there is no such version
   */
  public byte[] exportDomainKey(DomainKeyId id) {
    if (findDomainKey(id).isEmpty()) {
      throw new HsmException.Unavailable("There is no domain key " + id + " to be copied.", null);
    }
    return Objects.requireNonNull(keys.get(id)).export();
  }

  /**
   * Takes over what {@link #exportDomainKey} returned; does nothing where that is there already.
   *
   * @param content left intact
   * @throws HsmException.AlreadyExists if there is another one of that name
   * @throws HsmException.Untrustworthy if it is not of that name
   */
  public void importDomainKey(DomainKeyId id, byte[] content) {
    DomainSecrets secrets = DomainSecrets.decode(id, content);
    if (findDomainKey(id).isPresent()) {
      requireSame(id, content);
      secrets.wipe();
      return;
    }
    keep(id, secrets, content);
  }

  private void requireSame(DomainKeyId id, byte[] content) {
    byte[] known = exportDomainKey(id);
    boolean isSame = MessageDigest.isEqual(known, content);
    Arrays.fill(known, (byte) 0);
    if (!isSame) {
      throw new HsmException.AlreadyExists("Another domain key " + id + " is there already.");
    }
  }

  /** Writes secrets into the file, where there is one. */
  private EmbeddedDomainKey keep(DomainKeyId id, DomainSecrets secrets, byte[] content) {
    if (file != null && passphrase != null) {
      char[] chars = passphrase.readOrGenerate(file.exists());
      try {
        file.add(id, content, chars, passphrase.iterations(chars));
      } finally {
        Arrays.fill(chars, '\0');
      }
    }
    EmbeddedDomainKey key = new EmbeddedDomainKey(id, secrets, random);
    keys.put(id, key);
    return key;
  }

  @Override
  public void destroyDomainKey(DomainKeyId id) {
    requireOpen();
    if (file != null) {
      file.remove(id);
    }
    EmbeddedDomainKey known = keys.remove(id);
    if (known != null) {
      known.close();
    }
  }

  @Override
  public byte[] random(int length) {
    requireOpen();
    if (length < 1 || length > MAX_RANDOM) {
      throw new IllegalArgumentException("1 to 65536 random bytes, not " + length + ".");
    }
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private void requireOpen() {
    if (closed) {
      throw new HsmException.Unavailable("The embedded domain key was closed.", null);
    }
  }

  @Override
  public void close() {
    closed = true;
    keys.values().forEach(EmbeddedDomainKey::close);
    keys.clear();
  }
}
