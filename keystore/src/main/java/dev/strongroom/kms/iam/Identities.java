// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.storage.AccessKeyRow;
import dev.strongroom.kms.storage.KeyStorage;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates access keys, and knows which callers may still call.
 *
 * <p>A caller is valid for as long as its access key is active; {@link #isLive} tells at the cost
 * of a look into a set, and notices of the store keep that set true. Sessions of roles are what
 * {@link RoleSessions} says. Thread-safe.
 */
public final class Identities {
  private static final Pattern ACCESS_KEY_ID = Pattern.compile("[A-Z0-9]{16,128}");
  private static final String ROOT_NAME = "";

  /** An id that no access key has: ids are drawn without 0 and 1. */
  private static final String NOBODY = "AKIA0000000000000000";

  private final KeyStorage storage;
  private final String account;
  private final AccessKeySecrets secrets;

  /** Only callers that carry it are ours. */
  private final Object issuer;

  private final AtomicLong changes = new AtomicLong();
  private final AccessKeyUses uses;
  private final RoleSessions sessions;
  private final Set<String> issued = ConcurrentHashMap.newKeySet();
  private volatile Live live = new Live(0, Map.of());
  private volatile @Nullable String decoy;

  /** The access keys that were active when {@link #changes} was {@code asOf}. */
  private record Live(long asOf, Map<String, AccessKeyUses.Use> accessKeys) {}

  /**
   * Listens to {@code storage} from now on.
   *
   * @param issuer what only this KMS has; callers that an earlier object of the same issuer
   *     authenticated are good here, too
   */
  public Identities(
      KeyStorage storage,
      String account,
      AccessKeySecrets secrets,
      AccessKeyUses uses,
      RoleSessions sessions,
      Object issuer) {
    this.storage = storage;
    this.issuer = issuer;
    this.account = account;
    this.secrets = secrets;
    this.uses = uses;
    this.sessions = sessions;
    storage.onChange(
        (keys, identities) -> {
          if (identities) {
            changes.incrementAndGet();
          }
        });
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

  /**
   * Returns a new caller for the access key of a session, as {@link #authenticate(String, char[])}.
   *
   * @param sessionToken what AssumeRole gave; empty for an access key that is no session's
   * @throws KmsException.ExpiredToken if the session is over
   */
  public Caller authenticate(String accessKeyId, char[] secret, String sessionToken) {
    return sessionToken.isEmpty()
        ? authenticate(accessKeyId, secret)
        : sessions.authenticate(accessKeyId, secret, sessionToken);
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
    Map<String, AccessKeyUses.Use> keys = new HashMap<>(live.accessKeys());
    keys.put(accessKeyId, uses.of(accessKeyId));
    boolean current = live.asOf() == asOf && changes.get() == asOf;
    live = current ? new Live(asOf, Map.copyOf(keys)) : new Live(-1, Map.of());
  }

  /**
   * Returns whether a caller was authenticated by this issuer and its access key is still active.
   * Reads the store only after users or access keys were changed.
   *
   * @param service the service that is called, whose use is noted
   * @throws KmsException.StoreUnavailable if that cannot be known now; the call must then fail
   */
  public boolean isLive(Caller caller, String service) {
    AccessKeyUses.Use use = use(caller);
    if (use != null) {
      use.note(service);
    }
    return use != null;
  }

  private AccessKeyUses.@Nullable Use use(Caller caller) {
    if (!caller.isIssuedBy(issuer)) {
      return null;
    }
    Live now = live;
    if (now.asOf() != changes.get()) {
      now = refresh();
    }
    AccessKeyUses.Use use = now.accessKeys().get(caller.accessKeyId());
    return use == null && !issued.contains(caller.accessKeyId()) && isActive(caller)
        ? uses.of(caller.accessKeyId())
        : use;
  }

  /**
   * Returns whether {@link #requireLive} would do nothing, without noting a use: for what the KMS
   * does in a caller's name while the caller calls nothing.
   *
   * @throws KmsException.StoreUnavailable if that cannot be known now
   */
  public boolean isLive(Caller caller) {
    if (caller.session().isEmpty() || !caller.isIssuedBy(issuer)) {
      return use(caller) != null;
    }
    try {
      sessions.requireLive(caller.session().get());
      return true;
    } catch (KmsException.ExpiredToken | KmsException.UnrecognizedClient e) {
      return false;
    }
  }

  /**
   * Does nothing for a caller that was authenticated by this issuer and is still valid.
   *
   * @param service the service that is called, whose use is noted
   * @throws KmsException.UnrecognizedClient if its access key is inactive or its role is gone
   * @throws KmsException.ExpiredToken if its session is over
   * @throws KmsException.StoreUnavailable if that cannot be known now; the call must then fail
   */
  public void requireLive(Caller caller, String service) {
    if (caller.session().isPresent() && caller.isIssuedBy(issuer)) {
      sessions.requireLive(caller.session().get());
    } else if (!isLive(caller, service)) {
      throw new KmsException.UnrecognizedClient();
    }
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
      Map<String, AccessKeyUses.Use> active = new HashMap<>();
      for (String id : issued) {
        storage
            .findAccessKey(id)
            .filter(AccessKeyRow::isActive)
            .ifPresent(key -> active.put(key.accessKeyId(), uses.of(id)));
      }
      live = new Live(asOf, Map.copyOf(active));
    }
    return live;
  }
}
