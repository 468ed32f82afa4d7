-- SPDX-License-Identifier: Apache-2.0
-- Tags: rows of a key, which vouches for them; of a key without tags key_tag_hash is NULL, as it is
-- of all keys that there were before.

ALTER TABLE cmk ADD COLUMN key_tag_hash ${bytes};

CREATE TABLE key_tag (
  key_id      TEXT     NOT NULL REFERENCES cmk (key_id),
  tag_key     TEXT     NOT NULL,
  tag_value   TEXT     NOT NULL,
  revision    BIGINT   NOT NULL,
  mac_version BIGINT   NOT NULL,
  mac         ${bytes} NOT NULL,
  PRIMARY KEY (key_id, tag_key)
);
