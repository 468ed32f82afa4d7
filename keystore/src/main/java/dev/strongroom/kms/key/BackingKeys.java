// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.HashAlgorithm;
import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.WrappedKey;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyType;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.Sha256;
import dev.strongroom.kms.key.Derivation.Label;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.UnaryOperator;

/**
 * From key token to usable key, and the birth of key tokens.
 *
 * <p>Opened keys are kept, up to a bound, because opening costs several HSM calls and because some
 * modules leak memory for every key unwrapped. Thread-safe.
 */
public final class BackingKeys implements AutoCloseable {

  /** What a new backing key is for. */
  public record Request(
      KeyId keyId, CmkSpec spec, KeyUsage usage, KeyOrigin origin, ProtectionLevel level) {}

  private static final int MAX_OPEN = 4096;

  private final Hsm hsm;
  private final TokenSealer sealer;
  private final SoftwareKeyring software;
  private final TokenKeyring tokens;
  private final SecureRandom random;
  private final Clock clock;
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
    this.hsm = hsm;
    this.sealer = new TokenSealer(domain, random);
    this.software = software;
    this.tokens = tokens;
    this.random = random;
    this.clock = clock;
  }

  /** Returns the level that a new key gets unless it asks for another. */
  public ProtectionLevel defaultLevel() {
    return hsm.info().isHardware() ? ProtectionLevel.HSM : ProtectionLevel.SOFTWARE;
  }

  /** Returns the level HSM where the HSM has such keys, else SOFTWARE. */
  public ProtectionLevel bestLevel(CmkSpec spec, KeyUsage usage) {
    boolean has =
        hsm.info().isHardware() && hsm.info().backingKeySpecs().contains(hsmSpec(spec, usage));
    return has ? ProtectionLevel.HSM : ProtectionLevel.SOFTWARE;
  }

  /**
   * Makes key material and returns it wrapped; nothing is kept open.
   *
   * @throws KmsException.UnsupportedOperation if the HSM cannot do that, with the reason
   */
  public Generation create(Request request) {
    try {
      return request.level() == ProtectionLevel.HSM
          ? createInHsm(request)
          : createInSoftware(request);
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }

  private Generation createInHsm(Request request) {
    if (!hsm.info().isHardware()) {
      throw new KmsException.UnsupportedOperation(
          "Protection level HSM needs an HSM, and this KMS has the embedded domain key. Leave the"
              + " level out, or set 'hsm' to a PKCS#11 token.");
    }
    BackingKeySpec spec = hsmSpec(request.spec(), request.usage());
    if (!hsm.info().backingKeySpecs().contains(spec)) {
      throw new KmsException.UnsupportedOperation(
          "The HSM \""
              + hsm.info().label()
              + "\" cannot hold keys of spec "
              + request.spec()
              + " for "
              + request.usage()
              + ". Choose protection level SOFTWARE, or another spec; 'doctor' lists what it can.");
    }
    DomainKey domainKey = sealer.activeKey();
    WrappedKey wrapped = domainKey.generate(spec);
    // Opening the wrapped form at once proves that it opens, before anybody relies on it.
    try (BackingKey opened = domainKey.unwrap(spec, wrapped.body())) {
      KeyMaterialId materialId =
          materialId(
              request, wrapped.publicKey(), data -> opened.hmac(HashAlgorithm.SHA_256, data));
      TokenBinding binding = binding(request, materialId, wrapped.publicKey());
      byte[] token = sealer.bind(binding, wrapped.body());
      return new Generation(materialId, token, wrapped.publicKey(), clock.instant());
    }
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
    if (request.spec() != CmkSpec.SYMMETRIC_DEFAULT) {
      throw new KmsException.UnsupportedOperation(
          "Keys in a custom key store are of spec SYMMETRIC_DEFAULT, and not "
              + request.spec()
              + ". Leave out the custom key store, or --key-spec.");
    }
    StoredObject object = StoredObject.of(store, request.keyId());
    try (BackingKey made = tokens.create(object, "KMS key " + request.keyId())) {
      byte[] none = {};
      KeyMaterialId materialId =
          derivedMaterialId(request.keyId(), data -> made.hmac(HashAlgorithm.SHA_256, data));
      byte[] token = sealer.bind(binding(request, materialId, none), object.encode());
      return new Generation(materialId, token, none, clock.instant());
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }

  /** Destroys what {@link #createInStore} made for a key that was not kept. */
  public void discard(Request request, String store) {
    tokens.destroy(StoredObject.of(store, request.keyId()));
  }

  /**
   * Takes key material that was made elsewhere, at the level SOFTWARE, and returns it sealed, as
   * material that is to stay. The same material of the same key has the same id again.
   *
   * @param material a secret, or a PKCS#8 private key; this takes ownership of it
   * @throws KmsException.Validation if it is no sound key of that spec
   */
  public Generation adopt(Request request, KeyMaterial material) {
    try {
      return seal(request, software.adopt(request.spec(), material))
          .with(ImportedMaterial.toStay());
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }

  /**
   * Takes material of a key that another KMS has as well, at the level SOFTWARE.
   *
   * @param there the generation as it is there; its id, public key and dates stay
   * @param material this takes ownership of it
   * @throws KmsException.IncorrectKeyMaterial if it is other material
   */
  public Generation receive(Request request, Generation there, KeyMaterial material) {
    try {
      SoftwareKeyring.GeneratedKey taken = software.adopt(request.spec(), material);
      Generation sealed = seal(request, taken, Optional.of(there.materialId()));
      if (!sealed.materialId().equals(there.materialId())
          || !MessageDigest.isEqual(sealed.publicKey(), there.publicKey())) {
        throw new KmsException.IncorrectKeyMaterial(
            "The key material that arrived is not that of the id " + there.materialId() + ".");
      }
      return there.withToken(sealed.token());
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }

  /**
   * Returns key material of the level SOFTWARE, for another KMS. The caller wraps and closes it.
   *
   * @throws KmsException.UnsupportedOperation if it is of another level
   */
  public KeyMaterial export(KmsKey key, Generation generation) {
    if (key.level() != ProtectionLevel.SOFTWARE) {
      throw new KmsException.UnsupportedOperation(
          key.arn() + " has the protection level " + key.level() + ", and does not leave its HSM.");
    }
    try {
      TokenBinding binding = TokenBinding.of(key, generation);
      return sealer.unseal(binding, sealer.check(binding, generation.token()));
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }

  private Generation createInSoftware(Request request) {
    return seal(request, software.generate(request.spec()));
  }

  private Generation seal(Request request, SoftwareKeyring.GeneratedKey generated) {
    return seal(request, generated, Optional.empty());
  }

  /**
   * Seals.
   *
   * @param name of an HMAC key that has one already
   */
  private Generation seal(
      Request request, SoftwareKeyring.GeneratedKey generated, Optional<KeyMaterialId> name) {
    try (KeyMaterial material = generated.material();
        OpenKey opened =
            software.open(request.spec(), KeyMaterial.owning(material.use(byte[]::clone)))) {
      KeyMaterialId materialId = materialId(request, generated, opened, name);
      TokenBinding binding = binding(request, materialId, generated.publicKey());
      byte[] token = sealer.seal(binding, material);
      return new Generation(materialId, token, generated.publicKey(), clock.instant());
    }
  }

  private KeyMaterialId materialId(
      Request request,
      SoftwareKeyring.GeneratedKey generated,
      OpenKey opened,
      Optional<KeyMaterialId> name) {
    if (request.spec().type() == KeyType.HMAC && name.isPresent()) {
      return name.get();
    }
    return request.spec().type() == KeyType.HMAC && request.origin() == KeyOrigin.EXTERNAL
        ? generated.material().use(bytes -> KeyMaterialId.ofImported(request.keyId(), bytes))
        : materialId(request, generated.publicKey(), data -> opened.hmac("SHA-256", data));
  }

  private KeyMaterialId materialId(Request request, byte[] publicKey, UnaryOperator<byte[]> hmac) {
    if (request.spec().type() == KeyType.SYMMETRIC) {
      return derivedMaterialId(request.keyId(), hmac);
    }
    if (request.spec().isAsymmetric()) {
      return new KeyMaterialId(Sha256.of(publicKey));
    }
    byte[] name = new byte[KeyMaterialId.BYTES];
    random.nextBytes(name);
    return new KeyMaterialId(name);
  }

  private static KeyMaterialId derivedMaterialId(KeyId keyId, UnaryOperator<byte[]> hmac) {
    return new KeyMaterialId(Derivation.derive(hmac, Label.MATERIAL_ID, keyId.toBytes()));
  }

  private static TokenBinding binding(Request request, KeyMaterialId materialId, byte[] publicKey) {
    return new TokenBinding(
        request.keyId(),
        materialId,
        request.level(),
        request.spec(),
        request.usage(),
        request.origin(),
        publicKey);
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
    return open.computeIfAbsent(generation.materialId(), id -> openNew(key, generation));
  }

  /**
   * Returns the usable key of a generation that no key of the store has. The caller closes it.
   *
   * @param request what it was made for
   * @throws KmsException.StoreTampered if the token is not the one that was written for that
   */
  public OpenKey openOnce(Request request, Generation generation) {
    return openNew(binding(request, generation.materialId(), generation.publicKey()), generation);
  }

  private OpenKey openNew(KmsKey key, Generation generation) {
    return openNew(TokenBinding.of(key, generation), generation);
  }

  private OpenKey openNew(TokenBinding binding, Generation generation) {
    try {
      return opened(binding, sealer.check(binding, generation.token()));
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }

  /** {@code token} is genuine. */
  private OpenKey opened(TokenBinding binding, KeyToken token) {
    OpenKey opened =
        switch (token.level()) {
          case HSM -> openInHsm(binding, token);
          case SOFTWARE -> software.open(binding.spec(), sealer.unseal(binding, token));
          case CUSTOM_KEY_STORE -> openInStore(binding, token);
        };
    requireMaterial(binding, opened);
    return opened;
  }

  /**
   * Returns the key with its tokens under the active version of the domain key, as far as the wrap
   * policy of theirs lets them be wrapped again; each was opened once. The key itself if there is
   * nothing to do. Keys that are open stay open.
   *
   * @throws KmsException.StoreTampered if a token is not the one written for that key
   */
  public KmsKey rewrap(KmsKey key) {
    List<Generation> all = new ArrayList<>();
    boolean isChanged = false;
    for (Generation generation : key.generations()) {
      boolean goes =
          generation.hasToken() && mustBeRewrapped(key.level(), generation.domainVersion());
      all.add(goes ? rewrapped(key, generation) : generation);
      isChanged |= goes;
    }
    return isChanged ? key.withGenerations(all) : key;
  }

  private boolean mustBeRewrapped(ProtectionLevel level, int version) {
    return version != sealer.activeKey().id().version()
        && (level != ProtectionLevel.HSM || sealer.key(version).wrapPolicy() == WrapPolicy.OPEN);
  }

  private Generation rewrapped(KmsKey key, Generation generation) {
    TokenBinding binding = TokenBinding.of(key, generation);
    try {
      KeyToken old = sealer.check(binding, generation.token());
      if (old.level() == ProtectionLevel.CUSTOM_KEY_STORE) {
        // Only the MAC is new: a customer's token that is away must not keep the others waiting.
        return generation.withToken(sealer.bind(binding, old.body()));
      }
      Generation moved = generation.withToken(moved(key, binding, old));
      // Opened at once, before anybody relies on it.
      opened(binding, KeyToken.decode(moved.token())).close();
      return moved;
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }

  private byte[] moved(KmsKey key, TokenBinding binding, KeyToken old) {
    if (old.level() == ProtectionLevel.HSM) {
      BackingKeySpec spec = hsmSpec(key.spec(), key.usage());
      DomainKey before = sealer.key(old.domainVersion());
      return sealer.bind(binding, before.rewrap(spec, old.body(), sealer.activeKey()));
    }
    try (KeyMaterial material = sealer.unseal(binding, old)) {
      return sealer.seal(binding, material);
    }
  }

  /** Returns the wrap policy that the tokens of a key are under: the weakest of them. */
  public String wrapPolicy(KmsKey key) {
    DomainKey active = sealer.activeKey();
    return (sealer.isOfOnePolicy()
            ? active.wrapPolicy()
            : key.generations().stream()
                .filter(Generation::hasToken)
                .map(generation -> sealer.key(generation.domainVersion()).wrapPolicy())
                .min(Comparator.naturalOrder())
                .orElse(active.wrapPolicy()))
        .name()
        .toLowerCase(Locale.ROOT);
  }

  private OpenKey openInHsm(TokenBinding binding, KeyToken token) {
    DomainKey domainKey = sealer.key(token.domainVersion());
    BackingKeySpec spec = hsmSpec(binding.spec(), binding.usage());
    return new HsmKey(() -> domainKey.unwrap(spec, token.body()));
  }

  /** Another token may be in the slot whenever the key is found again: then it is checked again. */
  private OpenKey openInStore(TokenBinding binding, KeyToken token) {
    StoredObject object = StoredObject.decode(token.body());
    return new HsmKey(
        () -> {
          BackingKey found = tokens.open(object);
          KeyMaterialId material =
              derivedMaterialId(binding.keyId(), data -> found.hmac(HashAlgorithm.SHA_256, data));
          if (!MessageDigest.isEqual(material.toBytes(), binding.materialId().toBytes())) {
            found.close();
            throw new HsmException.Untrustworthy(
                "The token of custom key store "
                    + object.store()
                    + " has another key under the id of "
                    + binding.keyId()
                    + ". Bring back the token that the key was made in.");
          }
          return found;
        });
  }

  private static void requireMaterial(TokenBinding binding, OpenKey opened) {
    if (binding.spec().type() != KeyType.SYMMETRIC) {
      return;
    }
    KeyMaterialId found = derivedMaterialId(binding.keyId(), data -> opened.hmac("SHA-256", data));
    if (!MessageDigest.isEqual(found.toBytes(), binding.materialId().toBytes())) {
      opened.close();
      throw KeyToken.tampered();
    }
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

  /**
   * @throws KmsException.UnsupportedOperation if no HSM is asked for such keys
   */
  private static BackingKeySpec hsmSpec(CmkSpec spec, KeyUsage usage) {
    boolean agrees = usage == KeyUsage.KEY_AGREEMENT;
    return switch (spec) {
      case SYMMETRIC_DEFAULT, HMAC_256 -> BackingKeySpec.SECRET_256;
      case HMAC_224 -> BackingKeySpec.SECRET_224;
      case HMAC_384 -> BackingKeySpec.SECRET_384;
      case HMAC_512 -> BackingKeySpec.SECRET_512;
      case RSA_2048 -> BackingKeySpec.RSA_2048;
      case RSA_3072 -> BackingKeySpec.RSA_3072;
      case RSA_4096 -> BackingKeySpec.RSA_4096;
      case ECC_NIST_P256 -> agrees ? BackingKeySpec.ECDH_P256 : BackingKeySpec.EC_P256;
      case ECC_NIST_P384 -> agrees ? BackingKeySpec.ECDH_P384 : BackingKeySpec.EC_P384;
      case ECC_NIST_P521 -> agrees ? BackingKeySpec.ECDH_P521 : BackingKeySpec.EC_P521;
      case ECC_SECG_P256K1 -> agrees ? BackingKeySpec.ECDH_SECP256K1 : BackingKeySpec.EC_SECP256K1;
      case ECC_NIST_EDWARDS25519 -> BackingKeySpec.ED25519;
      case X25519, ML_DSA_44, ML_DSA_65, ML_DSA_87, ML_KEM_512, ML_KEM_768, ML_KEM_1024 ->
          throw new KmsException.UnsupportedOperation(
              "Keys of spec "
                  + spec
                  + " are not made in HSMs: PKCS#11 has them since version 3.2 only, and tokens do"
                  + " not have that yet. Choose protection level SOFTWARE.");
    };
  }
}
