// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.CustomKeyStoreEntry;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code kms …}: custom key stores. */
final class CustomKeyStoreCommands {
  static final String ID = "--custom-key-store-id";

  private static final String NAME = "--custom-key-store-name";
  private static final String NEW_NAME = "--new-custom-key-store-name";
  private static final String CLUSTER = "--cloud-hsm-cluster-id";
  private static final String URI = "<pkcs11-uri>";
  private static final Parameter STORE =
      Parameter.required(ID, "<id>", "As describe-custom-key-stores shows it: cks-….");

  private CustomKeyStoreCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            "kms",
            "create-custom-key-store",
            "Makes a custom key store: a token of your own, in which keys live and nowhere else.",
            """
            strongroom kms create-custom-key-store --custom-key-store-name vault \\
                --cloud-hsm-cluster-id "pkcs11:token=vault?module-path=/usr/lib/softhsm/\\
            libsofthsm2.so&pin-source=file:/etc/strongroom/vault.pin"\
            """,
            List.of(
                Parameter.required(NAME, "<name>", "Unique in the account."),
                Parameter.required(
                    CLUSTER,
                    URI,
                    "The token (RFC 7512), as of the setting 'hsm': with the place of the PIN, not"
                        + " the PIN.")),
            CustomKeyStoreCommands::create),
        new Command(
            "kms",
            "describe-custom-key-stores",
            "Shows custom key stores: their tokens, whether they are connected, and why not.",
            "strongroom kms describe-custom-key-stores --custom-key-store-name vault",
            List.of(
                Parameter.optional(ID, "<id>", "Only this one."),
                Parameter.optional(NAME, "<name>", "Only the one of that name.")),
            CustomKeyStoreCommands::describe),
        new Command(
            "kms",
            "connect-custom-key-store",
            "Lets the keys of a custom key store be used, until it is disconnected.",
            "strongroom kms connect-custom-key-store --custom-key-store-id cks-0123456789abcdef0",
            List.of(STORE),
            CustomKeyStoreCommands::connect),
        new Command(
            "kms",
            "disconnect-custom-key-store",
            "Makes the keys of a custom key store unavailable, in every process.",
            "strongroom kms disconnect-custom-key-store"
                + " --custom-key-store-id cks-0123456789abcdef0",
            List.of(STORE),
            CustomKeyStoreCommands::disconnect),
        new Command(
            "kms",
            "update-custom-key-store",
            "Gives a custom key store another name, or says anew where its token is.",
            "strongroom kms update-custom-key-store --custom-key-store-id cks-0123456789abcdef0"
                + " --new-custom-key-store-name vault-2",
            List.of(
                STORE,
                Parameter.optional(NEW_NAME, "<name>", "Unique in the account."),
                Parameter.optional(CLUSTER, URI, "The same token; it must be disconnected.")),
            CustomKeyStoreCommands::update),
        new Command(
            "kms",
            "delete-custom-key-store",
            "Deletes a custom key store that has no keys; its token stays as it is.",
            "strongroom kms delete-custom-key-store --custom-key-store-id cks-0123456789abcdef0",
            List.of(STORE),
            CustomKeyStoreCommands::delete));
  }

  private static Answer create(Call call) throws IOException {
    String id = call.kms().createCustomKeyStore(call.caller(), call.text(NAME), call.text(CLUSTER));
    return new Answer().with("CustomKeyStoreId", id);
  }

  private static Answer describe(Call call) throws IOException {
    Optional<String> id = call.arguments().find(ID);
    Optional<String> name = call.textIfGiven(NAME);
    List<CustomKeyStoreEntry> found =
        call.kms().describeCustomKeyStores(call.caller()).stream()
            .filter(store -> id.isEmpty() || store.id().equals(id.get()))
            .filter(store -> name.isEmpty() || store.name().equals(name.get()))
            .toList();
    if (found.isEmpty() && (id.isPresent() || name.isPresent())) {
      throw new KmsException.CustomKeyStoreNotFound(
          "There is no such custom key store. Without options all are shown.");
    }
    return new Answer()
        .with("CustomKeyStores", found.stream().map(CustomKeyStoreCommands::shape).toList());
  }

  private static Answer shape(CustomKeyStoreEntry store) {
    return new Answer()
        .with("CustomKeyStoreId", store.id())
        .with("CustomKeyStoreName", store.name())
        .with("CloudHsmClusterId", store.cluster())
        .with("ConnectionState", store.state().name())
        .withIfPresent("ConnectionErrorCode", store.error().map(Enum::name))
        .with("CreationDate", store.creationDate())
        .with("CustomKeyStoreType", "AWS_CLOUDHSM")
        .withIfPresent("ConnectionErrorMessage", store.errorMessage());
  }

  private static Answer connect(Call call) {
    call.kms().connectCustomKeyStore(call.caller(), call.arguments().get(ID));
    return Answer.none();
  }

  private static Answer disconnect(Call call) {
    call.kms().disconnectCustomKeyStore(call.caller(), call.arguments().get(ID));
    return Answer.none();
  }

  private static Answer update(Call call) throws IOException {
    Optional<String> name = call.textIfGiven(NEW_NAME);
    Optional<String> cluster = call.textIfGiven(CLUSTER);
    if (name.isEmpty() && cluster.isEmpty()) {
      throw UsageError.of(NEW_NAME, "say what is to change: " + NEW_NAME + " or " + CLUSTER + ".");
    }
    call.kms().updateCustomKeyStore(call.caller(), call.arguments().get(ID), name, cluster);
    return Answer.none();
  }

  private static Answer delete(Call call) {
    call.kms().deleteCustomKeyStore(call.caller(), call.arguments().get(ID));
    return Answer.none();
  }
}
