// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CanonicalEncoding;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.storage.AccessKeyRow;
import dev.strongroom.kms.storage.KeyStorage;
import dev.strongroom.kms.storage.KeyStorage.UserRow;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Authenticates callers and makes users and access keys.
 *
 * <p>A secret has 256 random bits. The store keeps a verifier, {@code F(kdf,
 * strongroom/1/access-key, SHA-256(enc(access key id, secret)))}: no password hash is needed
 * against guessing, and a copy of the store without the domain key lets nobody try. Thread-safe.
 */
public final class Identities {
  private static final int SECRET_BYTES = 32;
  private static final int ID_CHARS = 16;
  private static final String ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final char[] SECRET_ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".toCharArray();
  private static final int MAX_ACCESS_KEYS = 2;
  private static final Pattern USER_NAME = Pattern.compile("[\\w+=,.@-]{1,64}");
  private static final String ROOT = "";

  private final KeyStorage storage;
  private final UnaryOperator<byte[]> verifierOf;
  private final SecureRandom random;
  private final Clock clock;
  private final Object issuer = new Object();
  private final Set<String> inactive = ConcurrentHashMap.newKeySet();
  private final Set<String> issued = ConcurrentHashMap.newKeySet();

  /**
   * Makes the identities of a store.
   *
   * @param verifierOf a MAC under a key of the HSM, over 32 bytes
   */
  public Identities(
      KeyStorage storage, UnaryOperator<byte[]> verifierOf, SecureRandom random, Clock clock) {
    this.storage = storage;
    this.verifierOf = verifierOf;
    this.random = random;
    this.clock = clock;
    storage.onChange(
        (keys, identities) -> {
          if (identities) {
            recheck();
          }
        });
  }

  /**
   * Authenticates an access key.
   *
   * @param secret left intact
   * @throws KmsException.UnrecognizedClient if the pair is not valid; not said why
   */
  public Caller authenticate(String accessKeyId, char[] secret) {
    Optional<AccessKeyRow> row = storage.findAccessKey(accessKeyId);
    // The verifier is made for an unknown id as well, so that the time does not tell.
    byte[] verifier = verifier(accessKeyId, secret);
    byte[] expected = row.map(AccessKeyRow::verifier).orElseGet(() -> new byte[verifier.length]);
    boolean matches = MessageDigest.isEqual(verifier, expected);
    if (row.isEmpty() || !matches || !row.get().isActive()) {
      throw new KmsException.UnrecognizedClient();
    }
    issued.add(accessKeyId);
    return caller(row.get());
  }

  private Caller caller(AccessKeyRow row) {
    return row.userName().equals(ROOT)
        ? Caller.root(issuer, row.account(), row.accessKeyId())
        : Caller.user(issuer, row.account(), row.userName(), row.accessKeyId());
  }

  /** Returns whether the caller was authenticated here and its access key is still active. */
  public boolean isLive(Caller caller) {
    return caller.isIssuedBy(issuer)
        && (inactive.isEmpty() || !inactive.contains(caller.accessKeyId()));
  }

  /** Looks again at the access keys that callers of this process hold. */
  private void recheck() {
    for (String accessKeyId : issued) {
      boolean active = storage.findAccessKey(accessKeyId).map(AccessKeyRow::isActive).orElse(false);
      if (active) {
        inactive.remove(accessKeyId);
      } else {
        inactive.add(accessKeyId);
      }
    }
  }

  /**
   * Makes a user.
   *
   * @throws KmsException.Validation if the name is not one
   * @throws KmsException.AlreadyExists if there is one of that name
   */
  public void createUser(String account, String name) {
    if (!USER_NAME.matcher(name).matches()) {
      throw new KmsException.Validation(
          "Not a user name: \""
              + name
              + "\". Use 1 to 64 letters, digits and any of _ + = , . @ - , for example \"alice\".");
    }
    storage.createUser(new UserRow(account, name, "AIDA" + randomId(), now()));
  }

  public List<String> listUsers(String account) {
    return storage.listUsers(account).stream().map(UserRow::name).toList();
  }

  /** Makes an access key for a user, who has at most two. The caller closes it. */
  public IssuedAccessKey createAccessKey(String account, String userName) {
    if (storage.findUser(account, userName).isEmpty()) {
      throw new KmsException.NotFound(
          "There is no user \""
              + userName
              + "\". Run 'iam create-user --user-name "
              + userName
              + "' first.");
    }
    return issue(account, userName);
  }

  /** Makes an access key for the account root, who has at most two. The caller closes it. */
  public IssuedAccessKey createRootAccessKey(String account) {
    return issue(account, ROOT);
  }

  public boolean hasRootAccessKey(String account) {
    return !storage.listAccessKeys(account, ROOT).isEmpty();
  }

  private IssuedAccessKey issue(String account, String userName) {
    if (storage.listAccessKeys(account, userName).size() >= MAX_ACCESS_KEYS) {
      throw new KmsException.LimitExceeded(
          "There are two access keys already, the most that one can have. Delete one first.");
    }
    String accessKeyId = "AKIA" + randomId();
    char[] secret = randomSecret();
    storage.createAccessKey(
        new AccessKeyRow(
            accessKeyId, account, userName, verifier(accessKeyId, secret), true, now()));
    return new IssuedAccessKey(accessKeyId, secret);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private byte[] verifier(String accessKeyId, char[] secret) {
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(secret));
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    try {
      byte[] hash = new CanonicalEncoding().add(accessKeyId).add(bytes).sha256();
      return verifierOf.apply(hash);
    } finally {
      Arrays.fill(bytes, (byte) 0);
      encoded.clear();
      while (encoded.hasRemaining()) {
        encoded.put((byte) 0);
      }
    }
  }

  private String randomId() {
    StringBuilder id = new StringBuilder(ID_CHARS);
    for (int i = 0; i < ID_CHARS; i++) {
      id.append(ID_ALPHABET.charAt(random.nextInt(ID_ALPHABET.length())));
    }
    return id.toString();
  }

  /** Returns 43 characters of 6 random bits each: a little more than 256 bits. */
  private char[] randomSecret() {
    byte[] drawn = new byte[SECRET_BYTES * 8 / 6 + 1];
    random.nextBytes(drawn);
    char[] secret = new char[drawn.length];
    for (int i = 0; i < drawn.length; i++) {
      secret[i] = SECRET_ALPHABET[drawn[i] & 63];
    }
    Arrays.fill(drawn, (byte) 0);
    return secret;
  }
}
