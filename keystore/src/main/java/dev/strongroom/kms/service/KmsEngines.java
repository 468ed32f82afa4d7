// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.storage.SqliteLibrary;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The engines that are open in this class loader: settings that lead to the same KMS share one.
 *
 * <p>Static, because providers that know nothing of each other must meet here: two engines on one
 * home would write two journals and keep two caches. Engines are held weakly: whoever forgets to
 * close one does not keep it, or a web application's class loader, for ever.
 */
public final class KmsEngines {

  /** An engine and how many hold it. */
  private static final class Shared {
    private final WeakReference<EmbeddedKms> engine;
    private int holders;

    Shared(EmbeddedKms engine) {
      this.engine = new WeakReference<>(engine);
    }
  }

  private static final Map<KmsConfig, Shared> OPEN = new HashMap<>();

  private KmsEngines() {}

  /**
   * Returns the engine of these settings, opened if it is not yet. Each holder calls {@link
   * #release} once; the last one closes it.
   *
   * @throws dev.strongroom.kms.KmsException.Configuration if it cannot be opened as set
   */
  public static Kms acquire(KmsConfig config) {
    synchronized (OPEN) {
      Shared shared = OPEN.get(config);
      EmbeddedKms engine = engineOf(shared);
      if (shared == null || engine == null) {
        engine = KmsAssembly.open(config, () -> forget(config));
        shared = new Shared(engine);
        OPEN.put(config, shared);
      }
      shared.holders++;
      return engine;
    }
  }

  private static @Nullable EmbeddedKms engineOf(@Nullable Shared shared) {
    return shared == null ? null : shared.engine.get();
  }

  /**
   * Says that this process runs nothing but a program of this KMS. It then starts faster by means
   * that would reach other software in the process: see {@link SqliteLibrary#ownProcess}.
   */
  public static void ownProcess() {
    SqliteLibrary.ownProcess();
  }

  /** Returns a KMS that is shared with nobody and gone when it is closed: for tests. */
  public static Kms temporary() {
    return KmsAssembly.openTemporary();
  }

  /** Gives an acquired engine back; the last holder closes it. */
  public static void release(KmsConfig config) {
    EmbeddedKms last = null;
    synchronized (OPEN) {
      Shared shared = OPEN.get(config);
      if (shared != null && --shared.holders <= 0) {
        last = shared.engine.get();
        OPEN.remove(config);
      }
    }
    if (last != null) {
      last.close();
    }
  }

  private static void forget(KmsConfig config) {
    synchronized (OPEN) {
      OPEN.remove(config);
    }
    if (config.isTemporary()) {
      TemporaryHome.delete(config.home());
    }
  }
}
