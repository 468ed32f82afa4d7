// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.HsmUri;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.ConnectionState;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.cloudhsm.ConnectionFailure;
import dev.strongroom.kms.cloudhsm.CustomKeyStores;
import dev.strongroom.kms.storage.CustomKeyStoreRow;
import dev.strongroom.kms.storage.CustomKeyStoreStorage;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What there is to do with custom key stores as a whole. */
final class CustomKeyStoreAdministration {
  private static final int MAX_NAME = 256;
  private static final int MAX_CLUSTER = 4096;

  /** Of the random part of an id, of which one digit is left out: AWS has 17. */
  private static final int ID_BYTES = 9;

  private final Gate gate;
  private final CustomKeyStores stores;
  private final CustomKeyStoreStorage storage;
  private final Runnable leaving;
  private final List<HsmUri.Pkcs11> domainTokens;
  private final SecureRandom random;
  private final Clock clock;

  /**
   * Makes it.
   *
   * @param leaving lets go of what is in memory of stores that are not connected any more
   * @param domainHsm the setting {@code hsm}: those tokens are no customer's
   */
  CustomKeyStoreAdministration(
      Gate gate,
      CustomKeyStores stores,
      CustomKeyStoreStorage storage,
      Runnable leaving,
      HsmUri domainHsm,
      SecureRandom random,
      Clock clock) {
    this.gate = gate;
    this.stores = stores;
    this.storage = storage;
    this.leaving = leaving;
    this.domainTokens = HsmUri.tokens(domainHsm);
    this.random = random;
    this.clock = clock;
  }

  String create(Caller caller, String name, String cluster) {
    String id = newId();
    Map<String, String> parameters =
        Map.of("customKeyStoreId", id, "customKeyStoreName", name, "cloudHsmClusterId", cluster);
    return gate.run(
        Call.of(caller, Operation.CREATE_CUSTOM_KEY_STORE, parameters),
        () -> {
          requireName(name);
          requireCluster(cluster);
          storage.save(
              new CustomKeyStoreRow(
                  id,
                  caller.accountId(),
                  name,
                  cluster,
                  ConnectionState.DISCONNECTED,
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  clock.instant().truncatedTo(ChronoUnit.MILLIS),
                  0));
          return id;
        });
  }

  private String newId() {
    byte[] drawn = new byte[ID_BYTES];
    random.nextBytes(drawn);
    return "cks-" + HexFormat.of().formatHex(drawn).substring(1);
  }

  private static void requireName(String name) {
    boolean isPlain =
        !name.isBlank()
            && name.length() <= MAX_NAME
            && name.chars().noneMatch(Character::isISOControl);
    if (!isPlain) {
      throw new KmsException.Validation(
          "A custom key store has a name of 1 to "
              + MAX_NAME
              + " characters, without control characters.");
    }
  }

  private void requireCluster(String cluster) {
    HsmUri.Pkcs11 token = pkcs11(cluster);
    for (HsmUri.Pkcs11 domain : domainTokens) {
      if (domain.describe().equals(token.describe())
          && domain.modulePath().equals(token.modulePath())) {
        throw new KmsException.CloudHsmClusterInUse(
            "The domain key is in that token, and a custom key store is one customer's token: name"
                + " another one.");
      }
    }
  }

  private static HsmUri.Pkcs11 pkcs11(String cluster) {
    try {
      if (cluster.length() <= MAX_CLUSTER && HsmUri.parse(cluster) instanceof HsmUri.Pkcs11 token) {
        return token;
      }
    } catch (IllegalArgumentException e) {
      throw new KmsException.Validation(String.valueOf(e.getMessage()));
    }
    throw new KmsException.Validation(
        "The keys of a custom key store live in a token, which is named by a PKCS#11 URI of at most"
            + " 4096 characters: \"pkcs11:token=LABEL?module-path=PATH&pin-source=file:PATH\".");
  }

  List<CustomKeyStoreEntry> describe(Caller caller) {
    return gate.run(
        Call.of(caller, Operation.DESCRIBE_CUSTOM_KEY_STORES),
        () ->
            storage.list(caller.accountId()).stream()
                .map(CustomKeyStoreAdministration::entry)
                .toList());
  }

  private static CustomKeyStoreEntry entry(CustomKeyStoreRow store) {
    return new CustomKeyStoreEntry(
        store.id(),
        store.name(),
        store.cluster(),
        store.state(),
        store.error(),
        store.errorMessage(),
        store.creationDate());
  }

  void connect(Caller caller, String id) {
    run(
        caller,
        Operation.CONNECT_CUSTOM_KEY_STORE,
        id,
        Map.of(),
        store -> {
          if (store.isConnected()) {
            throw new KmsException.CustomKeyStoreInvalidState(
                "Custom key store " + id + " is CONNECTED. There is nothing to do.");
          }
          try {
            storage.save(stores.connect(store));
          } catch (HsmException e) {
            throw failed(store, ConnectionFailure.of(e));
          } catch (KmsException.CloudHsmClusterNotRelated e) {
            throw failed(store, ConnectionFailure.of(e));
          }
        });
  }

  private KmsException failed(CustomKeyStoreRow store, ConnectionFailure failure) {
    storage.save(store.failed(failure.code(), String.valueOf(failure.told().getMessage())));
    return failure.told();
  }

  void disconnect(Caller caller, String id) {
    run(
        caller,
        Operation.DISCONNECT_CUSTOM_KEY_STORE,
        id,
        Map.of(),
        store -> {
          if (store.state() == ConnectionState.DISCONNECTED) {
            throw new KmsException.CustomKeyStoreInvalidState(
                "Custom key store " + id + " is DISCONNECTED. There is nothing to do.");
          }
          storage.save(store.disconnected());
          leaving.run();
        });
  }

  void update(Caller caller, String id, Optional<String> name, Optional<String> cluster) {
    Map<String, String> parameters = new TreeMap<>();
    name.ifPresent(text -> parameters.put("newCustomKeyStoreName", text));
    cluster.ifPresent(text -> parameters.put("cloudHsmClusterId", text));
    run(
        caller,
        Operation.UPDATE_CUSTOM_KEY_STORE,
        id,
        parameters,
        store -> {
          name.ifPresent(CustomKeyStoreAdministration::requireName);
          cluster.ifPresent(
              text -> {
                requireCluster(text);
                requireNotConnected(store, "Only then its token can be named anew.");
              });
          storage.save(store.with(name.orElse(store.name()), cluster.orElse(store.cluster())));
        });
  }

  void delete(Caller caller, String id) {
    run(
        caller,
        Operation.DELETE_CUSTOM_KEY_STORE,
        id,
        Map.of(),
        store -> {
          requireNotConnected(store, "Only then it can be deleted.");
          storage.delete(store);
        });
  }

  private static void requireNotConnected(CustomKeyStoreRow store, String then) {
    if (store.isConnected()) {
      throw new KmsException.CustomKeyStoreInvalidState(
          "Custom key store "
              + store.id()
              + " is CONNECTED. Run 'kms disconnect-custom-key-store --custom-key-store-id "
              + store.id()
              + "' first. "
              + then);
    }
  }

  private interface Work {
    void on(CustomKeyStoreRow store);
  }

  private void run(
      Caller caller, Operation operation, String id, Map<String, String> more, Work work) {
    Map<String, String> parameters = new TreeMap<>(more);
    parameters.put("customKeyStoreId", id);
    gate.run(
        Call.of(caller, operation, parameters),
        () -> {
          work.on(stores.require(caller.accountId(), id));
          return true;
        });
  }
}
