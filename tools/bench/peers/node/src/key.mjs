// The secret part of a callback's URL. The item holds only its hash.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

export const newKey = () => randomBytes(32).toString("base64url");

const sha256 = (key) => createHash("sha256").update(key).digest();

export const hashOf = (key) => sha256(key).toString("base64url");

export const matches = (key, hash) => timingSafeEqual(sha256(key), Buffer.from(hash, "base64url"));
