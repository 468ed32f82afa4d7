// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.cloudhsm;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.hsm.SoftHsmToken;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.service.CreateKeyRequest;
import dev.strongroom.kms.service.CustomKeyStoreEntry;
import dev.strongroom.kms.service.Kms;
import dev.strongroom.kms.service.KmsConfig;
import dev.strongroom.kms.service.KmsSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A KMS whose domain key is in one token, and the token of a customer. */
final class StoreScene implements AutoCloseable {
  static final EncryptionAlgorithm ALGORITHM = EncryptionAlgorithm.SYMMETRIC_DEFAULT;
  static final EncryptionContext CONTEXT = EncryptionContext.of(Map.of("tenant", "a"));
  static final byte[] TEXT = {1, 2, 3};

  final Path folder;
  final SoftHsmToken domain;
  KmsHome home;
  Kms kms;
  Caller root;

  private StoreScene(Path folder, SoftHsmToken domain, KmsHome home) {
    this.folder = folder;
    this.domain = domain;
    this.home = home;
    this.kms = home.kms();
    this.root = home.root();
  }

  static StoreScene in(Path folder, String... settings) throws IOException {
    SoftHsmToken domain = token(folder, "domain");
    Path at = Files.createDirectory(folder.resolve("home"));
    Path file = at.resolve("strongroom.properties");
    Files.writeString(file, "hsm=" + domain.setting() + "\n" + String.join("\n", settings) + "\n");
    KmsSetup.init(KmsConfig.fromFile(file));
    return new StoreScene(folder, domain, KmsHome.in(at));
  }

  private static SoftHsmToken token(Path folder, String name) throws IOException {
    return SoftHsmToken.in(Files.createDirectory(folder.resolve(name))).select();
  }

  /** Returns a token that is new, and the one that is loaded next. */
  SoftHsmToken token(String name) throws IOException {
    return token(folder, name);
  }

  /** Makes a custom key store of that token, not connected. */
  String store(SoftHsmToken token, String name) {
    return kms.createCustomKeyStore(root, name, token.setting());
  }

  String connected(SoftHsmToken token, String name) {
    String store = store(token, name);
    kms.connectCustomKeyStore(root, store);
    return store;
  }

  static CreateKeyRequest request(String store) {
    return CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT).withCustomKeyStore(store);
  }

  KeyId key(String store) {
    return kms.createKey(root, request(store)).keyId();
  }

  byte[] encrypt(KeyId key) {
    return kms.encrypt(root, key, ALGORITHM, TEXT, CONTEXT).ciphertextBlob();
  }

  byte[] decrypt(KeyId key, byte[] blob) {
    return kms.decrypt(root, key, ALGORITHM, blob, CONTEXT).plaintext();
  }

  CustomKeyStoreEntry describe(String store) {
    return kms.describeCustomKeyStores(root).stream()
        .filter(entry -> entry.id().equals(store))
        .findFirst()
        .orElseThrow();
  }

  /** Returns how another program sees the id of a key's object in its token. */
  static String objectId(KeyId key) {
    return key.text().replace("-", "");
  }

  /** Closes the KMS and opens it again, as another process would. */
  void restart() throws IOException {
    home.close();
    home = KmsHome.in(home.folder());
    kms = home.kms();
    root = home.root();
  }

  @Override
  public void close() {
    home.close();
  }
}
