-- SPDX-License-Identifier: Apache-2.0
-- How many transactions each process has committed: what tells it the outcome of one whose answer
-- was lost. Not authenticated: whoever could change it can as well undo what it tells of.

CREATE TABLE commit_outcome (
  process TEXT      NOT NULL PRIMARY KEY,
  commits BIGINT    NOT NULL,
  written TIMESTAMP NOT NULL
);
