// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.hsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.MacAlgorithm;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.service.CloudHsm;
import dev.strongroom.kms.service.CreateKeyRequest;
import dev.strongroom.kms.service.DomainKeyDescription;
import dev.strongroom.kms.service.DomainKeyDescription.Status;
import dev.strongroom.kms.service.KmsConfig;
import dev.strongroom.kms.service.KmsSetup;
import dev.strongroom.kms.service.SignRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new version of a domain key that is in SoftHSM2, by wrap policy, and what can go wrong. */
final class DomainKeyRotationTest {
  private static final CloudHsm.Progress SILENT = (done, total) -> {};
  private static final EncryptionAlgorithm ALGORITHM = EncryptionAlgorithm.SYMMETRIC_DEFAULT;
  private static final byte[] MESSAGE = {1, 2, 3};

  private final Path folder;
  private final SoftHsmToken token;
  private KmsHome home;
  private final List<Runnable> checks = new ArrayList<>();

  DomainKeyRotationTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.token = SoftHsmToken.in(Files.createDirectory(folder.resolve("token"))).select();
    this.home = open("open");
  }

  private KmsHome open(String wrapPolicy) throws IOException {
    Path settings =
        Files.createDirectories(folder.resolve("home")).resolve("strongroom.properties");
    Files.write(settings, List.of("hsm=" + token.setting(), "wrap-policy=" + wrapPolicy));
    KmsSetup.init(KmsConfig.fromFile(settings));
    return KmsHome.in(folder.resolve("home"));
  }

  private void reopen(String wrapPolicy) throws IOException {
    home.close();
    home = open(wrapPolicy);
  }

  @AfterEach
  void close() {
    home.close();
  }

  /** Makes keys of both levels and uses them; each use becomes a check. */
  private void make() {
    for (ProtectionLevel level : List.of(ProtectionLevel.HSM, ProtectionLevel.SOFTWARE)) {
      KeyId symmetric = key(CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT), level);
      byte[] blob =
          home.kms()
              .encrypt(home.root(), symmetric, ALGORITHM, MESSAGE, EncryptionContext.EMPTY)
              .ciphertextBlob();
      checks.add(
          () ->
              assertArrayEquals(
                  MESSAGE,
                  home.kms()
                      .decrypt(home.root(), symmetric, ALGORITHM, blob, EncryptionContext.EMPTY)
                      .plaintext()));
      KeyId hmac = key(CreateKeyRequest.of(CmkSpec.HMAC_512), level);
      byte[] mac = home.kms().generateMac(home.root(), hmac, MacAlgorithm.HMAC_SHA_512, MESSAGE);
      checks.add(
          () -> home.kms().verifyMac(home.root(), hmac, MacAlgorithm.HMAC_SHA_512, MESSAGE, mac));
      for (CmkSpec spec : List.of(CmkSpec.RSA_2048, CmkSpec.ECC_NIST_P384)) {
        KeyId signing = key(CreateKeyRequest.of(spec).withUsage(KeyUsage.SIGN_VERIFY), level);
        SignRequest request = request(spec);
        checks.add(
            () ->
                home.kms()
                    .verify(
                        home.root(),
                        signing,
                        request,
                        home.kms().sign(home.root(), signing, request)));
      }
    }
  }

  private static SignRequest request(CmkSpec spec) {
    return SignRequest.raw(
        spec == CmkSpec.RSA_2048
            ? SigningAlgorithm.RSASSA_PSS_SHA_256
            : SigningAlgorithm.ECDSA_SHA_384,
        MESSAGE);
  }

  private KeyId key(CreateKeyRequest request, ProtectionLevel level) {
    return home.create(request.withProtectionLevel(level)).keyId();
  }

  private void check() {
    checks.forEach(check -> assertDoesNotThrow(check::run));
    home.kms()
        .validateLogs(home.root())
        .forEach(stream -> assertEquals(List.of(), stream.findings()));
  }

  private DomainKeyDescription rotate() {
    return home.kms().cloudHsm().rotateDomainKey(home.root(), SILENT);
  }

  private static List<String> policies(DomainKeyDescription description) {
    return description.versions().stream().map(version -> version.wrapPolicy()).toList();
  }

  @Test
  void keysOfAllKindsComeUnderTheNewVersionAndWorkAsBefore() throws IOException {
    make();

    DomainKeyDescription after = rotate();

    assertEquals(List.of("open", "open"), policies(after));
    assertEquals(8, token.ids().size());
    check();
    reopen("open");
    check();
  }

  @Test
  void fromOpenToStrictAllComesAlongAndFromThereOnTheVersionsStay() throws IOException {
    make();
    reopen("strict");
    check();

    rotate();
    KeyId strict = key(CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT), ProtectionLevel.HSM);
    DomainKeyDescription after = rotate();

    assertEquals(List.of("strict", "strict", "open"), policies(after));
    assertEquals(Status.RETIRED, after.versions().get(1).status());
    assertEquals("strict", home.kms().describeKey(home.root(), strict).wrapPolicy());
    check();
    home.kms().rotateKeyOnDemand(home.root(), strict);
    reopen("strict");
    check();
  }

  @Test
  void whileTheTokenIsAwayNothingIsWritten() throws IOException {
    make();
    token.takeAway();

    assertThrows(KmsException.class, this::rotate);

    token.bringBack();
    assertEquals(1, home.kms().cloudHsm().describeDomainKey(home.root()).versions().size());
    assertEquals(4, token.ids().size());
    check();
    assertEquals(2, rotate().versions().size());
  }

  @Test
  void tokenThatGoesAwayInTheMidstStopsItAndItGoesOnWhenItIsBack() throws IOException {
    make();
    boolean[] isAway = {false};

    KmsException refused =
        assertThrows(
            KmsException.class,
            () ->
                home.kms()
                    .cloudHsm()
                    .rotateDomainKey(
                        home.root(),
                        (done, total) -> {
                          if (!isAway[0] && done > 4) {
                            isAway[0] = true;
                            takeAway();
                          }
                        }));
    token.bringBack();

    assertTrue(isAway[0]);
    assertFalse(String.valueOf(refused.getMessage()).isBlank());
    home.kms().cloudHsm().resumeDomainKeyRotation(home.root(), SILENT);
    check();
    reopen("open");
    check();
  }

  private void takeAway() {
    try {
      token.takeAway();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
