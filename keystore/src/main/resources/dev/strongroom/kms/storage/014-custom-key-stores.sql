-- SPDX-License-Identifier: Apache-2.0
-- Custom key stores: tokens that customers own, and which of their keys lives in which.

ALTER TABLE cmk ADD COLUMN custom_key_store_id TEXT;
CREATE INDEX cmk_by_custom_key_store ON cmk (custom_key_store_id)
  WHERE custom_key_store_id IS NOT NULL;

CREATE TABLE custom_key_store (
  custom_key_store_id TEXT     NOT NULL PRIMARY KEY,
  account             TEXT     NOT NULL,
  store_name          TEXT     NOT NULL,
  cluster             TEXT     NOT NULL,
  connection_state    TEXT     NOT NULL,
  creation_date       BIGINT   NOT NULL,
  error_code          TEXT,
  error_message       TEXT,
  check_value         TEXT,
  revision            BIGINT   NOT NULL,
  mac_version         BIGINT   NOT NULL,
  mac                 ${bytes} NOT NULL
);
CREATE INDEX custom_key_store_by_revision ON custom_key_store (revision);
