// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jca;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.fixture.TestCa;
import dev.strongroom.conformance.hsm.SoftHsmToken;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.service.CreateKeyRequest;
import dev.strongroom.kms.service.KmsConfig;
import dev.strongroom.kms.service.KmsSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * The keys of {@link TlsProgram}, made once for all its runs: of each spec one of level HSM, in
 * SoftHSM2, and one of level SOFTWARE, each with a certificate. Without SoftHSM2 the former lack.
 */
final class TlsKeys {
  static final List<CmkSpec> SPECS =
      List.of(
          CmkSpec.RSA_2048,
          CmkSpec.RSA_3072,
          CmkSpec.ECC_NIST_P256,
          CmkSpec.ECC_NIST_P384,
          CmkSpec.ECC_NIST_P521,
          CmkSpec.ECC_NIST_EDWARDS25519);

  /** Those that get new material after their certificate, which they must go on to sign with. */
  private static final Set<CmkSpec> ROTATED =
      EnumSet.of(CmkSpec.RSA_2048, CmkSpec.ECC_NIST_P256, CmkSpec.ECC_NIST_EDWARDS25519);

  private final Path folder;
  private final @Nullable SoftHsmToken token;

  private TlsKeys(Path folder, @Nullable SoftHsmToken token) {
    this.folder = folder;
    this.token = token;
  }

  /** Makes them in an empty folder. */
  static TlsKeys in(Path folder) throws GeneralSecurityException, IOException {
    TlsKeys keys = new TlsKeys(folder, token(Files.createDirectory(folder.resolve("token"))));
    Files.createDirectory(keys.home());
    Files.writeString(keys.settings(), keys.hsm());
    if (keys.token != null) {
      keys.token.select();
      KmsSetup.init(KmsConfig.fromFile(keys.settings()));
    }
    TestCa ca = TestCa.ec();
    ca.trustStore(keys.home().resolve("trusted.p12"));
    try (KmsHome home = KmsHome.in(keys.home())) {
      for (CmkSpec spec : SPECS) {
        for (ProtectionLevel level : keys.levels(spec)) {
          keys.make(home, ca, spec, level);
        }
      }
    }
    return keys;
  }

  private static @Nullable SoftHsmToken token(Path folder) {
    try {
      return SoftHsmToken.in(folder);
    } catch (TestAbortedException e) {
      return null;
    }
  }

  private String hsm() {
    return token == null ? "" : "hsm=" + token.setting() + "\n";
  }

  private void make(KmsHome home, TestCa ca, CmkSpec spec, ProtectionLevel level)
      throws GeneralSecurityException, IOException {
    String alias = spec + "-" + level;
    home.create(
        CreateKeyRequest.of(spec)
            .withUsage(KeyUsage.SIGN_VERIFY)
            .withProtectionLevel(level)
            .withAlias(new Alias(Alias.PREFIX + alias)));
    home.put(alias, ca.issue(home.privateKey(alias).publicKey(), "CN=" + alias, "localhost"));
    if (ROTATED.contains(spec)) {
      home.kms().rotateKeyOnDemand(home.root(), home.privateKey(alias).arn(), true);
    }
    home.descriptor(home().resolve(alias + ".keystore"), alias);
  }

  /** SoftHSM2 2.6 has Ed25519, and cannot wrap a key of it. */
  private List<ProtectionLevel> levels(CmkSpec spec) {
    return token == null || spec == CmkSpec.ECC_NIST_EDWARDS25519
        ? List.of(ProtectionLevel.SOFTWARE)
        : List.of(ProtectionLevel.SOFTWARE, ProtectionLevel.HSM);
  }

  boolean haveHsm() {
    return token != null;
  }

  /** Returns how many there are. */
  int count() {
    return SPECS.stream().mapToInt(spec -> levels(spec).size()).sum();
  }

  /** Returns the folder of the settings, of {@code trusted.p12} and of the descriptors. */
  Path home() {
    return folder.resolve("home");
  }

  private Path settings() {
    return home().resolve("strongroom.properties");
  }

  /** Returns what a process has to have in its environment. */
  Map<String, String> environment() {
    return token == null ? Map.of() : Map.of("SOFTHSM2_CONF", token.settings().toString());
  }
}
