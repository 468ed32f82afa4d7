// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KeyNames;
import dev.strongroom.keystore.KmsKeyHandle;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.Kms;
import dev.strongroom.kms.service.KmsConfig;
import java.io.NotSerializableException;
import java.io.ObjectStreamException;
import java.security.AuthProvider;
import java.security.InvalidParameterException;
import java.security.Provider;
import java.security.Security;
import javax.security.auth.Subject;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.login.LoginException;
import org.jspecify.annotations.Nullable;

/**
 * The JCA provider of Strongroom, a key-management system in this JVM.
 *
 * <p>It may stand at any position of the list of providers: it takes only keys from its own
 * KeyStores, and never becomes the JVM's default for anything. Constructing it reads nothing and
 * opens nothing; the KMS is opened when it is first needed. Providers with the same settings share
 * one KMS. Thread-safe.
 */
public final class StrongroomProvider extends AuthProvider implements AutoCloseable {
  private static final long serialVersionUID = 1;

  /** The provider's name; with settings that have a name, {@code Strongroom-<name>}. */
  public static final String NAME = "Strongroom";

  /**
   * The system property that, if true when a provider is made, has its KeyStore offered under the
   * name {@code PKCS11} as well, for software that treats no other as a KeyStore without a file.
   */
  public static final String PKCS11_ALIAS = "strongroom.pkcs11-alias";

  static final String RANDOM = "KmsRandom";

  private static final String VERSION = "0.1";
  private static final String INFO =
      "Strongroom: KeyStore KMS, data keys, envelopes, and signatures, MACs, RSA-OAEP and key"
          + " agreement with keys of the KMS";

  private final transient Connection connection;
  private final transient Provider.Service random;

  /** Makes a provider with the default settings, which are read when the KMS is first needed. */
  public StrongroomProvider() {
    this(NAME, Connection.ofDefaults());
  }

  private StrongroomProvider(String name, Connection connection) {
    super(name, VERSION, INFO);
    this.connection = connection;
    this.random = Services.random(this, connection);
    for (Provider.Service service : Services.of(this, connection)) {
      putService(service);
    }
  }

  /** Returns a provider for tests: a KMS in memory that is gone when the provider is closed. */
  public static StrongroomProvider temporary() {
    return new StrongroomProvider(NAME, Connection.of(KmsConfig.temporary()));
  }

  /**
   * Returns the first of the JVM's installed providers that is one of this class.
   *
   * @throws IllegalStateException if there is none; the message says how to install one
   */
  public static StrongroomProvider installed() {
    for (Provider provider : Security.getProviders()) {
      if (provider instanceof StrongroomProvider ours) {
        return ours;
      }
    }
    throw new IllegalStateException(
        "The provider Strongroom is not installed. Call Security.addProvider(new"
            + " StrongroomProvider()) when the application starts, or add"
            + " security.provider.N=Strongroom to java.security.");
  }

  /**
   * Returns a new provider with the settings of a file. This one is not changed.
   *
   * @throws InvalidParameterException if the file cannot be read or is not one of settings
   */
  @Override
  public Provider configure(String file) {
    KmsConfig settings = Engine.settingsIn(file);
    return new StrongroomProvider(settings.shownName(), Connection.of(settings));
  }

  /**
   * Authenticates; the access key is then used where no other one is named, instead of that of the
   * settings.
   *
   * @param subject not used
   * @param handler gets one PasswordCallback, which wants {@code ACCESS_KEY_ID:SECRET}; null for
   *     the handler of {@link #setCallbackHandler} or of the security property {@code
   *     auth.login.defaultCallbackHandler}
   * @throws javax.security.auth.login.FailedLoginException if the access key is not valid
   */
  @Override
  public void login(@Nullable Subject subject, @Nullable CallbackHandler handler)
      throws LoginException {
    connection.login(handler);
  }

  /** Forgets who logged in. Handles that were given out keep their caller. */
  @Override
  public void logout() {
    connection.logout();
  }

  @Override
  public void setCallbackHandler(@Nullable CallbackHandler handler) {
    connection.setCallbackHandler(handler);
  }

  /**
   * Returns the KMS itself, for what JCA has no words for: creating keys, aliases, policies. Opens
   * it. It belongs to this provider; do not close it.
   */
  public Kms kms() {
    return connection.kms();
  }

  /** Returns who logged in, else whom the access key of the settings stands for. */
  public Caller caller() {
    return connection.caller();
  }

  /**
   * Returns a handle to a key of {@link #kms()}, which is used in the name of {@link #caller()}:
   * one recorded DescribeKey, and one GetPublicKey where the key has a public half.
   *
   * @param name an alias, with or without {@code alias/}, a key id or an ARN
   * @throws KmsException for example {@code AccessDenied}, {@code NotFound}
   * @throws IllegalArgumentException if it is no name
   */
  public KmsKeyHandle key(String name) {
    Caller caller = caller();
    return KmsKeyHandle.of(kms(), caller, kms().describeKey(caller, KeyNames.parse(name)));
  }

  /** Returns what this way of running protects against. Opens the KMS. */
  public Kms.Assurance assurance() {
    return connection.kms().assurance();
  }

  /**
   * Returns the service, {@code KmsRandom} too; for hashes and RSA-OAEP's parameters somebody
   * else's.
   *
   * <p>Called for every look-up in the JVM: must stay cheap.
   */
  @Override
  public Provider.@Nullable Service getService(String type, String algorithm) {
    if (type.equals("SecureRandom")) {
      return algorithm.equalsIgnoreCase(RANDOM) ? random : null;
    }
    Provider.Service lent = LentServices.find(type, algorithm);
    return lent != null ? lent : super.getService(type, algorithm);
  }

  /** Closes the KMS, unless other providers share it. Later use is an IllegalStateException. */
  @Override
  public void close() {
    connection.close();
  }

  /** Providers are compared by identity; the inherited comparison is of their tables. */
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // looks at nothing that changes
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // looks at nothing that changes
  public int hashCode() {
    return System.identityHashCode(this);
  }

  private Object writeReplace() throws ObjectStreamException {
    throw new NotSerializableException("A provider is connected to its KMS. Send its name.");
  }
}
