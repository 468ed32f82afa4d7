// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static dev.strongroom.cli.Options.GRANT_TOKENS;
import static dev.strongroom.cli.Options.KEY_ID;
import static dev.strongroom.cli.Options.KEY_MATERIAL_ID;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.service.CreateKeyRequest;
import dev.strongroom.kms.service.GetPublicKeyResult;
import dev.strongroom.kms.service.ReplicateKeyRequest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code kms …}: making, describing and switching keys, and their policies. */
final class KeyCommands {

  private static final Parameter DESCRIPTION =
      Parameter.optional("--description", "<text>", "What the key is for; up to 8192 characters.");
  private static final String ORIGIN = "--origin";
  private static final String POLICY_HELP =
      "The key policy: file://policy.json, or JSON. See 'strongroom help kms get-key-policy'.";
  private static final Parameter POLICY_NAME =
      Parameter.optional("--policy-name", "default", "Key policies have no other name.");

  private KeyCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            "kms",
            "create-key",
            "Makes a KMS key, whose material never leaves the KMS in clear.",
            """
            strongroom kms create-key --description "Signs releases" \\
                --key-spec ECC_NIST_P256 --key-usage SIGN_VERIFY --alias-name alias/release\
            """,
            List.of(
                Parameter.optional(
                    "--key-spec",
                    "<spec>",
                    "SYMMETRIC_DEFAULT (default), RSA_2048, RSA_3072, RSA_4096, ECC_NIST_P256,"
                        + " ECC_NIST_P384, ECC_NIST_P521, ECC_SECG_P256K1, ECC_NIST_EDWARDS25519,"
                        + " X25519, ML_DSA_44, ML_DSA_65, ML_DSA_87, ML_KEM_512, ML_KEM_768,"
                        + " ML_KEM_1024, HMAC_224, HMAC_256, HMAC_384 or HMAC_512."),
                Parameter.optional(
                    "--key-usage",
                    Choices.label(KeyUsage.class),
                    "What it may be used for; must be said for RSA. A curve signs unless told"
                        + " otherwise."),
                Parameter.flag("--multi-region", "Can be replicated to other regions."),
                DESCRIPTION,
                Parameter.optional("--policy", "<json>", POLICY_HELP),
                Parameter.optional(
                    "--alias-name", "<alias>", "A name, given in the same moment (not in AWS)."),
                TagCommands.TAGS,
                Parameter.optional(
                    ORIGIN,
                    Choices.label(KeyOrigin.class),
                    "AWS_KMS: made here; EXTERNAL: imported afterwards; AWS_CLOUDHSM: made in the token"
                        + " of a custom key store."),
                Parameter.optional(
                    CustomKeyStoreCommands.ID,
                    "<id>",
                    "The custom key store of a key whose origin is AWS_CLOUDHSM."),
                Parameter.optional(
                    "--protection-level",
                    Choices.label(ProtectionLevel.class),
                    "Where the key is opened: inside the HSM only, or in this JVM (not in AWS)."),
                Parameter.flag("--no-subkey-cache", "One HSM call for each message (not in AWS).")),
            KeyCommands::createKey),
        new Command(
            "kms",
            "replicate-key",
            "Makes a replica of a multi-Region key in another region, or brings it up to date.",
            "strongroom kms replicate-key --key-id alias/app --replica-region eu-2",
            List.of(
                KEY_ID,
                Parameter.required(
                    "--replica-region",
                    "<region>",
                    "Where: the setting region.<region> has its home or settings file."),
                Parameter.optional("--policy", "<json>", POLICY_HELP),
                DESCRIPTION,
                TagCommands.TAGS),
            KeyCommands::replicateKey),
        new Command(
            "kms",
            "update-primary-region",
            "Makes a replica of a multi-Region key its primary, and the primary a replica.",
            "strongroom kms update-primary-region --key-id alias/app --primary-region eu-2",
            List.of(
                KEY_ID,
                Parameter.required("--primary-region", "<region>", "Where the key has a replica.")),
            KeyCommands::updatePrimaryRegion),
        new Command(
            "kms",
            "describe-key",
            "Shows what a key is: spec, usage, state, algorithms.",
            "strongroom kms describe-key --key-id alias/release",
            List.of(KEY_ID, GRANT_TOKENS),
            KeyCommands::describeKey),
        new Command(
            "kms",
            "list-keys",
            "Lists the ids of all keys.",
            "strongroom kms list-keys --output text",
            List.of(Options.LIMIT, Options.MARKER, Options.MAX_ITEMS, Options.STARTING_TOKEN),
            KeyCommands::listKeys),
        new Command(
            "kms",
            "update-key-description",
            "Replaces the description of a key.",
            "strongroom kms update-key-description --key-id alias/release --description \"Old\"",
            List.of(KEY_ID, Parameter.required("--description", "<text>", DESCRIPTION.help())),
            KeyCommands::updateKeyDescription),
        new Command(
            "kms",
            "enable-key",
            "Lets a disabled key be used again.",
            "strongroom kms enable-key --key-id alias/release",
            List.of(KEY_ID),
            KeyCommands::enableKey),
        new Command(
            "kms",
            "disable-key",
            "Stops all use of a key until it is enabled again; nothing is lost.",
            "strongroom kms disable-key --key-id alias/release",
            List.of(KEY_ID),
            KeyCommands::disableKey),
        new Command(
            "kms",
            "update-pkcs1-decryption",
            "Lets an RSA key decrypt PKCS#1 v1.5, or stops it (not in AWS).",
            "strongroom kms update-pkcs1-decryption --key-id alias/legacy --allow",
            List.of(
                KEY_ID,
                Parameter.flag(
                    "--allow",
                    "Decrypts from now on; what has wrong padding then gives random bytes, and no"
                        + " error."),
                Parameter.flag(
                    "--deny", "Does not, as all new keys: the padding invites attacks.")),
            KeyCommands::updatePkcs1Decryption),
        new Command(
            "kms",
            "get-public-key",
            "Shows the public half of an asymmetric key, as a DER SubjectPublicKeyInfo.",
            """
            strongroom kms get-public-key --key-id alias/release \\
                --query PublicKey --output text | base64 -d > release.der\
            """,
            List.of(KEY_ID, KEY_MATERIAL_ID, GRANT_TOKENS),
            KeyCommands::getPublicKey),
        new Command(
            "kms",
            "get-key-policy",
            "Shows who may do what with a key.",
            "strongroom kms get-key-policy --key-id alias/release --query Policy --output text",
            List.of(KEY_ID, POLICY_NAME),
            KeyCommands::getKeyPolicy),
        new Command(
            "kms",
            "put-key-policy",
            "Replaces the policy of a key.",
            "strongroom kms put-key-policy --key-id alias/release --policy file://policy.json",
            List.of(KEY_ID, Parameter.required("--policy", "<json>", POLICY_HELP), POLICY_NAME),
            KeyCommands::putKeyPolicy));
  }

  private static Answer createKey(Call call) throws IOException {
    CreateKeyRequest request =
        new CreateKeyRequest(
            call.choiceIfGiven("--key-spec", CmkSpec.class).orElse(CmkSpec.SYMMETRIC_DEFAULT),
            call.choiceIfGiven("--key-usage", KeyUsage.class),
            call.choiceIfGiven("--protection-level", ProtectionLevel.class),
            call.textIfGiven("--description").orElse(""),
            call.textIfGiven("--policy"),
            call.aliasIfGiven("--alias-name"),
            TagSyntax.ofKms().parse(call, TagCommands.TAGS.name()),
            origin(call),
            call.arguments().find(CustomKeyStoreCommands.ID),
            call.arguments().has("--multi-region"),
            !call.arguments().has("--no-subkey-cache"),
            Optional.empty(),
            true);
    return metadata(call.kms().createKey(call.caller(), request));
  }

  private static KeyOrigin origin(Call call) {
    KeyOrigin origin = call.choiceIfGiven(ORIGIN, KeyOrigin.class).orElse(KeyOrigin.AWS_KMS);
    if (call.arguments().has(CustomKeyStoreCommands.ID) != (origin == KeyOrigin.AWS_CLOUDHSM)) {
      throw UsageError.of(
          ORIGIN,
          "AWS_CLOUDHSM and " + CustomKeyStoreCommands.ID + " belong together: say both or none.");
    }
    return origin;
  }

  private static Answer replicateKey(Call call) throws IOException {
    ReplicateKeyRequest request =
        new ReplicateKeyRequest(
            call.key("--key-id"),
            call.arguments().get("--replica-region"),
            call.textIfGiven("--policy"),
            call.textIfGiven("--description").orElse(""),
            TagSyntax.ofKms().parse(call, TagCommands.TAGS.name()));
    KeyMetadata replica = call.kms().replicateKey(call.caller(), request);
    return new Answer().with("ReplicaKeyMetadata", Shapes.keyMetadata(replica));
  }

  private static Answer updatePrimaryRegion(Call call) {
    KeyRef key = call.key("--key-id");
    call.kms().updatePrimaryRegion(call.caller(), key, call.arguments().get("--primary-region"));
    return Answer.none();
  }

  private static Answer describeKey(Call call) {
    KeyRef key = call.key("--key-id");
    return metadata(call.kms().describeKey(call.caller(), key));
  }

  private static Answer metadata(KeyMetadata key) {
    return new Answer().with("KeyMetadata", Shapes.keyMetadata(key));
  }

  private static Answer listKeys(Call call) {
    return Pages.list(
        call,
        "Keys",
        (marker, limit) -> call.kms().listKeys(call.caller(), marker, limit),
        key -> Shapes.keyListEntry(call.place(), key));
  }

  private static Answer updateKeyDescription(Call call) throws IOException {
    KeyRef key = call.key("--key-id");
    String description = call.text("--description");
    call.kms().updateKeyDescription(call.caller(), key, description);
    return Answer.none();
  }

  private static Answer enableKey(Call call) {
    KeyRef key = call.key("--key-id");
    call.kms().enableKey(call.caller(), key);
    return Answer.none();
  }

  private static Answer disableKey(Call call) {
    KeyRef key = call.key("--key-id");
    call.kms().disableKey(call.caller(), key);
    return Answer.none();
  }

  private static Answer updatePkcs1Decryption(Call call) {
    boolean allowed = call.arguments().has("--allow");
    if (allowed == call.arguments().has("--deny")) {
      throw UsageError.of("--allow", "say either --allow or --deny.");
    }
    KeyRef key = call.key("--key-id");
    call.kms().updatePkcs1Decryption(call.caller(), key, allowed);
    return Answer.none();
  }

  private static Answer getPublicKey(Call call) {
    KeyRef ref = call.key("--key-id");
    GetPublicKeyResult result =
        call.arguments()
            .find(KEY_MATERIAL_ID.name())
            .map(id -> call.kms().getPublicKey(call.caller(), ref, id))
            .orElseGet(() -> call.kms().getPublicKey(call.caller(), ref));
    KeyMetadata key = result.metadata();
    return new Answer()
        .with("KeyId", key.arn().text())
        .with("KeyMaterialId", key.keyMaterialId())
        .with("PublicKey", result.publicKey())
        .with("CustomerMasterKeySpec", key.spec().name())
        .with("KeySpec", key.spec().name())
        .with("KeyUsage", key.usage().name())
        .withUnlessEmpty("EncryptionAlgorithms", Shapes.names(key.encryptionAlgorithms()))
        .withUnlessEmpty("SigningAlgorithms", Shapes.names(key.signingAlgorithms()))
        .withUnlessEmpty("KeyAgreementAlgorithms", Shapes.names(key.keyAgreementAlgorithms()));
  }

  private static Answer getKeyPolicy(Call call) {
    checkPolicyName(call);
    KeyRef key = call.key("--key-id");
    return new Answer()
        .with("Policy", call.kms().getKeyPolicy(call.caller(), key))
        .with("PolicyName", "default");
  }

  private static Answer putKeyPolicy(Call call) throws IOException {
    checkPolicyName(call);
    KeyRef key = call.key("--key-id");
    String policy = call.text("--policy");
    call.kms().putKeyPolicy(call.caller(), key, policy);
    return Answer.none();
  }

  private static void checkPolicyName(Call call) {
    if (!call.arguments().find("--policy-name").orElse("default").equals("default")) {
      throw UsageError.of("--policy-name", "a key has one policy; its name is 'default'.");
    }
  }
}
