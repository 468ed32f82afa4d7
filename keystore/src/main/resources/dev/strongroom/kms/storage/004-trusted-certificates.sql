-- SPDX-License-Identifier: Apache-2.0
-- Certificates that KeyStores show as trusted, by account. The row of the account is written anew
-- with each change, so that other processes see that there was one, also when a row is gone.

CREATE TABLE trust_store (
  account                  TEXT     NOT NULL PRIMARY KEY,
  trusted_certificate_hash ${bytes} NOT NULL,
  revision                 BIGINT   NOT NULL,
  mac_version              BIGINT   NOT NULL,
  mac                      ${bytes} NOT NULL
);

CREATE TABLE trusted_certificate (
  account       TEXT     NOT NULL REFERENCES trust_store (account),
  name          TEXT     NOT NULL,
  der           ${bytes} NOT NULL,
  creation_date BIGINT   NOT NULL,
  revision      BIGINT   NOT NULL,
  mac_version   BIGINT   NOT NULL,
  mac           ${bytes} NOT NULL,
  PRIMARY KEY (account, name)
);
