// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KeyStoreDescriptor;
import dev.strongroom.keystore.KmsAccess;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.service.Credentials;
import dev.strongroom.kms.service.Kms;
import dev.strongroom.kms.service.KmsConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.login.LoginException;
import org.jspecify.annotations.Nullable;

/**
 * A provider's way to its KMS: opened at first use, shared with other providers of the same
 * settings, given back when the provider is closed. Knows who calls where nobody else is named.
 *
 * <p>Every JVM that has the provider in its list makes one of the default settings: so these are
 * looked for when the KMS is opened, and what opens it and logs in is in classes of its own, which
 * are not read before.
 *
 * <p>Thread-safe; a failure to open is not remembered, so that a later call may succeed.
 */
final class Connection implements KmsAccess {
  private final @Nullable KmsConfig given;
  private final @Nullable Path file;
  private final Map<Path, Connection> described = new HashMap<>();

  /** Taken to log in, which may wait for somebody: others go on meanwhile. */
  private final Object loggingIn = new Object();

  private volatile @Nullable Engine engine;
  private volatile @Nullable Caller fromSettings;
  private volatile @Nullable Caller loggedIn;
  private @Nullable CallbackHandler handler;
  private boolean closed;

  private Connection(@Nullable KmsConfig given, @Nullable Path file) {
    this.given = given;
    this.file = file;
  }

  /** Leads to the KMS of the system properties and the environment. */
  static Connection ofDefaults() {
    return new Connection(null, null);
  }

  /** Leads to the KMS of these settings. */
  static Connection of(KmsConfig settings) {
    return new Connection(settings, null);
  }

  /** Leads to the KMS of a settings file. */
  private static Connection ofFile(Path file) {
    return new Connection(null, file);
  }

  @Override
  public Kms kms() {
    return engine().kms();
  }

  private Engine engine() {
    Engine open = engine;
    return open != null ? open : open();
  }

  private synchronized Engine open() {
    requireOpen();
    Engine open = engine;
    if (open == null) {
      open = Engine.open(settings());
      engine = open;
    }
    return open;
  }

  private KmsConfig settings() {
    if (given != null) {
      return given;
    }
    return file != null ? KmsConfig.fromFile(file) : KmsConfig.fromDefaults();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(
          "This Strongroom provider was closed. Make another one to go on.");
    }
  }

  @Override
  public Caller caller() {
    Caller asked = loggedIn;
    if (asked != null) {
      return asked;
    }
    Engine open = engine();
    Caller known = fromSettings;
    return known != null ? known : authenticate(open);
  }

  private synchronized Caller authenticate(Engine open) {
    requireOpen();
    if (fromSettings == null) {
      fromSettings = open.caller();
    }
    return fromSettings;
  }

  @Override
  public KmsAccess of(KeyStoreDescriptor descriptor) {
    KmsAccess way = descriptor.config().isPresent() ? described(descriptor.config().get()) : this;
    return descriptor.credentials().isPresent()
        ? new WithCredentials(way, descriptor.credentials().get())
        : way;
  }

  private synchronized Connection described(Path settings) {
    requireOpen();
    return described.computeIfAbsent(settings.normalize(), Connection::ofFile);
  }

  /** The same KMS for another caller, from a credentials file. */
  private record WithCredentials(KmsAccess way, Path file) implements KmsAccess {
    @Override
    public Kms kms() {
      return way.kms();
    }

    @Override
    public Caller caller() {
      try (Credentials credentials = Credentials.read(file)) {
        return kms().authenticate(credentials);
      }
    }

    @Override
    public KmsAccess of(KeyStoreDescriptor descriptor) {
      return way.of(descriptor);
    }
  }

  /** Asks for an access key and authenticates it. Does nothing if somebody is logged in. */
  void login(@Nullable CallbackHandler asked) throws LoginException {
    synchronized (loggingIn) {
      if (loggedIn == null) {
        loggedIn = Login.login(this, asked != null ? asked : handler);
      }
    }
  }

  void logout() {
    loggedIn = null;
  }

  void setCallbackHandler(@Nullable CallbackHandler newHandler) {
    synchronized (loggingIn) {
      handler = newHandler;
    }
  }

  /** Gives the KMS back. Later calls fail. */
  synchronized void close() {
    closed = true;
    logout();
    described.values().forEach(Connection::close);
    Engine open = engine;
    if (open != null) {
      engine = null;
      fromSettings = null;
      open.close();
    }
  }
}
