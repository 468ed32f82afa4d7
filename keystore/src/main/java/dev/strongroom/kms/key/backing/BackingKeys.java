// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key.backing;

import dev.strongroom.hsm.Hsm;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.key.DomainKeyring;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.KeyMaterialId;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.key.OpenKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The backing keys of KMS keys: how they are born, wrapped as key tokens, and opened.
 *
 * <p>Opened keys are kept, up to a bound, because opening costs several HSM calls and because some
 * modules leak memory for every key unwrapped. Thread-safe.
 */
public final class BackingKeys implements AutoCloseable {

  /** What a new backing key is for. */
  public record Request(
      KeyId keyId, CmkSpec spec, KeyUsage usage, KeyOrigin origin, ProtectionLevel level) {}

  private static final int MAX_OPEN = 4096;

  private final KeyBirth birth;
  private final MaterialTransfer transfer;
  private final TokenOpening opening;
  private final TokenRewrap rewrap;
  private final ConcurrentMap<KeyMaterialId, OpenKey> open = new ConcurrentHashMap<>();

  public BackingKeys(
      Hsm hsm, DomainKeyring domain, SoftwareKeyring software, SecureRandom random, Clock clock) {
    this(hsm, domain, software, TokenKeyring.NONE, random, clock);
  }

  public BackingKeys(
      Hsm hsm,
      DomainKeyring domain,
      SoftwareKeyring software,
      TokenKeyring tokens,
      SecureRandom random,
      Clock clock) {
    TokenSealer sealer = new TokenSealer(domain, random);
    MaterialNames names = new MaterialNames(random);
    MaterialSealing sealing = new MaterialSealing(sealer, software, names, clock);
    this.birth = new KeyBirth(hsm, sealer, software, tokens, names, sealing, clock);
    this.transfer = new MaterialTransfer(sealer, software, sealing);
    this.opening = new TokenOpening(sealer, software, tokens);
    this.rewrap = new TokenRewrap(sealer, opening);
  }

  /** Returns the level that a new key gets unless it asks for another. */
  public ProtectionLevel defaultLevel() {
    return birth.defaultLevel();
  }

  /** Returns the level HSM where the HSM has such keys, else SOFTWARE. */
  public ProtectionLevel bestLevel(CmkSpec spec, KeyUsage usage) {
    return birth.bestLevel(spec, usage);
  }

  /**
   * Makes key material and returns it wrapped; nothing is kept open.
   *
   * @throws KmsException.UnsupportedOperation if the HSM cannot do that, with the reason
   */
  public Generation create(Request request) {
    return birth.create(request);
  }

  /**
   * Makes key material in the token of a custom key store. Whoever does not keep the key takes it
   * away again with {@link #discard}.
   *
   * @param store id of the custom key store
   * @throws KmsException.CustomKeyStoreInvalidState if it is not connected
   * @throws KmsException.UnsupportedOperation for all specs but SYMMETRIC_DEFAULT
   */
  public Generation createInStore(Request request, String store) {
    return birth.createInStore(request, store);
  }

  /** Destroys what {@link #createInStore} made for a key that was not kept. */
  public void discard(Request request, String store) {
    birth.discard(request, store);
  }

  /**
   * Takes key material that was made elsewhere, at the level SOFTWARE, and returns it sealed, as
   * material that is to stay. The same material of the same key has the same id again.
   *
   * @param material a secret, or a PKCS#8 private key; this takes ownership of it
   * @throws KmsException.Validation if it is no sound key of that spec
   */
  public Generation adopt(Request request, KeyMaterial material) {
    return transfer.adopt(request, material);
  }

  /**
   * Takes material of a key that another KMS has as well, at the level SOFTWARE.
   *
   * @param there the generation as it is there; its id, public key and dates stay
   * @param material this takes ownership of it
   * @throws KmsException.IncorrectKeyMaterial if it is other material
   */
  public Generation receive(Request request, Generation there, KeyMaterial material) {
    return transfer.receive(request, there, material);
  }

  /**
   * Returns key material of the level SOFTWARE, for another KMS. The caller wraps and closes it.
   *
   * @throws KmsException.UnsupportedOperation if it is of another level
   */
  public KeyMaterial export(KmsKey key, Generation generation) {
    return transfer.export(key, generation);
  }

  /**
   * Returns the usable key of a generation. It stays open; the caller must not close it.
   *
   * @throws KmsException.StoreTampered if the token is not the one written for that key
   */
  public OpenKey open(KmsKey key, Generation generation) {
    OpenKey known = open.get(generation.materialId());
    if (known != null) {
      return known;
    }
    if (open.size() >= MAX_OPEN) {
      evictSome();
    }
    return open.computeIfAbsent(
        generation.materialId(), id -> opening.open(TokenBinding.of(key, generation), generation));
  }

  /**
   * Returns the usable key of a generation that no key of the store has. The caller closes it.
   *
   * @param request what it was made for
   * @throws KmsException.StoreTampered if the token is not the one that was written for that
   */
  public OpenKey openOnce(Request request, Generation generation) {
    return opening.open(
        TokenBinding.of(request, generation.materialId(), generation.publicKey()), generation);
  }

  /**
   * Returns the key with its tokens under the active version of the domain key, as far as the wrap
   * policy of theirs lets them be wrapped again; each was opened once. The key itself if there is
   * nothing to do. Keys that are open stay open.
   *
   * @throws KmsException.StoreTampered if a token is not the one written for that key
   */
  public KmsKey rewrap(KmsKey key) {
    return rewrap.rewrap(key);
  }

  /** Returns the wrap policy that the tokens of a key are under: the weakest of them. */
  public String wrapPolicy(KmsKey key) {
    return rewrap.wrapPolicy(key);
  }

  /** Closes a sixteenth of what is open; whoever needs one of them opens it again. */
  private void evictSome() {
    open.keySet().stream()
        .limit(MAX_OPEN / 16)
        .forEach(
            id -> {
              OpenKey evicted = open.remove(id);
              if (evicted != null) {
                evicted.close();
              }
            });
  }

  /** Closes the key of that generation if it is open. */
  public void forget(KeyMaterialId id) {
    OpenKey known = open.remove(id);
    if (known != null) {
      known.close();
    }
  }

  @Override
  public void close() {
    open.keySet().forEach(this::forget);
  }
}
