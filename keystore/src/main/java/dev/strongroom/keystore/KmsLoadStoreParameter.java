// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import java.nio.file.Path;
import java.security.KeyStore;
import java.security.KeyStore.ProtectionParameter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How to load a KeyStore of type {@code KMS}, for programs that do not want a descriptor file:
 * which KMS, who calls, and which entries are shown. Immutable.
 *
 * <pre>
 * KeyStore keys = KeyStore.getInstance("KMS");
 * keys.load(KmsLoadStoreParameter.ofSettings().withAliases("web-*"));
 * </pre>
 */
public final class KmsLoadStoreParameter implements KeyStore.LoadStoreParameter {
  private static final KmsLoadStoreParameter OF_SETTINGS =
      new KmsLoadStoreParameter(
          null, new KeyStoreDescriptor(Optional.empty(), Optional.empty(), Optional.empty()));

  private final @Nullable ProtectionParameter protection;
  private final KeyStoreDescriptor descriptor;

  private KmsLoadStoreParameter(
      @Nullable ProtectionParameter protection, KeyStoreDescriptor descriptor) {
    this.protection = protection;
    this.descriptor = descriptor;
  }

  /** Returns the KMS, the access key and all entries of the provider's settings. */
  public static KmsLoadStoreParameter ofSettings() {
    return OF_SETTINGS;
  }

  /**
   * Returns the same for another caller.
   *
   * @param caller a {@code PasswordProtection} with {@code ACCESS_KEY_ID:SECRET}, or a {@code
   *     CallbackHandlerProtection} whose handler answers a {@code PasswordCallback} with that; it
   *     is kept, not copied
   */
  public KmsLoadStoreParameter withCaller(ProtectionParameter caller) {
    return new KmsLoadStoreParameter(caller, descriptor);
  }

  /**
   * Returns the same for the KMS of other settings.
   *
   * @param settings a properties file
   */
  public KmsLoadStoreParameter withConfig(Path settings) {
    return new KmsLoadStoreParameter(
        protection,
        new KeyStoreDescriptor(
            Optional.of(settings.toAbsolutePath()),
            descriptor.credentials(),
            descriptor.aliases()));
  }

  /**
   * Returns the same for the access key in a file; one of {@link #withCaller} goes before it.
   *
   * @param credentials in the AWS CLI's format
   */
  public KmsLoadStoreParameter withCredentials(Path credentials) {
    return new KmsLoadStoreParameter(
        protection,
        new KeyStoreDescriptor(
            descriptor.config(), Optional.of(credentials.toAbsolutePath()), descriptor.aliases()));
  }

  /**
   * Returns the same with those entries only whose names match.
   *
   * @param glob {@code *} stands for any text, {@code ?} for one character
   */
  public KmsLoadStoreParameter withAliases(String glob) {
    return new KmsLoadStoreParameter(
        protection,
        new KeyStoreDescriptor(
            descriptor.config(), descriptor.credentials(), Optional.of(new AliasFilter(glob))));
  }

  KeyStoreDescriptor descriptor() {
    return descriptor;
  }

  /** Returns what {@link #withCaller} said; null for the access key of the settings. */
  @Override
  public @Nullable ProtectionParameter getProtectionParameter() {
    return protection;
  }
}
