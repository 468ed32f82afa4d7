// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.HsmException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A PKCS#11 library of this process: loaded and initialized once, however many tokens are used.
 *
 * <p>It is not finalized when its last user here closes: C_Finalize ends the library for everybody
 * in the process, and others (SunPKCS11 for one) may use it, too. Thread-safe.
 */
final class LoadedModule {
  private static final System.Logger LOG = System.getLogger(LoadedModule.class.getName());

  /** By canonical path, since the process has each library once, whatever its path is called. */
  private static final Map<Path, LoadedModule> LOADED = new ConcurrentHashMap<>();

  private final Path path;
  private final Cryptoki cryptoki;
  private final Optional<String> initArgs;
  private final String description;
  private final boolean forgetsTokens;
  private final @Nullable ReentrantReadWriteLock objectLock;
  private final AtomicInteger users = new AtomicInteger();
  private final LoginMemory logins = new LoginMemory();
  private volatile boolean owned;

  private LoadedModule(Path path, Optional<String> initArgs) {
    this.path = path;
    this.initArgs = initArgs;
    this.cryptoki = CryptokiLoader.load(path);
    initialize();

    Block info = new Block(256);
    int[] at = Abi.HERE.layout(Abi.CK_INFO);
    Pkcs11Exception.check("C_GetInfo", code(cryptoki.C_GetInfo(info.address(0))));
    int major = info.unsignedByte(at[4]);
    int minor = info.unsignedByte(at[4] + 1);
    this.description = info.text(at[3], 32) + " " + major + "." + minor;
    String manufacturer = info.text(at[1], 32);
    this.forgetsTokens = manufacturer.startsWith("SoftHSM") && major == 2 && minor < 7;
    boolean changesNeedQuiet = forgetsTokens || manufacturer.startsWith("Mozilla");
    this.objectLock = changesNeedQuiet ? new ReentrantReadWriteLock() : null;
    info.keepAlive();
  }

  /**
   * Returns the module at {@code path}, which is loaded at the first call.
   *
   * @throws HsmException.Unavailable if it cannot be loaded or does not start
   */
  static LoadedModule at(Path path, Optional<String> initArgs) {
    Path canonical;
    try {
      canonical = path.toRealPath();
    } catch (IOException e) {
      throw new HsmException.Unavailable(
          "There is no PKCS#11 module at " + path + ". Correct module-path in the setting hsm.", e);
    }
    try {
      return LOADED.computeIfAbsent(canonical, p -> new LoadedModule(p, initArgs));
    } catch (Pkcs11Exception e) {
      throw new HsmException.Unavailable(
          "The PKCS#11 module "
              + path
              + " does not start: "
              + e.getMessage()
              + ". Its own configuration file or log has the cause.",
          e);
    }
  }

  /** Initializes the library; also after somebody else finalized it. */
  void initialize() {
    byte[] reserved = initArgs.orElse("").getBytes(StandardCharsets.UTF_8);
    int[] at = Abi.HERE.layout(Abi.CK_C_INITIALIZE_ARGS);
    Block args = new Block(at[7] + reserved.length + 1);
    args.putUlong(at[4], Ckf.OS_LOCKING_OK);
    args.putBytes(at[7], reserved);
    // NSS has its parameters at this place and pReserved behind it.
    args.putPointer(at[5], initArgs.isPresent() ? args.address(at[7]) : 0);
    long code = code(cryptoki.C_Initialize(args.address(0)));
    args.keepAlive();
    if (Ckr.of(code) == Ckr.CRYPTOKI_ALREADY_INITIALIZED) {
      LOG.log(System.Logger.Level.DEBUG, "{0} was initialized by other code; adopted", path);
      return;
    }
    Pkcs11Exception.check("C_Initialize", code);
    owned = true;
  }

  /** Counts a user of the module in or out. */
  void addUsers(int more) {
    users.addAndGet(more);
  }

  /**
   * Initializes SoftHSM before 2.7 anew, which never again reads a token whose folder was away for
   * a moment. Does nothing if other code initialized the module or if it has more than one user
   * here.
   */
  void restart() {
    if (objectLock == null || !forgetsTokens || !owned || users.get() > 1) {
      return;
    }
    objectLock.writeLock().lock();
    try {
      owned = false;
      Pkcs11Exception.check("C_Finalize", code(cryptoki.C_Finalize(0)));
      initialize();
    } finally {
      objectLock.writeLock().unlock();
    }
  }

  Cryptoki cryptoki() {
    return cryptoki;
  }

  Path path() {
    return path;
  }

  LoginMemory logins() {
    return logins;
  }

  /** Returns name and version of the library. */
  String description() {
    return description;
  }

  /**
   * Returns whether the module does the work in this process and has no device behind it that could
   * keep it waiting: SoftHSM and NSS.
   */
  boolean isTokenItself() {
    return description.startsWith("Implementation of PKCS11") || description.startsWith("NSS");
  }

  /** Returns the lock to hold while using objects; null where the module needs none. */
  @Nullable Lock useLock() {
    return objectLock == null ? null : objectLock.readLock();
  }

  /**
   * Returns the lock to hold while making or destroying token objects; null where the module needs
   * none. SoftHSM before 2.7 fails in C_FindObjects while another thread does that (SoftHSMv2 573);
   * NSS waits for minutes when threads read and change its database at once.
   */
  @Nullable Lock changeLock() {
    return objectLock == null ? null : objectLock.writeLock();
  }

  static long code(long returned) {
    return Abi.HERE.unsigned(returned);
  }
}
