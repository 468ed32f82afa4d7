-- SPDX-License-Identifier: Apache-2.0
-- Whether an RSA key decrypts RSAES-PKCS1-v1_5: 1, or NULL for the keys that do not, which is all
-- that there were before.

ALTER TABLE cmk ADD COLUMN pkcs1_decryption BIGINT;
