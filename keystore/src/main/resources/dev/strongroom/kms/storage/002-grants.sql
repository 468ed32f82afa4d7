-- SPDX-License-Identifier: Apache-2.0
-- Grants: rows of a key, which vouches for them in parts (cmk.key_grant_hash), and the uses of those
-- that count them.

CREATE TABLE key_grant (
  key_id          TEXT     NOT NULL REFERENCES cmk (key_id),
  grant_id        TEXT     NOT NULL,
  issuing_account TEXT     NOT NULL,
  grantee         TEXT     NOT NULL,
  retiring        TEXT     NOT NULL,
  operations      TEXT     NOT NULL,
  constraint_kind TEXT     NOT NULL,
  context         ${bytes} NOT NULL,
  name            TEXT     NOT NULL,
  creation_date   BIGINT   NOT NULL,
  expiry          BIGINT,
  max_uses        BIGINT,
  revision        BIGINT   NOT NULL,
  mac_version     BIGINT   NOT NULL,
  mac             ${bytes} NOT NULL,
  PRIMARY KEY (key_id, grant_id)
);
CREATE INDEX key_grant_by_grantee ON key_grant (key_id, grantee, grant_id);
CREATE INDEX key_grant_by_retiring ON key_grant (retiring, key_id, grant_id);

CREATE TABLE grant_use (
  grant_id    TEXT     NOT NULL PRIMARY KEY,
  key_id      TEXT     NOT NULL,
  reserved    BIGINT   NOT NULL,
  revision    BIGINT   NOT NULL,
  mac_version BIGINT   NOT NULL,
  mac         ${bytes} NOT NULL
);
