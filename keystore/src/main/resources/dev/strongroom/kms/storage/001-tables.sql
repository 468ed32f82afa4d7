-- SPDX-License-Identifier: Apache-2.0
-- All tables of the first version. Types are filled in for the database: ${bytes} is BLOB or BYTEA.
-- Every row but those of schema_version is authenticated: revision, mac_version and mac end each.
-- Dates are nanoseconds since 1970-01-01T00:00:00Z. Columns named …_hash cover a row's own rows.

CREATE TABLE head (
  slot        BIGINT   NOT NULL PRIMARY KEY CHECK (slot = 1),
  row_count   BIGINT   NOT NULL,
  set_hash    ${bytes} NOT NULL,
  revision    BIGINT   NOT NULL,
  mac_version BIGINT   NOT NULL,
  mac         ${bytes} NOT NULL
);

CREATE TABLE domain (
  slot            BIGINT   NOT NULL PRIMARY KEY CHECK (slot = 1),
  domain_id       TEXT     NOT NULL,
  incarnation     TEXT     NOT NULL,
  domain_key_hash ${bytes} NOT NULL,
  revision        BIGINT   NOT NULL,
  mac_version     BIGINT   NOT NULL,
  mac             ${bytes} NOT NULL
);

CREATE TABLE domain_key (
  slot            BIGINT   NOT NULL REFERENCES domain (slot),
  version         BIGINT   NOT NULL,
  wrap_policy     TEXT     NOT NULL,
  sentinel        ${bytes} NOT NULL,
  check_value     ${bytes} NOT NULL,
  public_key      ${bytes} NOT NULL,
  creation_date   BIGINT   NOT NULL,
  retirement_date BIGINT,
  revision        BIGINT   NOT NULL,
  mac_version     BIGINT   NOT NULL,
  mac             ${bytes} NOT NULL,
  PRIMARY KEY (slot, version)
);

CREATE TABLE cmk (
  key_id           TEXT     NOT NULL PRIMARY KEY,
  region           TEXT     NOT NULL,
  account          TEXT     NOT NULL,
  spec             TEXT     NOT NULL,
  key_usage        TEXT     NOT NULL,
  key_state        TEXT     NOT NULL,
  origin           TEXT     NOT NULL,
  protection_level TEXT     NOT NULL,
  subkey_cache     BIGINT   NOT NULL,
  description      TEXT     NOT NULL,
  creation_date    BIGINT   NOT NULL,
  deletion_date    BIGINT,
  key_token_hash   ${bytes} NOT NULL,
  key_policy_hash  ${bytes} NOT NULL,
  alias_hash       ${bytes} NOT NULL,
  certificate_hash ${bytes} NOT NULL,
  key_grant_hash   ${bytes} NOT NULL,
  revision         BIGINT   NOT NULL,
  mac_version      BIGINT   NOT NULL,
  mac              ${bytes} NOT NULL
);
CREATE INDEX cmk_by_account ON cmk (account, key_id);
CREATE INDEX cmk_by_revision ON cmk (revision);

CREATE TABLE key_token (
  key_id        TEXT     NOT NULL REFERENCES cmk (key_id),
  generation    BIGINT   NOT NULL,
  material_id   ${bytes} NOT NULL,
  token         ${bytes} NOT NULL,
  public_key    ${bytes} NOT NULL,
  creation_date BIGINT   NOT NULL,
  revision      BIGINT   NOT NULL,
  mac_version   BIGINT   NOT NULL,
  mac           ${bytes} NOT NULL,
  PRIMARY KEY (key_id, generation)
);

CREATE TABLE key_policy (
  key_id      TEXT     NOT NULL PRIMARY KEY REFERENCES cmk (key_id),
  policy      TEXT     NOT NULL,
  revision    BIGINT   NOT NULL,
  mac_version BIGINT   NOT NULL,
  mac         ${bytes} NOT NULL
);

CREATE TABLE alias (
  account           TEXT     NOT NULL,
  name              TEXT     NOT NULL,
  key_id            TEXT     NOT NULL REFERENCES cmk (key_id),
  creation_date     BIGINT   NOT NULL,
  last_updated_date BIGINT   NOT NULL,
  revision          BIGINT   NOT NULL,
  mac_version       BIGINT   NOT NULL,
  mac               ${bytes} NOT NULL,
  PRIMARY KEY (account, name)
);
CREATE INDEX alias_by_key ON alias (key_id);

CREATE TABLE certificate (
  key_id      TEXT     NOT NULL REFERENCES cmk (key_id),
  position    BIGINT   NOT NULL,
  der         ${bytes} NOT NULL,
  revision    BIGINT   NOT NULL,
  mac_version BIGINT   NOT NULL,
  mac         ${bytes} NOT NULL,
  PRIMARY KEY (key_id, position)
);

CREATE TABLE principal (
  account              TEXT     NOT NULL,
  user_name            TEXT     NOT NULL,
  user_id              TEXT     NOT NULL,
  creation_date        BIGINT   NOT NULL,
  access_key_hash      ${bytes} NOT NULL,
  identity_policy_hash ${bytes} NOT NULL,
  revision             BIGINT   NOT NULL,
  mac_version          BIGINT   NOT NULL,
  mac                  ${bytes} NOT NULL,
  PRIMARY KEY (account, user_name)
);
CREATE INDEX principal_by_revision ON principal (revision);

CREATE TABLE access_key (
  access_key_id TEXT     NOT NULL PRIMARY KEY,
  account       TEXT     NOT NULL,
  user_name     TEXT     NOT NULL,
  verifier      ${bytes} NOT NULL,
  active        BIGINT   NOT NULL,
  creation_date BIGINT   NOT NULL,
  revision      BIGINT   NOT NULL,
  mac_version   BIGINT   NOT NULL,
  mac           ${bytes} NOT NULL,
  FOREIGN KEY (account, user_name) REFERENCES principal (account, user_name)
);
CREATE INDEX access_key_by_user ON access_key (account, user_name);

CREATE TABLE audit_stream (
  stream_id   TEXT     NOT NULL PRIMARY KEY,
  started     BIGINT   NOT NULL,
  sealed      BIGINT,
  last_state  ${bytes} NOT NULL,
  revision    BIGINT   NOT NULL,
  mac_version BIGINT   NOT NULL,
  mac         ${bytes} NOT NULL
);
