// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KmsException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The settings there are. A name that is not here is refused, not ignored. */
enum Setting {
  // spotless:off
  //                 name                  default
  NAME              ("name",               ""),
  STORE             ("store",              "jdbc:sqlite:${home}/store.db"),
  HSM               ("hsm",                "embedded:${home}/domain.p12"),
  HSM_ACCEPT        ("hsm.accept",         ""),
  MIN_DOMAIN_KEY_COPIES ("minDomainKeyCopies", "1"),
  WRAP_POLICY       ("wrap-policy",        "open"),
  AUDIT             ("audit",              "${home}/audit"),
  AUDIT_SECOND      ("audit.second",       ""),
  AUDIT_SYNC        ("audit.sync",         "batch"),
  AUDIT_WITNESS     ("audit.witness",      ""),
  ACCOUNT           ("account",            "000000000000"),
  REGION            ("region",             "local"),
  IMPORT            ("import",             "deny"),
  RANDOM            ("random",             "system"),
  SNAPSHOT_SAFE     ("snapshot-safe",      "false"),
  BACKUP_FOLDER     ("backup.folder",      "${home}/backups"),
  BACKUP_INTERVAL   ("backup.interval-hours", ""),
  BACKUP_RETENTION  ("backup.retention-days", "90"),
  BACKUP_KEEP       ("backup.keep",        "7"),
  BACKUP_RECIPIENTS ("backup.recipients",  ""),
  JMX               ("jmx",                "true"),
  ACCESS_KEY_ID     ("access-key-id",      ""),
  SECRET_ACCESS_KEY ("secret-access-key",  ""),
  SESSION_TOKEN     ("session-token",      "");
  // spotless:on

  private final String key;
  private final String defaultValue;

  Setting(String key, String defaultValue) {
    this.key = key;
    this.defaultValue = defaultValue;
  }

  String key() {
    return key;
  }

  String defaultValue() {
    return defaultValue;
  }

  /**
   * @throws KmsException.Configuration if there is no such setting
   */
  static Setting of(String key) {
    return Arrays.stream(values())
        .filter(setting -> setting.key.equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new KmsException.Configuration(
                    "There is no setting \""
                        + key
                        + "\". There are: "
                        + Arrays.stream(values())
                            .map(Setting::key)
                            .collect(Collectors.joining(", "))
                        + ", and region.NAME for other regions.",
                    null));
  }
}
