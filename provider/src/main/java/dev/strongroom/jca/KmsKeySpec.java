// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KeyNames;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.service.CreateKeyRequest;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Map;

/**
 * What a {@code KeyPairGenerator} {@code KmsRSA}, {@code KmsEC}, {@code KmsEd25519}, {@code
 * KmsX25519}, {@code KmsML-DSA} or {@code KmsML-KEM} is to make: a KMS key, as CreateKey does.
 * Immutable.
 *
 * <pre>
 * generator.initialize(KmsKeySpec.of(CmkSpec.RSA_3072, "web").withDescription("www.example.org"));
 * </pre>
 *
 * <p>Signing is the usage of keys that can have several, unless another one is said.
 */
public final class KmsKeySpec implements AlgorithmParameterSpec {
  private final CreateKeyRequest request;

  private KmsKeySpec(CreateKeyRequest request) {
    this.request = request;
  }

  /**
   * Returns a spec with every default.
   *
   * @throws IllegalArgumentException if {@code spec} is not an asymmetric one
   */
  public static KmsKeySpec of(CmkSpec spec) {
    if (!spec.isAsymmetric()) {
      throw new IllegalArgumentException(
          "A key of spec " + spec + " is no key pair. Make it with 'kms create-key'.");
    }
    CreateKeyRequest request = CreateKeyRequest.of(spec);
    return new KmsKeySpec(
        spec.allows(KeyUsage.SIGN_VERIFY) ? request.withUsage(KeyUsage.SIGN_VERIFY) : request);
  }

  /**
   * Returns a spec with a name for the key, given in the same moment.
   *
   * @param alias with or without {@code alias/}
   * @throws IllegalArgumentException if {@code spec} is not an asymmetric one, or the name is none
   */
  public static KmsKeySpec of(CmkSpec spec, String alias) {
    return new KmsKeySpec(
        of(spec).request.withAlias(KeyNames.parse(alias) instanceof Alias name ? name : no(alias)));
  }

  private static Alias no(String name) {
    throw new IllegalArgumentException(
        name + " is a key's id or ARN, which a new key gets by itself. Give an alias: \"web\".");
  }

  public KmsKeySpec withDescription(String description) {
    return new KmsKeySpec(request.withDescription(description));
  }

  public KmsKeySpec withUsage(KeyUsage usage) {
    return new KmsKeySpec(request.withUsage(usage));
  }

  public KmsKeySpec withProtectionLevel(ProtectionLevel level) {
    return new KmsKeySpec(request.withProtectionLevel(level));
  }

  /** Returns a spec with tags for the key; they take the right {@code kms:TagResource}. */
  public KmsKeySpec withTags(Map<String, String> tags) {
    return new KmsKeySpec(request.withTags(tags));
  }

  /** Returns a spec with a key policy, in JSON. */
  public KmsKeySpec withPolicy(String policy) {
    return new KmsKeySpec(request.withPolicy(policy));
  }

  CreateKeyRequest request() {
    return request;
  }
}
