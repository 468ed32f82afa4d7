-- SPDX-License-Identifier: Apache-2.0
-- Accounts, groups, roles and policies. What belongs to a user, group, role or managed policy is one
-- row per part: an inline policy, an attachment, the boundary, a membership, a version.

CREATE TABLE account (
  account       TEXT     NOT NULL PRIMARY KEY,
  creation_date BIGINT   NOT NULL,
  revision      BIGINT   NOT NULL,
  mac_version   BIGINT   NOT NULL,
  mac           ${bytes} NOT NULL
);
CREATE INDEX account_by_revision ON account (revision);

-- Whether identities changed is asked of the accounts, of which there are few.
DROP INDEX principal_by_revision;

CREATE TABLE identity_policy (
  account       TEXT     NOT NULL,
  user_name     TEXT     NOT NULL,
  part          TEXT     NOT NULL,
  part_name     TEXT     NOT NULL,
  document      TEXT     NOT NULL,
  creation_date BIGINT   NOT NULL,
  revision      BIGINT   NOT NULL,
  mac_version   BIGINT   NOT NULL,
  mac           ${bytes} NOT NULL,
  PRIMARY KEY (account, user_name, part, part_name),
  FOREIGN KEY (account, user_name) REFERENCES principal (account, user_name)
);
CREATE INDEX identity_policy_by_part ON identity_policy (account, part, part_name);

CREATE TABLE iam_entity (
  account          TEXT     NOT NULL,
  kind             TEXT     NOT NULL,
  entity_name      TEXT     NOT NULL,
  entity_id        TEXT     NOT NULL,
  creation_date    BIGINT   NOT NULL,
  entity_part_hash ${bytes} NOT NULL,
  revision         BIGINT   NOT NULL,
  mac_version      BIGINT   NOT NULL,
  mac              ${bytes} NOT NULL,
  PRIMARY KEY (account, kind, entity_name)
);

CREATE TABLE entity_part (
  account       TEXT     NOT NULL,
  kind          TEXT     NOT NULL,
  entity_name   TEXT     NOT NULL,
  part          TEXT     NOT NULL,
  part_name     TEXT     NOT NULL,
  document      TEXT     NOT NULL,
  creation_date BIGINT   NOT NULL,
  revision      BIGINT   NOT NULL,
  mac_version   BIGINT   NOT NULL,
  mac           ${bytes} NOT NULL,
  PRIMARY KEY (account, kind, entity_name, part, part_name),
  FOREIGN KEY (account, kind, entity_name) REFERENCES iam_entity (account, kind, entity_name)
);
CREATE INDEX entity_part_by_part ON entity_part (account, part, part_name);

CREATE TABLE access_key_use (
  access_key_id  TEXT     NOT NULL PRIMARY KEY,
  last_used_date BIGINT   NOT NULL,
  service_name   TEXT     NOT NULL,
  region         TEXT     NOT NULL,
  revision       BIGINT   NOT NULL,
  mac_version    BIGINT   NOT NULL,
  mac            ${bytes} NOT NULL
);
