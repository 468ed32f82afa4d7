// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key.backing;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.HashAlgorithm;
import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.WrappedKey;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.HsmErrors;
import dev.strongroom.kms.key.KeyMaterialId;
import dev.strongroom.kms.key.StoredObject;
import dev.strongroom.kms.key.backing.BackingKeys.Request;
import java.time.Clock;

/** The birth of backing keys: in the HSM, in the token of a custom key store, or in the JVM. */
final class KeyBirth {
  private final Hsm hsm;
  private final TokenSealer sealer;
  private final SoftwareKeyring software;
  private final TokenKeyring tokens;
  private final MaterialNames names;
  private final MaterialSealing sealing;
  private final Clock clock;

  KeyBirth(
      Hsm hsm,
      TokenSealer sealer,
      SoftwareKeyring software,
      TokenKeyring tokens,
      MaterialNames names,
      MaterialSealing sealing,
      Clock clock) {
    this.hsm = hsm;
    this.sealer = sealer;
    this.software = software;
    this.tokens = tokens;
    this.names = names;
    this.sealing = sealing;
    this.clock = clock;
  }

  /** See {@link BackingKeys#defaultLevel}. */
  ProtectionLevel defaultLevel() {
    return hsm.info().isHardware() ? ProtectionLevel.HSM : ProtectionLevel.SOFTWARE;
  }

  /** See {@link BackingKeys#bestLevel}. */
  ProtectionLevel bestLevel(CmkSpec spec, KeyUsage usage) {
    boolean has =
        hsm.info().isHardware() && hsm.info().backingKeySpecs().contains(HsmSpecs.of(spec, usage));
    return has ? ProtectionLevel.HSM : ProtectionLevel.SOFTWARE;
  }

  /** See {@link BackingKeys#create}. */
  Generation create(Request request) {
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
    BackingKeySpec spec = HsmSpecs.of(request.spec(), request.usage());
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
          names.of(request, wrapped.publicKey(), data -> opened.hmac(HashAlgorithm.SHA_256, data));
      TokenBinding binding = TokenBinding.of(request, materialId, wrapped.publicKey());
      byte[] token = sealer.bind(binding, wrapped.body());
      return new Generation(materialId, token, wrapped.publicKey(), clock.instant());
    }
  }

  private Generation createInSoftware(Request request) {
    return sealing.seal(request, software.generate(request.spec()));
  }

  /** See {@link BackingKeys#createInStore}. */
  Generation createInStore(Request request, String store) {
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
          MaterialNames.derived(request.keyId(), data -> made.hmac(HashAlgorithm.SHA_256, data));
      byte[] token = sealer.bind(TokenBinding.of(request, materialId, none), object.encode());
      return new Generation(materialId, token, none, clock.instant());
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }

  /** See {@link BackingKeys#discard}. */
  void discard(Request request, String store) {
    tokens.destroy(StoredObject.of(store, request.keyId()));
  }
}
