#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes docs/vectors.json from docs/formats.md alone: an implementation of the formats that shares
no code with the project. Needs the package 'cryptography'. Usage: vectors.py > vectors.json"""
import base64
import hashlib
import hmac
import json
import struct

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def enc(*fields):
    out = b"\x01"
    for field in fields:
        if field is None:
            kind, value = 0, b""
        elif isinstance(field, bytes):
            kind, value = 1, field
        elif isinstance(field, str):
            kind, value = 2, field.encode()
        else:
            kind, value = 3, struct.pack(">q", field)
        out += bytes([kind]) + struct.pack(">I", len(value)) + value
    return out


def sha256(data):
    return hashlib.sha256(data).digest()


def f(key, label, context):
    data = b"\0\0\0\1" + ("strongroom/1/" + label).encode() + b"\0" + context + b"\0\0\1\0"
    return hmac.new(key, data, hashlib.sha256).digest()


def aad(pairs):
    if not pairs:
        return b""
    out = struct.pack(">H", len(pairs))
    for key, value in sorted((k.encode(), v.encode()) for k, v in pairs.items()):
        out += struct.pack(">H", len(key)) + key + struct.pack(">H", len(value)) + value
    return out


KEY_ID = bytes.fromhex("00112233445566778899aabbccddeeff")
KEY_TEXT = "00112233-4455-6677-8899-aabbccddeeff"
DOMAIN = "6f1c2d3e-4a5b-4c6d-8e7f-0123456789ab"
BACKING_KEY = bytes(range(32))
KDF = bytes(range(32, 64))
NONCE = bytes(range(64, 96))
IV = bytes.fromhex("000000000000000000000001")
SALT = bytes(range(96, 128))
CONTEXT = {"tenant": "a", "file": "1"}
PLAINTEXT = b"attack at dawn"

material = f(BACKING_KEY, "material-id", KEY_ID)
derivation = KEY_ID + material[:8] + NONCE
header = b"\x01" + derivation + f(BACKING_KEY, "blob/commit", derivation) + IV
subkey = f(BACKING_KEY, "blob/aes-256-gcm", derivation)
blob = header + AESGCM(subkey).encrypt(IV, PLAINTEXT, header + aad(CONTEXT))

DATA_KEY = bytes(range(128, 160))
FIELD_IV = bytes(range(160, 172))
BOUND_TO = b"row 7"
key_blob = header + AESGCM(subkey).encrypt(IV, DATA_KEY, header + aad(CONTEXT))
field_start = b"\x46\x01" + struct.pack(">H", len(key_blob)) + key_blob
field_context = struct.pack(">I", len(aad(CONTEXT))) + aad(CONTEXT)
field_key = f(DATA_KEY, "field", sha256(field_start + field_context))
field = field_start + FIELD_IV + AESGCM(field_key).encrypt(
    FIELD_IV, PLAINTEXT, field_start + FIELD_IV + field_context + BOUND_TO)

bound = [DOMAIN, 1, KEY_ID, material, 2, "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", "AWS_KMS",
         sha256(b""), SALT]
token_aad = enc(*bound)
body = AESGCM(f(KDF, "seal", sha256(token_aad))).encrypt(bytes(12), BACKING_KEY, token_aad)
mac = f(KDF, "token", sha256(enc(*bound, body)))
token = b"\x01\x02" + struct.pack(">I", 1) + SALT + body + mac

row = ["alias", "000000000000", "alias/app", 7, KEY_TEXT, 1, 2]
row_hash = sha256(enc(*row))

SECRET = b"secret"
SESSION = ["ASIAEXAMPLEEXAMPLE22", "000000000000", "batch", "AROAEXAMPLEEXAMPLE22", "nightly",
           '{"Version": "2012-10-17", "Statement": []}']
SESSION_ARNS = ["arn:aws:iam::000000000000:policy/limits"]
verifier = f(KDF, "access-key", sha256(enc("access-key", SESSION[0], sha256(SECRET))))
session = b"\x01" + struct.pack(">QQ", 1764396000, 1764399600) + verifier
session += b"".join(struct.pack(">H", len(t)) + t.encode() for t in SESSION)
session += bytes([len(SESSION_ARNS)])
session += b"".join(struct.pack(">H", len(t)) + t.encode() for t in SESSION_ARNS)
session += f(KDF, "session-token", sha256(enc(session)))

print(json.dumps({
    "enc": {"fields": "text leaf, bytes 0102, integer -1, absent",
            "encoded": enc("leaf", b"\1\2", -1, None).hex()},
    "context": {"pairs": CONTEXT, "aad": aad(CONTEXT).hex()},
    "blob": {"backingKey": BACKING_KEY.hex(), "keyId": KEY_TEXT, "keyMaterialId": material.hex(),
             "context": CONTEXT, "plaintext": PLAINTEXT.hex(), "blob": blob.hex()},
    "field": {"dataKey": DATA_KEY.hex(), "context": CONTEXT, "boundTo": BOUND_TO.hex(),
              "plaintext": PLAINTEXT.hex(), "message": field.hex()},
    "token": {"kdf": KDF.hex(), "domainId": DOMAIN, "domainVersion": 1, "keyId": KEY_TEXT,
              "keyMaterialId": material.hex(), "spec": "SYMMETRIC_DEFAULT",
              "usage": "ENCRYPT_DECRYPT", "origin": "AWS_KMS", "token": token.hex(),
              "backingKey": BACKING_KEY.hex()},
    "session": {"kdf": KDF.hex(), "secret": SECRET.decode(), "issued": 1764396000,
                "expires": 1764399600, "texts": SESSION, "policyArns": SESSION_ARNS,
                "token": base64.urlsafe_b64encode(session).decode().rstrip("=")},
    "row": {"kdf": KDF.hex(), "table": "alias", "account": "000000000000", "name": "alias/app",
            "revision": 7, "keyId": KEY_TEXT, "creationDate": 1, "lastUpdatedDate": 2,
            "hash": row_hash.hex(), "mac": f(KDF, "row", row_hash).hex()},
}, indent=2))
