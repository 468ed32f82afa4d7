// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.AccessKey;
import dev.strongroom.keystore.KmsAccess;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.security.Security;
import java.util.Arrays;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;
import org.jspecify.annotations.Nullable;

/** Asks for an access key when somebody logs in to a provider. */
final class Login {
  private static final String DEFAULT_HANDLER = "auth.login.defaultCallbackHandler";

  private Login() {}

  /**
   * Asks for an access key and authenticates it.
   *
   * @param handler is asked; null for that of the security property
   */
  static Caller login(KmsAccess access, @Nullable CallbackHandler handler) throws LoginException {
    char[] password = ask(handler != null ? handler : defaultHandler());
    try {
      return AccessKey.authenticate(access.kms(), password);
    } catch (KmsException.UnrecognizedClient
        | KmsException.ExpiredToken
        | IllegalArgumentException e) {
      throw because(new FailedLoginException(e.getMessage()), e);
    } catch (KmsException e) {
      throw because(new LoginException(e.getMessage()), e);
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private static char[] ask(CallbackHandler handler) throws LoginException {
    PasswordCallback question =
        new PasswordCallback("Strongroom access key (ACCESS_KEY_ID:SECRET): ", false);
    try {
      handler.handle(new Callback[] {question});
      char[] answer = question.getPassword();
      if (answer == null || answer.length == 0) {
        throw new FailedLoginException("No access key was given. It is ACCESS_KEY_ID:SECRET.");
      }
      return answer;
    } catch (IOException | UnsupportedCallbackException e) {
      throw because(new LoginException("The access key could not be asked for"), e);
    } finally {
      question.clearPassword();
    }
  }

  private static CallbackHandler defaultHandler() throws LoginException {
    String name = Security.getProperty(DEFAULT_HANDLER);
    if (name == null || name.isEmpty()) {
      throw new LoginException(
          "Nobody can be asked for an access key. Give login a CallbackHandler; without login the"
              + " access key of the settings is used.");
    }
    try {
      return Class.forName(name, true, ClassLoader.getSystemClassLoader())
          .asSubclass(CallbackHandler.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw because(new LoginException(DEFAULT_HANDLER + " names no CallbackHandler: " + name), e);
    }
  }

  private static LoginException because(LoginException exception, Throwable cause) {
    exception.initCause(cause);
    return exception;
  }
}
