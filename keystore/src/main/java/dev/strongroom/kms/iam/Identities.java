// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.storage.AccessKeyRow;
import dev.strongroom.kms.storage.KeyStorage;
import dev.strongroom.kms.storage.KeyStorage.UserRow;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The users and access keys of one account, and the callers that they authenticate as.
 *
 * <p>A caller is valid for as long as its access key is active; {@link #isLive} tells at the cost
 * of a look into a set, and notices of the store keep that set true. Thread-safe.
 */
public final class Identities {
  private static final Pattern USER_NAME = Pattern.compile("[\\w+=,.@-]{1,64}");
  private static final Pattern ACCESS_KEY_ID = Pattern.compile("[A-Z0-9]{16,128}");
  private static final String ROOT_NAME = "";

  /** An id that no access key has: ids are drawn without 0 and 1. */
  private static final String NOBODY = "AKIA0000000000000000";

  private final KeyStorage storage;
  private final String account;
  private final AccessKeySecrets secrets;
  private final Clock clock;

  /** Only callers that carry it are ours. */
  private final Object issuer;

  private final AtomicLong changes = new AtomicLong();
  private final Set<String> issued = ConcurrentHashMap.newKeySet();
  private volatile Live live = new Live(0, Set.of());
  private volatile @Nullable String decoy;

  /** The access keys that were active when {@link #changes} was {@code asOf}. */
  private record Live(long asOf, Set<String> accessKeyIds) {}

  /**
   * Listens to {@code storage} from now on.
   *
   * @param issuer what only this KMS has; callers that an earlier object of the same issuer
   *     authenticated are good here, too
   */
  public Identities(
      KeyStorage storage, String account, AccessKeySecrets secrets, Object issuer, Clock clock) {
    this.storage = storage;
    this.issuer = issuer;
    this.account = account;
    this.secrets = secrets;
    this.clock = clock;
    storage.onChange(
        (keys, identities) -> {
          if (identities) {
            changes.incrementAndGet();
          }
        });
  }

  /**
   * Makes a new user.
   *
   * @param name 1 to 64 letters, digits or characters of {@code _+=,.@-}
   * @throws KmsException.Validation if it is not
   * @throws KmsException.AlreadyExists if there is one of that name
   */
  public UserRow createUser(String name) {
    if (!USER_NAME.matcher(name).matches()) {
      throw new KmsException.Validation(
          "Not a user name: \""
              + name
              + "\". Use 1 to 64 letters, digits or characters of _+=,.@- such as \"alice\".");
    }
    UserRow user = new UserRow(account, name, secrets.newId("AIDA"), clock.instant());
    storage.createUser(user);
    return user;
  }

  public Optional<UserRow> findUser(String name) {
    return storage.findUser(account, name);
  }

  public List<UserRow> listUsers() {
    return storage.listUsers(account);
  }

  /**
   * Makes a new access key; the account root has one from initialisation on.
   *
   * @param userName empty for the account root
   * @return the only copy of the secret; the receiver destroys it
   * @throws KmsException.NotFound if there is no such user
   * @throws KmsException.LimitExceeded if the user has {@value KeyStorage#ACCESS_KEYS_PER_USER}
   */
  public IssuedAccessKey createAccessKey(String userName) {
    return createAccessKey(userName, key -> {});
  }

  /**
   * Makes a new access key.
   *
   * @param before is given the key before it is in the store, and so before it works
   */
  public IssuedAccessKey createAccessKey(String userName, Consumer<IssuedAccessKey> before) {
    String id = secrets.newId("AKIA");
    char[] secret = secrets.newSecret();
    IssuedAccessKey key = new IssuedAccessKey(id, userName, secret);
    boolean stored = false;
    try {
      byte[] verifier = secrets.verifier(id, secret);
      before.accept(key);
      storage.createAccessKey(
          new AccessKeyRow(id, account, userName, verifier, true, clock.instant()));
      stored = true;
      return key;
    } finally {
      if (!stored) {
        key.destroy();
      }
    }
  }

  public List<AccessKeyRow> listAccessKeys(String userName) {
    return storage.listAccessKeys(account, userName);
  }

  /**
   * Lets an access key work, or stops it and all callers that it authenticated: in this process
   * before this returns, in others within 100 ms.
   *
   * @throws KmsException.NotFound if there is no such access key
   */
  public void updateAccessKey(String accessKeyId, boolean active) {
    storage.updateAccessKey(accessKeyId, active);
  }

  /**
   * Returns a new caller for an access key. An unknown id takes the same work as a known one, and
   * the failures do not differ.
   *
   * @param secret left intact
   * @throws KmsException.UnrecognizedClient if the id is unknown, the secret is wrong or the access
   *     key is inactive
   */
  public Caller authenticate(String accessKeyId, char[] secret) {
    boolean wellFormed = ACCESS_KEY_ID.matcher(accessKeyId).matches();
    long asOf = changes.get();
    Optional<AccessKeyRow> found = lookUp(wellFormed ? accessKeyId : NOBODY);
    byte[] expected = found.map(AccessKeyRow::verifier).orElseGet(() -> new byte[32]);
    byte[] actual = secrets.verifier(wellFormed ? accessKeyId : NOBODY, secret);
    boolean right = MessageDigest.isEqual(expected, actual);
    AccessKeyRow key = found.orElse(null);
    if (key == null || !right || !key.isActive()) {
      throw new KmsException.UnrecognizedClient();
    }
    remember(accessKeyId, asOf);
    return key.userName().equals(ROOT_NAME)
        ? Caller.root(issuer, key.account(), accessKeyId)
        : Caller.user(issuer, key.account(), key.userName(), accessKeyId);
  }

  /** Always one search that finds and one that does not, whatever is asked for. */
  private Optional<AccessKeyRow> lookUp(String accessKeyId) {
    Optional<AccessKeyRow> found = storage.findAccessKey(accessKeyId);
    storage.findAccessKey(found.isPresent() ? NOBODY : decoy());
    return found;
  }

  private String decoy() {
    String known = decoy;
    if (known == null) {
      known =
          storage.listAccessKeys(account, ROOT_NAME).stream()
              .map(AccessKeyRow::accessKeyId)
              .findFirst()
              .orElse(NOBODY);
      decoy = known.equals(NOBODY) ? null : known;
    }
    return known;
  }

  /**
   * Adds what was active when {@link #changes} was {@code asOf}. If there was a change since, the
   * set is thrown away instead, and the next look makes it anew from the store.
   */
  private synchronized void remember(String accessKeyId, long asOf) {
    issued.add(accessKeyId);
    Set<String> ids = new HashSet<>(live.accessKeyIds());
    ids.add(accessKeyId);
    boolean current = live.asOf() == asOf && changes.get() == asOf;
    live = current ? new Live(asOf, Set.copyOf(ids)) : new Live(-1, Set.of());
  }

  /**
   * Returns whether a caller was authenticated by this issuer and its access key is still active.
   * Reads the store only after users or access keys were changed.
   *
   * @throws KmsException.StoreUnavailable if that cannot be known now; the call must then fail
   */
  public boolean isLive(Caller caller) {
    if (!caller.isIssuedBy(issuer)) {
      return false;
    }
    Live now = live;
    if (now.asOf() != changes.get()) {
      now = refresh();
    }
    return now.accessKeyIds().contains(caller.accessKeyId())
        || (!issued.contains(caller.accessKeyId()) && isActive(caller));
  }

  /** Looks after a caller that was authenticated before this object was made. */
  private boolean isActive(Caller caller) {
    long asOf = changes.get();
    Optional<AccessKeyRow> found = storage.findAccessKey(caller.accessKeyId());
    boolean active = found.filter(AccessKeyRow::isActive).isPresent();
    if (active) {
      remember(caller.accessKeyId(), asOf);
    } else {
      issued.add(caller.accessKeyId());
    }
    return active;
  }

  private synchronized Live refresh() {
    long asOf = changes.get();
    if (live.asOf() != asOf) {
      Set<String> active = new HashSet<>();
      for (String id : issued) {
        storage
            .findAccessKey(id)
            .filter(AccessKeyRow::isActive)
            .ifPresent(key -> active.add(key.accessKeyId()));
      }
      live = new Live(asOf, Set.copyOf(active));
    }
    return live;
  }
}
