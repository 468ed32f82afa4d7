-- SPDX-License-Identifier: Apache-2.0
-- Deletion: what is left of a key that was destroyed, and the latest time that the store has seen.

CREATE INDEX cmk_by_deletion ON cmk (deletion_date) WHERE deletion_date IS NOT NULL;

CREATE TABLE deleted_key (
  key_id      TEXT     NOT NULL PRIMARY KEY,
  region      TEXT     NOT NULL,
  account     TEXT     NOT NULL,
  destroyed   BIGINT   NOT NULL,
  receipt     TEXT     NOT NULL,
  recorded    BIGINT,
  revision    BIGINT   NOT NULL,
  mac_version BIGINT   NOT NULL,
  mac         ${bytes} NOT NULL
);
CREATE INDEX deleted_key_by_revision ON deleted_key (revision);
CREATE INDEX deleted_key_unrecorded ON deleted_key (destroyed) WHERE recorded IS NULL;

CREATE TABLE seen_time (
  slot        BIGINT   NOT NULL PRIMARY KEY CHECK (slot = 1),
  seen        BIGINT   NOT NULL,
  revision    BIGINT   NOT NULL,
  mac_version BIGINT   NOT NULL,
  mac         ${bytes} NOT NULL
);
