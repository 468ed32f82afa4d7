-- SPDX-License-Identifier: Apache-2.0
-- Approvals: what an account demands for each of its keys; requests are counted by account.

CREATE TABLE approval_rule (
  account     TEXT     NOT NULL PRIMARY KEY,
  rule        TEXT     NOT NULL,
  revision    BIGINT   NOT NULL,
  mac_version BIGINT   NOT NULL,
  mac         ${bytes} NOT NULL
);

ALTER TABLE approval_request ADD COLUMN account TEXT;
CREATE INDEX approval_request_by_account ON approval_request (account, used, expires);
