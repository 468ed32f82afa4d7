-- SPDX-License-Identifier: Apache-2.0
-- Approvals: what a key demands stands beside its policy; requests for approvals are roots.

ALTER TABLE key_policy ADD COLUMN approval_rule TEXT;

CREATE TABLE approval_request (
  request_id  TEXT     NOT NULL PRIMARY KEY,
  key_id      TEXT     NOT NULL,
  expires     BIGINT   NOT NULL,
  used        BIGINT,
  request     TEXT     NOT NULL,
  revision    BIGINT   NOT NULL,
  mac_version BIGINT   NOT NULL,
  mac         ${bytes} NOT NULL
);
CREATE INDEX approval_request_by_key ON approval_request (key_id, expires);
