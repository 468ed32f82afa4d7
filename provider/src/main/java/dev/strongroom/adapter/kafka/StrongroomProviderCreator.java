// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.adapter.kafka;

import dev.strongroom.jca.StrongroomProvider;
import java.security.Provider;
import java.util.Map;
import org.apache.kafka.common.security.auth.SecurityProviderCreator;
import org.jspecify.annotations.Nullable;

/**
 * Lets Kafka's brokers and clients install the provider themselves.
 *
 * <pre>
 * security.providers=dev.strongroom.adapter.kafka.StrongroomProviderCreator
 * strongroom.config=/etc/strongroom/strongroom.properties
 * ssl.keystore.type=KMS
 * ssl.keystore.location=/etc/strongroom/kafka.ks
 * ssl.keystore.password=not-used
 * </pre>
 *
 * <p>{@code strongroom.config} is optional: without it the settings are found as everywhere. The
 * keystore's location is a descriptor file, whose first line is {@code #strongroom-keystore 1}; to
 * touch the file makes Kafka load it again. Kafka insists on a password and hands it to the
 * KeyStore as an access key, {@code ACCESS_KEY_ID:SECRET}.
 *
 * <p>Kafka puts the provider first in the JVM's list, which changes nothing for the keys of others.
 * It does so once: Kafka's later clients find a provider of that name and leave it. Give settings
 * of different KMSs different {@code name}s.
 */
public final class StrongroomProviderCreator implements SecurityProviderCreator {

  /** The Kafka setting with the path of our settings. */
  public static final String CONFIG = "strongroom.config";

  private @Nullable String settings;

  /** Makes one without settings; Kafka calls this and then {@link #configure}. */
  public StrongroomProviderCreator() {}

  @Override
  public void configure(Map<String, ?> configuration) {
    Object path = configuration.get(CONFIG);
    settings = path == null ? null : path.toString();
  }

  /** Returns a new provider, which opens its KMS when it is first needed. */
  @Override
  public Provider getProvider() {
    StrongroomProvider provider = new StrongroomProvider();
    return settings == null ? provider : provider.configure(settings);
  }
}
