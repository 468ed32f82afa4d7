// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Kafka broker and its clients, each with a CMK for mutual TLS. */
@Timeout(120)
class KafkaTest {
  private static Identities identities;
  private static KafkaBroker broker;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    identities = Identities.in(folder);
    broker = KafkaBroker.start(folder, identities, Identities.RSA);
  }

  @AfterAll
  static void stop() throws Exception {
    try (Identities closing = identities) {
      broker.close();
    }
  }

  private static Map<String, Object> known() throws Exception {
    Map<String, Object> settings = stranger();
    settings.put("ssl.keystore.type", "KMS");
    settings.put("ssl.keystore.location", identities.descriptor(Identities.CLIENT).toString());
    settings.put("ssl.keystore.password", "");
    return settings;
  }

  private static Map<String, Object> stranger() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", broker.address());
    settings.put("security.protocol", "SSL");
    settings.put("ssl.truststore.type", "PKCS12");
    settings.put("ssl.truststore.location", identities.trustStore().toString());
    settings.put("ssl.truststore.password", Identities.TRUST_STORE_PASSWORD);
    settings.put("max.block.ms", 30_000);
    return settings;
  }

  private static Producer<String, String> producer(Map<String, Object> settings) {
    return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
  }

  @Test
  void clientWithACmkSendsAndReceives() throws Exception {
    try (Producer<String, String> producer = producer(known())) {
      producer.send(new ProducerRecord<>("topic", "hello")).get(60, TimeUnit.SECONDS);
    }

    TopicPartition partition = new TopicPartition("topic", 0);
    try (Consumer<String, String> consumer =
        new KafkaConsumer<>(known(), new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      List<String> received =
          consumer.poll(Duration.ofSeconds(60)).records(partition).stream()
              .map(ConsumerRecord::value)
              .toList();
      assertEquals(List.of("hello"), received);
    }
  }

  @Test
  void clientWithoutACertificateIsRefused() {
    try (Producer<String, String> producer = producer(stranger())) {
      ExecutionException refused =
          assertThrows(
              ExecutionException.class,
              () ->
                  producer.send(new ProducerRecord<>("topic", "hello")).get(60, TimeUnit.SECONDS));
      assertInstanceOf(SslAuthenticationException.class, refused.getCause());
    }
  }
}
