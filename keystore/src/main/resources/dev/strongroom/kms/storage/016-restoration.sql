-- SPDX-License-Identifier: Apache-2.0
-- Backups that the store came from: each made it another incarnation of what it was.

CREATE TABLE restoration (
  incarnation TEXT     NOT NULL PRIMARY KEY,
  previous    TEXT     NOT NULL,
  restored    BIGINT   NOT NULL,
  receipt     TEXT     NOT NULL,
  recorded    BIGINT,
  revision    BIGINT   NOT NULL,
  mac_version BIGINT   NOT NULL,
  mac         ${bytes} NOT NULL
);
