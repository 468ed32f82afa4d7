-- SPDX-License-Identifier: Apache-2.0
-- What people call an account: NULL for the one that the store was made with.

ALTER TABLE account ADD COLUMN account_name TEXT;
