// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.databases;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Security;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.hibernate.jpa.HibernatePersistenceConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hibernate with an H2 database: what a JPA application does, and what the database holds. */
class HibernateTest {
  private static final String URL = "jdbc:h2:mem:customers;DB_CLOSE_DELAY=-1";
  private static final String CARD = "4111 1111 1111 1111";
  private static final byte[] PHOTO = "a photo of Zoë".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;
  private KmsHome home;
  private EntityManagerFactory jpa;

  @BeforeEach
  void open() throws Exception {
    home = KmsHome.in(folder.resolve("kms"));
    home.create(CmkSpec.SYMMETRIC_DEFAULT, "app");
    Security.addProvider(home.provider());
    jpa =
        new HibernatePersistenceConfiguration("customers")
            .managedClass(Customer.class)
            .property("jakarta.persistence.jdbc.url", URL)
            .property("jakarta.persistence.schema-generation.database.action", "drop-and-create")
            .createEntityManagerFactory();
    jpa.runInTransaction(
        manager -> {
          Customer customer = new Customer();
          customer.id = 1;
          customer.cardNumber = CARD;
          customer.photo = PHOTO;
          manager.persist(customer);
          Customer other = new Customer();
          other.id = 2;
          manager.persist(other);
        });
  }

  @AfterEach
  void close() throws SQLException {
    jpa.close();
    sql("shutdown");
    Security.removeProvider(home.provider().getName());
    home.close();
  }

  private static void sql(String text) throws SQLException {
    try (Connection connection = DriverManager.getConnection(URL);
        Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  private Customer find(long id) {
    return jpa.callInTransaction(manager -> manager.find(Customer.class, id));
  }

  @Test
  void anApplicationReadsWhatItWrote() {
    Customer customer = find(1);
    assertEquals(CARD, customer.cardNumber);
    assertArrayEquals(PHOTO, customer.photo);

    Customer other = find(2);
    assertNull(other.cardNumber);
    assertNull(other.photo);
  }

  @Test
  void theDatabaseHoldsNoPlaintext() throws SQLException {
    try (Connection connection = DriverManager.getConnection(URL);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("select cardNumber, photo from Customer where id = 1")) {
      assertTrue(row.next());
      String card = row.getString(1);
      assertTrue(card.matches("[A-Za-z0-9+/]{200,}=*"), card);
      assertFalse(
          new String(row.getBytes(2), StandardCharsets.UTF_8).contains("photo"), "in clear");
    }
  }

  @Test
  void aChangedValueIsRefused() throws SQLException {
    sql(
        "update Customer set cardNumber = (select substring(cardNumber from 1 for 240) || 'AAAA'"
            + " || substring(cardNumber from 245) from Customer where id = 1) where id = 2");

    PersistenceException refused = assertThrows(PersistenceException.class, () -> find(2));

    assertTrue(refused.getCause() instanceof KmsException, refused::toString);
  }
}
