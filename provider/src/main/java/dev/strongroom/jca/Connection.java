// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KeyStoreDescriptor;
import dev.strongroom.keystore.KmsAccess;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.service.Credentials;
import dev.strongroom.kms.service.Kms;
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
 * <p>Thread-safe; a failure to open is not remembered, so that a later call may succeed.
 */
final class Connection implements KmsAccess {
  private final Engine engine;
  private final Login login = new Login(this);
  private final Map<Path, Connection> described = new HashMap<>();
  private volatile @Nullable Kms kms;
  private volatile @Nullable Caller fromSettings;
  private boolean closed;

  Connection(Engine engine) {
    this.engine = engine;
  }

  @Override
  public Kms kms() {
    Kms open = kms;
    return open != null ? open : open();
  }

  private synchronized Kms open() {
    requireOpen();
    if (kms == null) {
      kms = engine.open();
    }
    return kms;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(
          "This Strongroom provider was closed. Make another one to go on.");
    }
  }

  @Override
  public Caller caller() {
    Caller loggedIn = login.caller();
    if (loggedIn != null) {
      return loggedIn;
    }
    Kms open = kms();
    Caller known = fromSettings;
    return known != null ? known : authenticate(open);
  }

  private synchronized Caller authenticate(Kms open) {
    requireOpen();
    if (fromSettings == null) {
      fromSettings = engine.caller(open);
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
    Path file = settings.normalize();
    return described.computeIfAbsent(file, path -> new Connection(Engine.ofFile(path)));
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

  void login(@Nullable CallbackHandler handler) throws LoginException {
    login.login(handler);
  }

  void logout() {
    login.logout();
  }

  void setCallbackHandler(@Nullable CallbackHandler handler) {
    login.setCallbackHandler(handler);
  }

  /** Gives the KMS back. Later calls fail. */
  synchronized void close() {
    closed = true;
    login.logout();
    described.values().forEach(Connection::close);
    if (kms != null) {
      kms = null;
      fromSettings = null;
      engine.close();
    }
  }
}
