// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.storage.AccessKeyUse;
import dev.strongroom.kms.storage.IdentityStorage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * When access keys were last used, to the minute. A call costs a look at a field and, once in a
 * while, a plain write to it; {@link #save} brings it to the store. Thread-safe.
 */
public final class AccessKeyUses {
  private static final Logger LOG = System.getLogger(AccessKeyUses.class.getName());
  private static final Duration PRECISION = Duration.ofMinutes(1);

  private final IdentityStorage storage;
  private final String region;
  private final Clock clock;
  private final ConcurrentMap<String, Use> uses = new ConcurrentHashMap<>();
  private Instant saved = Instant.EPOCH;

  /** What one access key was used for since the last saving. */
  static final class Use {
    private @Nullable String service;

    // Not volatile: of calls at the same moment any may be the last, and a minute is enough.
    void note(String calledService) {
      if (service == null) {
        service = calledService;
      }
    }
  }

  public AccessKeyUses(IdentityStorage storage, String region, Clock clock) {
    this.storage = storage;
    this.region = region;
    this.clock = clock;
  }

  /** Returns where uses of an access key are noted. */
  Use of(String accessKeyId) {
    return uses.computeIfAbsent(accessKeyId, id -> new Use());
  }

  /** Saves what was used, at most once a minute. */
  public synchronized void saveIfDue() {
    if (Duration.between(saved, clock.instant()).compareTo(PRECISION) >= 0) {
      save();
    }
  }

  /**
   * Saves what was used, but for keys that the store knows to have been used within a minute. That
   * nobody can be told of a use is no reason to refuse it: failures are logged.
   */
  public synchronized void save() {
    Instant now = clock.instant();
    saved = now;
    try {
      List<AccessKeyUse> news = new ArrayList<>();
      uses.forEach(
          (id, use) -> {
            String service = use.service;
            if (service != null && isNews(id, now)) {
              news.add(new AccessKeyUse(id, now, service, region));
            }
            use.service = null;
          });
      if (!news.isEmpty()) {
        storage.saveUses(news);
      }
    } catch (KmsException e) {
      LOG.log(Level.WARNING, "The last use of access keys was not saved: " + e.getMessage());
    }
  }

  private boolean isNews(String accessKeyId, Instant now) {
    Optional<AccessKeyUse> known = storage.findUse(accessKeyId);
    return known.isEmpty()
        || Duration.between(known.get().lastUsedDate(), now).compareTo(PRECISION) >= 0;
  }
}
